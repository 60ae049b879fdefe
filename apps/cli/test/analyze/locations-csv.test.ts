/** `memscope analyze --csv`: the locations of all captures, exact and complete. */
import { expect, test } from 'vitest';

import { run } from '../fake-host.js';
import { hostileProfile } from '../hostile-profile.js';
import { aggregatedProfile } from '../sample-profiles.js';
import { serviceProfile } from '../service-profile.js';
import { fixtureProfile, runOn } from '../views/fixture-profiles.js';

const TITLE =
  'capture,function,file,line,module,kind,peak_bytes,peak_count,leaked_bytes,leaked_count,total_bytes,total_count,' +
  'temporary_bytes,temporary_count';

test('has a row for each source line, which add up to the totals', async () => {
  const { capture } = await fixtureProfile('mixed-v13');
  const { stdout, code } = await runOn('mixed-v13', ['analyze', '--csv']);
  const [title, ...rows] = stdout.trimEnd().split('\n');
  expect([title, code]).toEqual([TITLE, 0]);
  const sum = (column: number): number => rows.reduce((all, row) => all + Number(row.split(',')[column]), 0);
  expect([sum(6), sum(8), sum(10), sum(13)]).toEqual([
    capture.peakBytes,
    capture.leakedBytes,
    capture.bytesAllocated,
    capture.temporaryCount,
  ]);
});

test('leaves cells empty that a capture does not know, and holds the rows of several', async () => {
  const captures = { 'a.bin': serviceProfile(), 'b.bin': aggregatedProfile() };
  const { stdout } = await run(['analyze', 'a.bin', 'b.bin', '--csv', '-n', '1'], { captures });
  const [title, a, b, ...more] = stdout.trimEnd().split('\n');
  expect([title, more]).toEqual([TITLE, []]);
  expect(a).toMatch(/,\d+$/);
  expect(b).toMatch(/,\d+,,,,$/);
});

test('starts no formula and prints no control character, whatever names hold', async () => {
  const { stdout } = await run(['analyze', 'a.bin', '--csv'], { captures: { 'a.bin': hostileProfile() } });
  expect(stdout).not.toMatch(/[^\P{Cc}\n]|(^|,)"?[=+@]/mu);
});
