/** `memscope history`: runs are kept with their commits, their trend says what moved, and a gate judges by them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTrend } from '@memscope/model/history/find-trend';
import { sayTrend, type CheckDocument, type HistoryDocument, type HistoryRun } from '@memscope/model';

import { findRuns } from '../../src/history/choose-runs.js';
import { findCheckedOut, resolveCommit } from '../../src/history/git-commit.js';
import { drawHistory, drawTrend } from '../../src/history/history-lines.js';
import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder, writeCapture } from '../views/captures-on-disk.js';
import { expectValid } from '../views/document-schema.js';
import { SHOP } from '../views/view-captures.js';

const NEXT_SHOP = SHOP.replace('malloc 0x2000 2000000', 'malloc 0x2000 2600000');
const DAY = 86_400_000;

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('memscope history', { timeout: 120_000 }, () => {
  const folder = useFolder();
  const file = join(folder, 'runs.sqlite');
  let [shop, next] = ['', ''];
  const history = (...args: string[]): ReturnType<typeof runOnDisk> =>
    runOnDisk(['history', ...args, '--history', file]);

  beforeAll(async () => {
    shop = writeCapture(folder, 'shop', SHOP);
    next = writeCapture(folder, 'next', NEXT_SHOP);
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

const hasGit = ((): boolean => {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    process.stderr.write('git is not installed: what it says of a commit is not tested\n');
    return false;
  }
})();

describe('the commit of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'memscope-git-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const PATH = process.env['PATH'] ?? '';

  test.skipIf(!hasGit)('is the one that git has checked out', async () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=me', '-c', 'user.email=a@b', ...args], {
        cwd: folder,
        env: { PATH, GIT_COMMITTER_DATE: '2026-11-05T10:00:00Z' },
        encoding: 'utf8',
      });
    git('init', '--quiet', '--initial-branch=trunk');
    expect((await findCheckedOut({ PATH }, folder)).reason).toBe('the repository has no commit yet');
    git('commit', '--quiet', '--allow-empty', '-m', 'one');
    const commit = git('rev-parse', 'HEAD').trim();
    const timeMs = Date.parse('2026-11-05T10:00:00Z');
    expect(await findCheckedOut({ PATH }, folder)).toEqual({ commit, branch: 'trunk', timeMs, reason: null });
    git('tag', 'v1');
    git('commit', '--quiet', '--allow-empty', '-m', 'two');
    for (const name of ['HEAD~1', 'v1', commit.slice(0, 8)]) {
      expect(await resolveCommit(name, { PATH }, folder)).toBe(commit);
    }
    for (const name of ['--help', '-h', 'nowhere', 'HEAD:x', '$(id)', '']) {
      expect(await resolveCommit(name, { PATH }, folder)).toBeNull();
    }
    git('checkout', '--quiet', '--detach', 'v1');
    expect((await findCheckedOut({ PATH }, folder)).branch).toBeNull();
    expect((await findCheckedOut({ PATH, GITHUB_HEAD_REF: 'topic' }, folder)).branch).toBe('topic');
  });

  test('is not known where there is no git, or no repository', async () => {
    const outside = join(folder, '..');
    expect(await findCheckedOut({ PATH: '/nowhere', CI_COMMIT_BRANCH: 'main' }, outside)).toEqual({
      commit: null,
      branch: 'main',
      timeMs: null,
      reason: 'git is not installed',
    });
    if (!hasGit) return;
    const inside = join(mkdtempSync(join(tmpdir(), 'memscope-nogit-')));
    mkdirSync(join(inside, 'sub'));
    const found = await findCheckedOut({ PATH, GIT_CEILING_DIRECTORIES: tmpdir() }, join(inside, 'sub'));
    expect(found.reason).toBe('this folder is in no git repository');
    rmSync(inside, { recursive: true });
  });
});

test('a curve of a history shows bytes as a level, and fills its height from a tenth on', () => {
  const MIB = 2 ** 20;
  expect(drawTrend([2 * MIB, 2 * MIB + 16, 2 * MIB, 2 * MIB - 300], 30)).toBe('▄▄▄▄');
  expect(drawTrend([100, 105, null, 100], 30)).toBe('▂▆ ▂');
  expect(drawTrend([100, 112, 106], 30)).toBe('▁█▄');
  expect(drawTrend([100, 400, 0], 30)).toBe('▂█▁');
  expect(drawTrend([0, 0], 30)).toBe('▄▄');
});

describe('a trend', () => {
  const run = (at: number, peak: number, load: number): HistoryRun => ({
    run: at + 1,
    commit: `c${at}`,
    branch: 'main',
    timeMs: at * DAY,
    labels: {},
    repetitions: 1,
    capturePath: null,
    captures: [],
    measured: {
      runs: 1,
      together: false,
      pythonVersion: null,
      tracePythonAllocators: null,
      nativeTraces: false,
      totals: {
        peak: [peak],
        ownPeak: null,
        leaked: [0],
        total: null,
        temporary: null,
        count: null,
        rss: null,
        durationMs: [1000],
      },
      least: null,
      owners: [
        {
          kind: 'function',
          function: 'load\u001b[31m',
          file: 'app.py',
          threads: 1,
          peak: [load],
          ownPeak: null,
          leaked: [0],
          total: null,
          temporary: null,
          count: null,
        },
      ],
      rest: null,
    },
  });
  test('has the runs that a name means, to git where not to the history', async () => {
    const runs = [run(0, 1, 1), { ...run(1, 1, 1), commit: 'abcdef01' }, { ...run(2, 1, 1), branch: 'topic' }];
    const named = async (name: string): Promise<number[]> =>
      (await findRuns(runs, name, null, (each) => Promise.resolve(each === 'HEAD~1' ? 'abcdef0123456' : null))).map(
        (each) => each.run,
      );
    expect(await named('#3')).toEqual([3]);
    expect(await named('main')).toEqual([1, 2]);
    expect(await named('abcd')).toEqual([2]);
    expect(await named('HEAD~1')).toEqual([2]);
    await expect(named('nowhere')).rejects.toThrow('neither a commit nor a branch');
    await expect(findRuns(runs, 'v2', null, () => Promise.resolve('f'.repeat(40)))).rejects.toThrow(
      'v2 is ffffffffffff, of which the history has no run',
    );
  });

  const MIB = 2 ** 20;
  const series = (peaks: readonly number[]): HistoryRun[] =>
    peaks.map((peak, at) => run(at, peak * MIB, (peak - 90) * MIB));

  test('tells a step in the last run as not yet confirmed, and a spike as gone', () => {
    const level = [100, 100, 100, 100, 100, 100];
    expect(sayTrend(findTrend(series([...level, 110])))).toMatch(/^The peak grew by 10\.0 MiB .* not yet confirmed/);
    const spiked = findTrend(series([...level, 130, ...level]));
    expect(sayTrend(spiked)).toBe('Nothing moved in 13 runs');
    expect(spiked.metrics[0]!.spikes.map(({ at }) => at)).toEqual([6]);
  });

  test('tells of functions that moved while the peak stayed, and of nothing that is too small', () => {
    const quiet = findTrend(
      [0, 0, 0, 0, 0, 1, 1, 1, 1].map((more, at) => run(at, 100 * MIB + more, (10 + 3 * more) * MIB)),
    );
    expect(quiet.metrics.flatMap(({ steps }) => steps)).toEqual([]);
    expect(sayTrend(quiet)).toMatch(/^No metric moved in 9 runs, but load.* holds \+3\.00 MiB since c5$/);
  });

  test('of a hostile name does nothing to a terminal', () => {
    const trend = findTrend(series([100, 100, 100, 100, 120, 120, 120, 120]));
    const palette = { heading: String, faint: String, number: String } as never;
    const document = { history: 'h', branch: null, summary: sayTrend(trend), ...trend } as unknown as HistoryDocument;
    // eslint-disable-next-line no-control-regex
    expect(drawHistory(document, null, { width: 80, count: 5, palette }).join('\n')).not.toMatch(/\u001b/);
  });
});
