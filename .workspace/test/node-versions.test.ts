/**
 * The command line as it is installed from its packed tarball, under each Node that is supported, taken from the
 * registry: what every user does once. Skipped, loudly, only where the registry cannot be reached.
 */
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSyntheticCapture } from '../../fixtures/dist/index.js';
import { fetchNode } from '../fetched-node.mjs';
import { npmCommand, npmEnvironment } from '../npm.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const captures = join(root, 'fixtures/captures');
const majors = [22, 24, 26];
const nodes = new Map<number, string>();
let folder = '';
/** The installed package. */
let installed = '';
let isRegistryThere = false;

function npm(...words: string[]): SpawnSyncReturns<string> {
  const [command, ...before] = npmCommand();
  return spawnSync(command, [...before, ...words], { cwd: folder, env: npmEnvironment(), encoding: 'utf8' });
}

function memscope(major: number, ...words: string[]): SpawnSyncReturns<string> {
  return spawnSync(nodes.get(major)!, [join(installed, 'bin/memscope.js'), ...words], {
    cwd: folder,
    env: environment(major),
    encoding: 'utf8',
  });
}

function environment(major: number): NodeJS.ProcessEnv {
  const home = join(folder, `home-${major}`);
  mkdirSync(home, { recursive: true });
  const path = `${dirname(nodes.get(major)!)}${delimiter}${process.env['PATH'] ?? ''}`;
  return { PATH: path, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), NO_COLOR: '1' };
}

/** A capture of its own for each Node, so that each reads it. */
function copyOf(name: string, major: number): string {
  const path = join(folder, `${major}-${name}.bin`);
  if (!existsSync(path)) copyFileSync(join(captures, `${name}.bin`), path);
  return path;
}

/** Installs the packed tarball. */
function installInto(name: string): string {
  const tarball = readdirSync(folder).find((each) => each.endsWith('.tgz'))!;
  const place = join(folder, name);
  const { status, stderr } = npm('install', '--prefix', place, '--no-audit', '--no-fund', tarball);
  if (status !== 0) throw new Error(stderr);
  return place;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'memscope-node-'));
  isRegistryThere = npm('view', 'piscina', 'version').status === 0;
  if (!isRegistryThere) {
    process.stderr.write('node versions: the npm registry cannot be reached, so no Node but this one is tested\n');
    return;
  }
  for (const major of majors) nodes.set(major, await fetchNode(major));
  const pack = npm('pack', '--ignore-scripts', join(root, 'apps/cli'));
  if (pack.status !== 0) throw new Error(pack.stderr);
  installed = join(installInto('installed'), 'node_modules/memscope');
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(majors)('under Node %i, from the packed tarball', { timeout: 120_000 }, (major) => {
  test('analyze, tree, leaks and report answer', ({ skip }) => {
    if (!isRegistryThere) skip();
    const capture = copyOf('mixed-v13', major);
    const analysis = memscope(major, 'analyze', capture);
    expect(analysis).toMatchObject({ status: 0, stderr: '' });
    expect(analysis.stdout).toContain('Peak heap');
    expect(memscope(major, 'tree', capture)).toMatchObject({ status: 0, stderr: '' });
    expect(memscope(major, 'leaks', capture)).toMatchObject({ status: 0, stderr: '' });
    const report = join(folder, `${major}.html`);
    expect(memscope(major, 'report', capture, '-o', report)).toMatchObject({ status: 0 });
    expect(existsSync(report)).toBe(true);
  });

  test('a killed capture is fine, a damaged one ends with 3 and still gives a report', ({ skip }) => {
    if (!isRegistryThere) skip();
    expect(memscope(major, 'analyze', copyOf('killed-v13', major))).toMatchObject({ status: 0 });
    const damaged = join(folder, `${major}-damaged.bin`);
    const bytes = makeSyntheticCapture({ seed: 3, allocations: 20_000, live: 500 });
    writeFileSync(damaged, bytes.subarray(0, bytes.length >> 1));
    const analysis = memscope(major, 'analyze', damaged);
    expect(analysis.status).toBe(3);
    expect(analysis.stdout).toContain('Peak heap');
  });

  test('eight captures at once are read', ({ skip }) => {
    if (!isRegistryThere) skip();
    const names = ['mixed-v6', 'mixed-v7', 'mixed-v8', 'mixed-v9', 'mixed-v10', 'mixed-v11', 'mixed-v12', 'extras-v13'];
    const paths = names.map((name) => copyOf(name, major));
    expect(memscope(major, 'analyze', ...paths)).toMatchObject({ status: 0 });
    for (const path of paths) expect(existsSync(`${path}.memscope`)).toBe(true);
  });

  test('Ctrl-C ends a reading with 130 and leaves nothing behind', async ({ skip }) => {
    if (!isRegistryThere) skip();
    const own = join(folder, `large-${major}`);
    mkdirSync(own);
    const path = join(own, 'large.bin');
    writeFileSync(path, makeSyntheticCapture({ seed: 9, allocations: 2_000_000, live: 10_000 }));
    const child = spawn(nodes.get(major)!, [join(installed, 'bin/memscope.js'), 'analyze', path], {
      env: environment(major),
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    while (child.exitCode === null && !readdirSync(own).some((name) => name.endsWith('.tmp'))) {
      await new Promise((done) => setTimeout(done, 5));
    }
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(readdirSync(own)).toEqual(['large.bin']);
  });

  test('serve gives the page and an answer', async ({ skip }) => {
    if (!isRegistryThere) skip();
    const words = [join(installed, 'bin/memscope.js'), 'serve', copyOf('mixed-v13', major), '--port', '0'];
    const child = spawn(nodes.get(major)!, words, { env: environment(major), stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      let words = '';
      const address = await new Promise<string>((found, failed) => {
        const take = (text: string): void => {
          words += text;
          const address = /http:\/\/\S+/.exec(words)?.[0];
          if (address !== undefined) found(address);
        };
        child.stdout.setEncoding('utf8').on('data', take);
        child.stderr.setEncoding('utf8').on('data', take);
        child.once('exit', () => failed(new Error(`serve ended: ${words}`)));
      });
      const page = await fetch(address);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<title>memscope');
      const runs = await fetch(new URL('/api/runs', address));
      expect(runs.status).toBe(200);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  test('thirty threads end with a profile open, however they end', ({ skip }) => {
    if (!isRegistryThere) skip();
    const capture = copyOf('mixed-v13', major);
    expect(memscope(major, 'analyze', capture)).toMatchObject({ status: 0 });
    const script = fileURLToPath(new URL('profiles-in-threads.mjs', import.meta.url));
    const store = pathToFileURL(join(root, 'packages/store/dist/index.js')).href;
    const ended = spawnSync(nodes.get(major)!, [script, store, `${capture}.memscope`], { encoding: 'utf8' });
    expect({ status: ended.status, stdout: ended.stdout }).toEqual({
      status: 0,
      stdout: '{"closed":10,"stopped":10,"thrown":10}',
    });
  });
});

test('npx and a global installation of the packed tarball judge alike', { timeout: 120_000 }, ({ skip }) => {
  if (!isRegistryThere) skip();
  const tarball = join(
    folder,
    readdirSync(folder).find((each) => each.endsWith('.tgz'))!,
  );
  const prefix = join(folder, 'global');
  mkdirSync(prefix);
  expect(npm('install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', tarball).status).toBe(0);
  const judged = ['check', copyOf('mixed-v13', 24), '--rule', 'each function: peak <= 1 KiB', '--explain'];
  const installedOnce = spawnSync(join(prefix, 'bin/memscope'), judged, {
    cwd: folder,
    env: environment(24),
    encoding: 'utf8',
  });
  expect(installedOnce).toMatchObject({ status: 1, stderr: '', stdout: expect.stringMatching(/^FAIL: /) as string });
  const fetched = npm('exec', '--yes', `--package=${tarball}`, '--', 'memscope', ...judged);
  expect([fetched.status, fetched.stdout]).toEqual([1, installedOnce.stdout]);
});

describe('where memscope cannot run', () => {
  test('an installation without its SQLite, or a damaged one, is said in one line with what to do', ({ skip }) => {
    if (!isRegistryThere) skip();
    const copy = installInto('broken');
    const sqlite = join(copy, 'node_modules/better-sqlite3');
    const prebuilds = join(sqlite, 'prebuilds');
    const capture = copyOf('fork-v8', 24);
    const main = join(copy, 'node_modules/memscope/bin/memscope.js');
    const refused = (command: string): string => {
      const parameters = [main, command, capture];
      const ended = spawnSync(nodes.get(24)!, parameters, { encoding: 'utf8', env: environment(24), timeout: 30_000 });
      expect({ status: ended.status, stdout: ended.stdout }).toEqual({ status: 3, stdout: '' });
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
      return ended.stderr;
    };
    const broken = /SQLite is missing or damaged \(.+\); install memscope again/;
    for (const name of readdirSync(prebuilds)) writeFileSync(join(prebuilds, name), 'not for this machine');
    expect(refused('analyze')).toMatch(broken);
    expect(refused('serve')).toMatch(broken);
    rmSync(prebuilds, { recursive: true });
    expect(refused('analyze')).toMatch(broken);
    expect(refused('serve')).toMatch(broken);
    rmSync(sqlite, { recursive: true });
    expect(refused('analyze')).toMatch(/its package better-sqlite3 is missing.*install memscope again/);
  });

  test('an older Node is refused in one line before anything else is loaded', ({ skip }) => {
    if (!isRegistryThere) skip();
    const bin = join(installed, 'bin/memscope.js');
    const script = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' }); import(${JSON.stringify(pathToFileURL(bin).href)});`;
    const ended = spawnSync(nodes.get(24)!, ['-e', script], { encoding: 'utf8' });
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^memscope needs Node 22\.16 or newer, and this is 20\.20\.2 .*install Node 24.*\n$/);
  });
});
