/** Which commit and branch a run is of, as git and the variables of a CI service say. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { findCheckedOut, resolveCommit } from '../../src/history/git-commit.js';

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
