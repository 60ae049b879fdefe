/**
 * The folder where a command runs → the commit that is checked out there, its branch and when it was made, as git has it.
 * What git does not say is null, and why stands beside it. CI systems check out commits without a branch: its name is in
 * their environment then.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface CheckedOut {
  readonly commit: string | null;
  readonly branch: string | null;
  /** Milliseconds since the epoch: when it was committed. */
  readonly timeMs: number | null;
  /** Why there is no commit; null where there is one. */
  readonly reason: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Of pull requests the branch they come from; then GitHub, GitLab, Bitbucket, Azure, Jenkins. */
const BRANCH_VARIABLES = [
  'GITHUB_HEAD_REF',
  'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME',
  'GITHUB_REF_NAME',
  'CI_COMMIT_BRANCH',
  'BITBUCKET_BRANCH',
  'BUILD_SOURCEBRANCHNAME',
  'BRANCH_NAME',
] as const;

const PATIENCE_MS = 10_000;

async function git(args: readonly string[], env: Environment, folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd: folder, env, timeout: PATIENCE_MS });
  return stdout.trim();
}

const COMMIT = /^[0-9a-f]{40,64}$/;

/** The commit that git means by a name as `HEAD~1`, a tag, a branch or the beginning of a hash; null: none. */
export async function resolveCommit(name: string, env: Environment, folder = process.cwd()): Promise<string | null> {
  // It would be an option.
  if (name.startsWith('-')) return null;
  const commit = await git(['rev-parse', '--verify', '--quiet', `${name}^{commit}`], env, folder).catch(() => '');
  return COMMIT.test(commit) ? commit : null;
}

export async function findCheckedOut(env: Environment, folder = process.cwd()): Promise<CheckedOut> {
  const named = BRANCH_VARIABLES.map((name) => env[name]).find((value) => value !== undefined && value !== '');
  const nothing = { commit: null, branch: named ?? null, timeMs: null };
  try {
    const shown = await git(['show', '--no-patch', '--format=%H %ct', 'HEAD'], env, folder);
    const [commit = '', seconds = ''] = shown.split(' ');
    if (!COMMIT.test(commit)) return { ...nothing, reason: 'git names no commit' };
    const branch = await git(['symbolic-ref', '--quiet', '--short', 'HEAD'], env, folder).catch(() => '');
    return { commit, branch: branch === '' ? nothing.branch : branch, timeMs: Number(seconds) * 1000, reason: null };
  } catch (error) {
    return { ...nothing, reason: sayFault(error) };
  }
}

function sayFault(error: unknown): string {
  if (!(error instanceof Error)) return 'git failed';
  if ('code' in error && error.code === 'ENOENT') return 'git is not installed';
  const said = 'stderr' in error ? String(error.stderr) : error.message;
  if (/not a git repository/i.test(said)) return 'this folder is in no git repository';
  if (/unknown revision|bad revision|does not have any commits/i.test(said)) return 'the repository has no commit yet';
  return `git failed: ${said.trim().split('\n')[0] ?? ''}`;
}
