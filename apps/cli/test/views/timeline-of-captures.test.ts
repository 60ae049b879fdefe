/** `memscope timeline` as built, on real captures: what it prints is what the profile holds, and ends with its totals. */
import { describe, expect, test } from 'vitest';
import { copyCapture, findCapture, readOracle } from '@memscope/fixtures';
import { openProfile } from '@memscope/store';

import { isBuilt, run, scratchFolder } from '../built-cli.js';
import { expectValid } from './document-schema.js';

interface Document {
  readonly profilePath: string;
  readonly peak: { readonly bytes: number };
  readonly steps: { readonly heapBytes: readonly number[]; readonly peakBytes: readonly number[] | null };
  readonly tail: { readonly heapBytes: number | null; readonly peakBytes: number | null };
}

describe.skipIf(!isBuilt())('the timeline', () => {
  test.each(['pandas-v13', 'killed-v13', 'mixed-native-v13', 'mixed-v7', 'mixed-agg-v13'])('of %s', async (name) => {
    const capture = copyCapture(scratchFolder(), name, 'capture.bin');

    const json = await run(['timeline', capture, '--json']);
    expect(json.code).toBe(0);
    const document = JSON.parse(json.stdout) as Document;
    expectValid('timeline-1', document);

    const { peak_memory: peakBytes } = readOracle(findCapture(name).path).metadata;
    expect(document.peak.bytes).toBe(peakBytes);
    const { steps, tail } = document;
    if (steps.peakBytes === null) expect([name, tail.peakBytes]).toEqual(['mixed-agg-v13', null]);
    else expect(Math.max(...steps.peakBytes, tail.peakBytes ?? 0)).toBe(peakBytes);

    const profile = openProfile(document.profilePath);
    const ticks = profile.ticks();
    if (tail.heapBytes !== null) expect(tail.heapBytes).toBe(profile.capture.leakedBytes);
    profile.close();
    expect(steps.heapBytes).toEqual([...ticks.heapBytes]);

    const csv = await run(['timeline', document.profilePath, '--csv']);
    const rows = csv.stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(rows.map(([ms, , , rss, heap, highest]) => [Number(ms), Number(rss), Number(heap), highest])).toEqual(
      Array.from(ticks.timeMs, (ms, tick) => [
        ms,
        ticks.rssBytes[tick],
        ticks.heapBytes[tick],
        ticks.peakBytes === null ? '' : String(ticks.peakBytes[tick]),
      ]),
    );
  });
});
