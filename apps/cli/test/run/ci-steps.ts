/**
 * Runs a job of GitHub Actions as apps/docs/ci.md has it: its scripts in bash, the action of this repository, and checkouts
 * that copy a project. Steps that only set a machine up do nothing; a step of another kind is an error.
 */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

import { MAIN } from '../built-cli.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const ACTION = '.github/actions/memscope-check';

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** The jobs of all workflows in the document, by name. */
export function documentedJobs(): Readonly<Record<string, readonly Step[]>> {
  const text = readFileSync(join(ROOT, 'apps/docs/ci.md'), 'utf8');
  const workflows = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml]) => parse(yaml!) as Workflow);
  return Object.fromEntries(
    workflows.flatMap(({ jobs }) => Object.entries(jobs).map(([name, { steps }]) => [name, steps])),
  );
}

export function gitlabScript(): readonly string[] {
  const text = readFileSync(join(ROOT, 'apps/docs/memscope.gitlab-ci.yml'), 'utf8');
  return (parse(text) as Record<string, { readonly script: readonly string[] }>)['.memscope-check']!.script;
}

export interface Job {
  /** Empty to begin with. */
  readonly workspace: string;
  /** Folders of the project as it was, and as it is. */
  readonly base: string;
  readonly head: string;
  /** Come before all others. */
  readonly programs: string;
}

export interface JobEnd {
  /** Of the step that ended it. */
  readonly code: number;
  readonly lastStep: string;
  readonly output: string;
  readonly summary: string;
  /** What the action put out. */
  readonly outputs: string;
}

export async function runJob(steps: readonly Step[], job: Job): Promise<JobEnd> {
  const runner = join(job.workspace, '..', 'runner');
  mkdirSync(runner, { recursive: true });
  const env = { GITHUB_STEP_SUMMARY: join(runner, 'summary.md'), GITHUB_OUTPUT: join(runner, 'output') };
  let output = '';
  const ended = (code: number, lastStep: string): JobEnd => ({
    code,
    lastStep,
    output,
    summary: existsSync(env.GITHUB_STEP_SUMMARY) ? readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8') : '',
    outputs: existsSync(env.GITHUB_OUTPUT) ? readFileSync(env.GITHUB_OUTPUT, 'utf8') : '',
  });
  for (const step of steps.flatMap((each) => (each.uses === `./${ACTION}` ? stepsOfAction(each.with ?? {}) : [each]))) {
    const label = step.name ?? step.uses ?? step.run ?? '';
    if (step.uses !== undefined) {
      if (step.uses.startsWith('actions/checkout@')) checkOut(step.with?.['path'], job);
      else if (!/^actions\/setup-(?:python|node)@/.test(step.uses)) throw new Error(`what does ${step.uses} do?`);
      continue;
    }
    const cwd = join(job.workspace, step['working-directory'] ?? '.');
    const { code, said } = await runScript(step.run!, cwd, job.programs, { ...env, ...step.env });
    output += said;
    if (code !== 0) return ended(code, label);
  }
  return ended(0, '');
}

/** With `path` the state of the target branch. */
function checkOut(path: string | undefined, { workspace, base, head }: Job): void {
  if (path === undefined) cpSync(head, workspace, { recursive: true });
  else cpSync(base, join(workspace, path), { recursive: true });
}

/** As the runner does: `${{ inputs.NAME }}` in its environment, and defaults. */
function stepsOfAction(given: Readonly<Record<string, string>>): Step[] {
  const { inputs, runs } = parse(readFileSync(join(ROOT, ACTION, 'action.yml'), 'utf8')) as Action;
  for (const name of Object.keys(given))
    if (inputs[name] === undefined) throw new Error(`the action has no input ${name}`);
  const valueOf = (name: string): string => {
    const value = given[name] ?? inputs[name]?.default;
    if (value === undefined) throw new Error(`the action needs ${name}`);
    return value;
  };
  return runs.steps.map((step) => {
    if (step.run?.includes('${{') === true) throw new Error('an input in a script is code');
    const env = Object.entries(step.env ?? {}).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input: string) => valueOf(input)),
    ]);
    return { ...step, env: Object.fromEntries(env) as Record<string, string> };
  });
}

/** By the shell and the options of GitHub's runner. */
export function runScript(
  script: string,
  cwd: string,
  programs: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly said: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd,
    env: { PATH: `${programs}:${process.env['PATH']}`, HOME: cwd, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, said }));
  });
}

/** A folder of programs: the built memscope, an `npx` that runs it, whatever version is asked for, and an `npm` that has installed it. */
export function writePrograms(folder: string): void {
  const program = (name: string, script: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const memscope = `exec "${process.execPath}" "${MAIN}" "$@"`;
  program('memscope', memscope);
  program('npm', 'test "$*" = "install --global memscope"');
  program(
    'npx',
    `case "$1 $2" in "--yes memscope"|"--yes memscope@latest") ;; *) exit 64;; esac\nshift 2\n${memscope}`,
  );
}
