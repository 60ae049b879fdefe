/** Which recordings are of children of a fork, and what is said of one in which more was freed than allocated. */
import { expect, test } from 'vitest';

import { limitationsOf } from '../src/analysis/limitations.js';
import { attachedSentence, isFollowedChild, type CaptureRow } from '../src/index.js';
import { sourceOf, ticksFrom } from './finding-source.js';

const RUN = '/usr/bin/memray run -q -o a.bin app.py';
const FOLLOWED = '/usr/lib/memray/__main__.py run --follow-fork -o a.bin app.py';

test.each([
  ['a.bin.7', 7, FOLLOWED, true],
  ['a.bin.7', 7, 'app.py', true],
  ['a.bin.7', 7, RUN, false],
  ['a.bin.7', 8, FOLLOWED, false],
  ['a.bin', 7, FOLLOWED, false],
  ['a.bin.7', 7, null, true],
])('%s of process %s, %s: a child that was followed: %s', (path, pid, commandLine, isChild) => {
  expect(isFollowedChild({ path, pid, commandLine })).toBe(isChild);
});

const ticks = ticksFrom('0 10 1\n10 10 1');

function said(capture: Partial<CaptureRow>): readonly (string | null)[] {
  const { capture: row, notes } = sourceOf({ ticks, capture: { allocations: 1000, deallocations: 1900, ...capture } });
  const told = limitationsOf(row, notes, ticks).find((text) => text.startsWith('More was freed')) ?? null;
  return [attachedSentence(row) === null ? null : 'attached', told?.replace(/^.*?\): /, '') ?? null];
}

test('more freed than allocated is of threads that end, where a program was recorded from its first line on', () => {
  const ofThreads = [null, 'threads that end free what the profiler did not record, a block or two each.'];
  const ofBefore = ['attached', expect.stringContaining('What lived before is not in it.')];
  expect(said({ commandLine: RUN, path: '/a.bin' })).toEqual(ofThreads);
  expect(said({ commandLine: 'server.py 8080', path: '/a.bin' })).toEqual(ofBefore);
  expect(said({ commandLine: FOLLOWED, path: '/a.bin.7', pid: 7 })).toEqual(ofBefore);
  expect(said({ commandLine: 'server.py 8080', deallocations: 900 })).toEqual([null, null]);
});
