/** A report takes lines of source along: those that stacks mention, of files in the folders that were named, and no others. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceFinder } from '@memscope/store';
import { packProfile, unpackProfile, WHOLE_VIEW } from '@memscope/model';
import { answerFlame, answerSource, cacheProfile } from '@memscope/query';
import { expect, test } from 'vitest';

import { makeReport } from '../../src/report/report-command.js';
import { takeSourceLines } from '../../src/report/take-source-lines.js';
import { runOf } from '../../src/views/query-host.js';
import { useFolder } from '../views/captures-on-disk.js';
import { fixtureProfile } from '../views/fixture-profiles.js';

const folder = useFolder();
const LINES = Array.from({ length: 80 }, (_, at) => `line_${at + 1} = "</script>"   `);

test('lines of files in a named folder are taken along with the profile, without what is behind them', async () => {
  const sources = join(folder, 'sources');
  mkdirSync(sources);
  writeFileSync(join(sources, 'mixed.py'), LINES.join('\n'));
  writeFileSync(join(folder, 'threading.py'), LINES.join('\n').repeat(50));
  const profile = cacheProfile(await fixtureProfile('mixed-v13'));
  const { frames } = profile.stackTables();
  const lines = takeSourceLines(profile, new SourceFinder([sources])).sourceLines();
  expect([...lines.keys()].map((file) => file.split('/').at(-1))).toEqual(['mixed.py']);
  const [texts] = lines.values();
  const mentioned = new Set(
    Array.from(frames.line).filter((_, frame) => frames.file[frame]?.endsWith('mixed.py') === true),
  );
  expect(new Set(texts!.keys())).toEqual(mentioned);
  for (const [line, text] of texts!) expect(text).toBe(LINES[line - 1]!.trimEnd());

  const packed = packProfile({ ...profile, sourceLines: () => lines }, { sites: 1e6, lifetimes: 1e6 });
  const run = runOf([unpackProfile(JSON.parse(JSON.stringify(packed.packed)) as typeof packed.packed)]);
  const flame = answerFlame(run, {
    route: 'flame',
    view: WHOLE_VIEW,
    inverted: false,
    transforms: [],
    root: 0,
    width: 1000,
  });
  expect(flame.head.labels.some(({ source }) => source?.startsWith('line_') === true)).toBe(true);
  const name = flame.head.labels.find(({ file }) => file?.endsWith('mixed.py') === true)!.function!;
  const { lines: found } = answerSource(run, { route: 'source', view: WHOLE_VIEW, function: name }, null);
  expect(found.every(({ text }) => text?.startsWith('line_') === true)).toBe(true);
  profile.close();
});

test('whoever makes a report is told how many lines it takes along', async () => {
  const profile = await fixtureProfile('mixed-v13');
  const linesFrom = async (place: string): Promise<number> => {
    mkdirSync(place, { recursive: true });
    let told = -1;
    const parts = { script: '', style: '', icon: '' };
    const request = {
      view: WHOLE_VIEW,
      parts,
      sources: new SourceFinder([place]),
      onLines: (lines: number) => (told = lines),
    };
    await makeReport({ head: [profile], base: [] }, request, new AbortController().signal);
    return told;
  };
  expect(await linesFrom(join(folder, 'sources'))).toBeGreaterThan(5);
  expect(await linesFrom(join(folder, 'empty'))).toBe(0);
  profile.close();
});
