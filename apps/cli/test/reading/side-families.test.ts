/** Which runs of a side are processes of one run, and what is said of those that are not named. */
import { linkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Profile } from '@memscope/model';

import { refuseFamily, remarkOnSides } from '../../src/reading/side-families.js';
import { useFolder } from '../views/captures-on-disk.js';

function recorded(path: string, pid: number, children: readonly string[] = [], options = ' --follow-fork'): Profile {
  const capture = { path, pid, commandLine: `/memray/__main__.py run${options} app.py` };
  return { path: `${path}.memscope`, capture, children: () => children } as unknown as Profile;
}

describe('runs of a side', () => {
  test.each([
    ['a parent and its child', [recorded('/a/run.bin', 1), recorded('/a/run.bin.7', 7)]],
    ['a child and its parent', [recorded('/a/run.bin.7', 7), recorded('/a/run.bin', 1)]],
    ['two children', [recorded('/a/run.bin.7', 7), recorded('/a/run.bin.8', 8)]],
  ])('are no repetitions where they are %s', (_, side) => {
    expect(() => refuseFamily('check', side)).toThrow(/check: .* are processes of one run.*--together adds them up/);
  });

  test.each([
    ['of other runs', [recorded('/a/run.bin', 1), recorded('/b/run.bin.7', 7)]],
    ['numbered by hand', [recorded('/a/run.bin', 1), recorded('/a/run.bin.2', 70), recorded('/a/run.bin.3', 71)]],
    ['of processes that were not followed', [recorded('/a/run.bin', 1, [], ''), recorded('/a/run.bin.7', 7, [], '')]],
  ])('may be repetitions where they are %s', (_, side) => {
    expect(() => refuseFamily('check', side)).not.toThrow();
  });
});

describe('what is said of two sides', () => {
  const folder = useFolder();
  const file = (name: string): string => {
    writeFileSync(join(folder, name), name);
    return join(folder, name);
  };

  test('names the command that takes processes beside a run, unless all are named', () => {
    const parent = recorded('/a/run.bin', 1, ['run.bin.7', 'run.bin.8.memscope']);
    const [seven, eight] = [recorded('/a/run.bin.7', 7), recorded('/a/run.bin.8', 8)];
    const base = [recorded('/b/old.bin', 1)];
    // The captures are gone: their profiles are what can be named.
    expect(remarkOnSides({ base, head: [parent] }, { together: false })).toEqual([
      'head: 2 other processes of the run of /a/run.bin.memscope lie beside it, not counted; with all: ' +
        '/a/run.bin.memscope /a/run.bin.[0-9]* --together',
    ]);
    expect(remarkOnSides({ base, head: [parent, seven] }, { together: true })).toEqual([
      expect.stringMatching(/^head: 1 other process of the run of \/a\/run.bin.memscope lies beside it/),
    ]);
    expect(remarkOnSides({ base, head: [parent, seven, eight] }, { together: true })).toEqual([]);
  });

  test('tells where both are one file, by whatever name', () => {
    const [one, other] = [recorded(file('one.bin'), 1), recorded(file('other.bin'), 2)];
    linkSync(one.capture.path, join(folder, 'again.bin'));
    const again = recorded(join(folder, 'again.bin'), 1);
    const say = (base: Profile[], head: Profile[], together = false): string[] =>
      remarkOnSides({ base, head }, { together });
    expect(say([one], [again])).toEqual(['Both sides are the same file: nothing can differ.']);
    expect(say([one, other], [other, again], true)).toEqual(['Both sides are the same files: nothing can differ.']);
    expect(say([one], [other])).toEqual([]);
    // The capture was written over since.
    expect(say([one], [recorded(one.capture.path, 3)])).toEqual([]);
    expect(say([one], [one, other])).toEqual([expect.stringMatching(/^Both sides have .*one\.bin\.$/)]);
    expect(say([one], [one, other], true)).toEqual([]);
    expect(remarkOnSides({ base: [one], head: [one] }, { together: false, isOfWindows: true })).toEqual([]);
  });
});
