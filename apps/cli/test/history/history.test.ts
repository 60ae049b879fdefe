/** `memscope history`: runs are kept with their commits, their trend says what moved, and a gate judges by them. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CheckDocument, HistoryDocument } from '@memscope/model';

import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';
import { LARGER_SHOP, SHOP } from '../views/view-captures.js';

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope history', { timeout: 120_000 }, () => {
  const folder = useFolder();
  const file = join(folder, 'runs.sqlite');
  let [shop, next] = ['', ''];
  const history = (...args: string[]): ReturnType<typeof runOnDisk> =>
    runOnDisk(['history', ...args, '--history', file]);

  beforeAll(async () => {
    shop = writeCapture(folder, 'shop', SHOP);
    next = writeCapture(folder, 'next', LARGER_SHOP);
    for (const [at, capture] of [shop, shop, shop, shop, next, next].entries()) {
      const time = `2026-11-0${at + 1}`;
      const args = ['add', capture, '--commit', `${at}abcdef`, '--branch', 'main', '--time', time];
      const { code, stdout } = await history(...args);
      if (code !== 0 || !stdout.includes(`added as run ${at + 1}`)) throw new Error(stdout);
    }
    await history('add', shop, next, '--commit', 'f00d', '--branch', 'topic', '--label', 'os=linux');
  }, 60_000);

  test('says which commit moved a metric, and which function', async () => {
    const { code, stdout } = await history('show', '--branch', 'main');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The peak grew by 586 KiB \(\+5\.6%\) at 4abcdef and stayed: load \+586 KiB\.\n/);
    expect(stdout).toMatch(/\n {2}peak {2,}▂▂▂▂▆+ /);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(80, file.length + 60));
    const json = JSON.parse((await history('show', '--branch', 'main', '--json')).stdout) as HistoryDocument;
    expectValid('history-1', json);
    expect(json.runs.map(({ commit }) => commit?.[0])).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(json.metrics.find(({ measure }) => measure === 'peak')!.steps.map(({ at }) => at)).toEqual([4]);
  });

  test.each([
    ['topic', /1 run of topic \(which is checked out; --branch shows another\), /],
    ['other', /6 runs of main \(the main branch, since other, which is checked out, has no runs\), /],
    ['', /6 runs of main \(the main branch, since no branch is checked out\), /],
  ])(
    'shows the branch that is checked out (%j) if it has runs, else the main one, and says why',
    async (branch, said) => {
      const env = { PATH: '/nowhere', GITHUB_REF_NAME: branch };
      const { code, stdout } = await runOnDisk(['history', 'show', '--history', file], { env });
      expect([code, stdout.replaceAll(/\s+/g, ' ')]).toEqual([0, expect.stringMatching(said)]);
      const gate = await runOnDisk(['check', shop, '--baseline', 'history', '--history', file, '--last', '2'], { env });
      expect(gate.stdout.replaceAll(/\s+/g, ' ')).toContain(
        'Judged by runs of main, the main branch; --branch names another.',
      );
    },
  );

  test('takes the same recordings of a commit once', async () => {
    const args = ['add', shop, '--commit', '0abcdef', '--branch', 'main', '--time', '2026-11-01'];
    expect((await history(...args)).stdout).toContain('these recordings are run 1 already');
  });

  test('compares commits, numbers and branches', async () => {
    const { code, stdout } = await history('compare', '0abc', '5abc');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^The peak grew by 586 KiB .*\bload\b/)]);
    expect((await history('compare', '#1', '#2')).stdout).toContain('The peak is the same on both sides');
    expect((await history('compare', 'main', 'topic', '--last', '1')).code).toBe(0);
    expect((await history('compare', '0abc', 'nowhere')).code).toBe(2);
  });

  test('is a baseline: the last runs of a branch', async () => {
    const check = async (...args: string[]): Promise<CheckDocument & { code: number }> => {
      const { code, stdout } = await runOnDisk([
        'check',
        ...args,
        '--baseline',
        'history',
        '--history',
        file,
        '--json',
      ]);
      return { ...(JSON.parse(stdout) as CheckDocument), code };
    };
    expect((await check(shop, '--last', '2')).code).toBe(0);
    const against = await check(next, '--last', '6');
    // The last two are the very recording that is judged.
    expect([against.code, against.base.length]).toEqual([1, 4]);
    expect(against.notes[0]).toMatch(
      /^Left out of the history, since it is what is judged: 4abcdef \(#5\), 5abcdef \(#6\)\.$/,
    );
    expect(against.rules[0]!.functions[0]!.name).toBe('load');
    const alone = await runOnDisk(['check', next, '--baseline', 'history', '--history', file, '--last', '1']);
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('nothing to compare with')]);
    const unknown = await runOnDisk(['check', next, '--baseline', 'history', '--history', file, '--branch', 'none']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('it has runs of main, topic')]);
    const missing = await runOnDisk(['check', next, '--baseline', 'history', '--history', `${file}.gone`]);
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('no such history')]);
  });

  test('of what is no file says so, and takes an empty branch or commit as none', async () => {
    for (const action of [['show'], ['add', shop]]) {
      const { code, stderr } = await runOnDisk(['history', ...action, '--history', folder]);
      expect([code, stderr]).toEqual([3, expect.stringContaining('is a folder; name a file')]);
    }
    const nowhere = await runOnDisk(['history', 'add', shop, '--history', join(folder, 'none', 'x.sqlite')]);
    expect(nowhere.stderr).toContain('--history FILE');
    const other = join(folder, 'empty.sqlite');
    await runOnDisk(['history', 'add', shop, '--history', other, '--branch', '', '--commit', ''], { env: {} });
    const { branch, runs } = JSON.parse(
      (await runOnDisk(['history', 'show', '--json', '--history', other])).stdout,
    ) as HistoryDocument;
    expect([branch, runs[0]!.commit, runs[0]!.branch]).not.toContain('');
  });

  test('takes labels that have a value alone', async () => {
    const { code, stderr } = await runOnDisk([
      'history',
      'add',
      shop,
      '--label',
      'bad',
      '--history',
      join(folder, 'l.sqlite'),
    ]);
    expect([code, stderr]).toEqual([2, 'memscope: --label bad: a label is written as NAME=VALUE\n']);
  });

  test('of hostile commits, branches and labels does nothing to a terminal', async () => {
    const other = join(folder, 'hostile.sqlite');
    const evil = '\u001b[31m\u202e\n::error::x\r%0A__proto__';
    const named = ['--commit', evil, '--branch', evil, '--label', `__proto__=${evil}`, '--history', other];
    const outputs = [await runOnDisk(['history', 'add', shop, ...named])];
    outputs.push(await runOnDisk(['history', 'add', next, ...named]));
    for (const args of [
      ['history', 'show', '--history', other],
      ['history', 'compare', '#1', '#2', '--history', other],
      ['history', 'compare', '#1', 'x', '--history', other],
      ['check', next, '--baseline', 'history', '--history', other, '--markdown'],
      ['check', next, '--baseline', 'history', '--history', other, '--branch', 'x'],
    ]) {
      outputs.push(await runOnDisk(args));
    }
    for (const { code, stdout, stderr } of outputs) {
      expect(code).not.toBe(4);
      // eslint-disable-next-line no-control-regex
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^::/mu);
    }
  });

  test('is pruned only where that is said', async () => {
    expect((await history('prune')).code).toBe(2);
    expect((await history('prune', '--keep', '3', '--dry-run')).stdout).toContain('would remove 3 runs, 4 left');
    expect((await history('show', '--branch', 'main', '--last', '2')).stdout).toContain('2 runs of main');
  });
});
