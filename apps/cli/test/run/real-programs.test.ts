/** Real programs under real memray: `memscope run`, and every step of the recipes for CI. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, type TestContext } from 'vitest';

import { isBuilt, MAIN, run, start, startProcess, type Finished } from '../built-cli.js';
import { faultsOfJunit } from '../check/junit-schema.js';
import { documentedJobs, gitlabScript, runJob, runScript, writePrograms, type JobEnd } from './ci-steps.js';
import { memrayPrograms } from './memray-environment.js';

const APP = `
import os, sys, time
keep = []
def load(n):
    keep.append(bytes(n))
def main():
    for _ in range(10):
        load(SIZE)
    print("done", *sys.argv[1:], flush=True)
main()
`;

const TESTS = `
import pytest
@pytest.mark.parametrize("size", [1000, SIZE])
def test_load(size):
    assert len(bytes(size)) == size
def test_other():
    assert len(bytes(3_000_000))
@pytest.mark.xfail
def test_raises():
    assert not bytes(SIZE)
`;

/** Keeps some of each request where KEEPS is true. */
const SERVICE = `
import http.server, sys
kept = []
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        page = bytes(20_000)
        if KEEPS: kept.append(page)
        self.send_response(200); self.end_headers(); self.wfile.write(page)
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer.allow_reuse_address = True
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
try: server.serve_forever()
except KeyboardInterrupt: pass
`;

const LOAD = `
import sys, time, urllib.request
url = "http://127.0.0.1:" + sys.argv[2]
for _ in range(200):
    try: urllib.request.urlopen(url); break
    except OSError: time.sleep(0.1)
for _ in range(900): urllib.request.urlopen(url).read()
`;

const folder = mkdtempSync(join(tmpdir(), 'memscope-real-'));
let programs: string | null = null;
let projects = 0;

beforeAll(async () => {
  if (!isBuilt()) return;
  const python = await memrayPrograms();
  if (python === null) return;
  const shims = join(folder, 'shims');
  mkdirSync(shims);
  writePrograms(shims);
  programs = `${shims}:${python}`;
}, 400_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach((context: TestContext) => {
  if (programs === null) context.skip();
});

/** A project of its own for each test. */
function project(size: number, keeps = false): string {
  const path = join(folder, `project-${projects++}`);
  mkdirSync(join(path, 'tests'), { recursive: true });
  writeFileSync(join(path, 'app.py'), APP.replace('SIZE', `${size}`));
  writeFileSync(join(path, 'tests/test_load.py'), TESTS.replaceAll('SIZE', `${size}`));
  writeFileSync(join(path, 'service.py'), SERVICE.replace('KEEPS', keeps ? 'True' : 'False'));
  writeFileSync(join(path, 'load.py'), LOAD);
  return path;
}

/** One of three holds twice as much. */
function growTest(path: string): void {
  const file = join(path, 'tests/test_load.py');
  writeFileSync(file, readFileSync(file, 'utf8').replace('3_000_000', '6_000_000'));
}

const world = (cwd: string): { cwd: string; env: Record<string, string> } => ({
  cwd,
  env: { PATH: `${programs!}:${process.env['PATH']!}`, HOME: cwd },
});

describe('memscope run of a real program', { timeout: 300_000 }, () => {
  test('records it, keeps its output, and names what holds the peak', async () => {
    const cwd = project(1_000_000);
    const { code, stdout, stderr } = await run(['run', '--', 'python', '-u', 'app.py', '--flag'], world(cwd));
    expect([code, stdout]).toEqual([0, 'done --flag\n']);
    expect(stderr).toContain('load (app.py:5) holds most of the peak: 9.54 MiB');
    expect(existsSync(join(cwd, 'app.bin'))).toBe(true);
  });

  test('gives a file as standard input to each repetition, and says that a pipe is read once', async () => {
    const cwd = project(1000);
    writeFileSync(join(cwd, 'input.txt'), 'five.');
    const words = `run --repeat 2 -o x.bin -- python -c 'import sys; print(len(sys.stdin.read()))'`;
    const shell = (input: string): Promise<Finished> =>
      startProcess('sh', ['-c', input.replace('RUN', `'${process.execPath}' '${MAIN}' ${words}`)], world(cwd)).finished;
    const file = await shell('RUN < input.txt');
    expect([file.code, file.stdout]).toEqual([0, '5\n5\n']);
    expect(file.stderr).not.toContain('is a pipe');
    const pipe = await shell('rm *.bin; cat input.txt | RUN');
    expect([pipe.code, pipe.stdout]).toEqual([0, '5\n0\n']);
    expect(pipe.stderr).toContain('warning: standard input is a pipe: the first run alone reads it');
  });

  test('ends as the program ends: by its code, and by its signal as a shell says it', async () => {
    const cwd = project(1000);
    const exit = await run(['run', '--', 'python', '-c', 'import sys; sys.exit(9)'], world(cwd));
    expect([exit.code, exit.stderr]).toEqual([9, expect.stringContaining('memscope: the program ended with 9\n')]);
    const killed = await run(
      ['run', '--', 'python', '-c', 'import os; x = bytes(8_000_000); os.kill(os.getpid(), 9)'],
      world(cwd),
    );
    expect(killed.code).toBe(137);
    expect(killed.stderr).toContain('The recording was broken off');
    expect(killed.stderr).toMatch(/Peak heap +7\.6\d MiB/);
  });

  test('ends as it should although nobody reads on', async () => {
    const cwd = project(1000);
    const command =
      'set -o pipefail; npx --yes memscope run -- python -c "x = bytes(9_000_000); raise SystemExit(5)" 2>&1 | head -1';
    expect((await runScript(command, cwd, programs!, {})).code).toBe(5);
    const gate =
      'set -o pipefail; npx --yes memscope run --rule "peak <= 1 KiB" -- python -c "x = bytes(9_000_000)" 2>&1 | head -1';
    expect((await runScript(gate, cwd, programs!, {})).code).toBe(1);
  });

  test('takes the processes of a followed fork as one run', async () => {
    const cwd = project(1000);
    const text =
      'import os\nx = bytes(1_000_000)\nif os.fork() == 0:\n  y = bytes(3_000_000)\n  os._exit(0)\nos.wait()\n';
    writeFileSync(join(cwd, 'fork.py'), text);
    const { code, stderr } = await run(['run', '--follow-fork', '--', 'fork.py'], world(cwd));
    expect(code).toBe(0);
    expect(stderr).toContain('2 runs together');
  });

  test('hands Ctrl-C on to the program, and reports once it has ended', async () => {
    const cwd = project(1000);
    const text =
      'import time\nx = bytes(5_000_000)\ntry:\n  print("up", flush=True)\n  time.sleep(60)\nexcept KeyboardInterrupt: pass\n';
    writeFileSync(join(cwd, 'server.py'), text);
    const { child, finished } = start(['run', '--', 'server.py'], world(cwd));
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, stderr } = await finished;
    expect(code).toBe(0);
    expect(stderr).toMatch(/Peak heap +4\.\d+ MiB/);
  });

  test('judges tests one by one, with and without xdist', async () => {
    const [base, head] = [project(5_000_000), project(5_000_000)];
    growTest(head);
    const recorded = await run(['run', '-o', 'tests-base', '--', 'pytest', '-q', 'tests'], world(base));
    expect([recorded.code, recorded.stderr]).toEqual([
      0,
      expect.stringMatching(/4 tests[^]*test_load\.py::test_other/),
    ]);
    const kept = await run(['baseline', 'update', 'tests-base', '-o', 'b.json'], world(base));
    expect([kept.code, kept.stderr]).toEqual([0, expect.stringContaining('1 test that raised left out')]);
    expect(readFileSync(join(base, 'b.json'), 'utf8')).toContain('"test": "tests/test_load.py::test_load[5000000]"');
    for (const name of ['tests-base', 'b.json']) cpSync(join(base, name), join(head, name), { recursive: true });
    const by = (baseline: string, ...args: string[]): string[] => [
      'run',
      '--baseline',
      baseline,
      '--junit',
      'j.xml',
      '--',
      'python',
      '-m',
      'pytest',
      '-q',
      'tests',
      ...args,
    ];
    for (const baseline of ['tests-base', 'b.json']) {
      const { code, stderr } = await run(by(baseline, '-n', '2'), world(head));
      expect(code).toBe(1);
      expect(stderr).toContain('FAIL: 1 of 3 tests failed: tests/test_load.py::test_other');
      expect(stderr).toMatch(/Raised on a side[^]*test_raises/);
      expect(stderr).not.toContain('New, so that');
      expect(await faultsOfJunit(readFileSync(join(head, 'j.xml'), 'utf8'))).toEqual([]);
      expect((await run(by(baseline, '-k', 'other'), world(base))).code).toBe(0);
    }
  });
});

describe('the recipes for CI', { timeout: 300_000 }, () => {
  const jobs = documentedJobs();
  const job = async (name: string, base: string, head: string): Promise<JobEnd> => {
    const workspace = join(folder, `job-${projects++}`, 'workspace');
    mkdirSync(workspace, { recursive: true });
    return runJob(jobs[name]!, { workspace, base, head, programs: programs! });
  };

  test('are those that are tested here', () => {
    expect(Object.keys(jobs).toSorted()).toEqual(['script', 'service', 'tests']);
  });

  test('of a script passes what did not change, and fails what did', async () => {
    const base = project(1_000_000);
    const passed = await job('script', base, base);
    expect([passed.code, passed.output]).toEqual([0, expect.stringMatching(/^PASS/m)]);
    const failed = await job('script', base, project(1_200_000));
    expect([failed.code, failed.lastStep]).toEqual([1, 'Record this change, and judge it']);
    expect(failed.output).toMatch(/^FAIL: load \(app\.py:5\) \+1\.91 MiB at the peak/m);
    expect(failed.output).toContain('::error file=app.py,line=5');
    expect(failed.summary).toContain('load');
  });

  test('of tests fails the test that grew', async () => {
    const [base, head] = [project(5_000_000), project(5_000_000)];
    growTest(head);
    const { code, output, outputs } = await job('tests', base, head);
    expect([code, outputs]).toEqual([1, 'verdict=fail\n']);
    expect(output).toContain('FAIL: 1 of 3 tests failed: tests/test_load.py::test_other');
  });

  test('of a service under load fails one that keeps its requests, and passes one that does not', async () => {
    const leaking = await job('service', '', project(1000, true));
    expect([leaking.code, leaking.outputs]).toEqual([1, 'verdict=fail\n']);
    expect(leaking.output).toMatch(/do_GET/);
    const fine = await job('service', '', project(1000, false));
    expect([fine.code, fine.outputs]).toEqual([0, 'verdict=pass\n']);
  });

  test("of GitLab writes the two reports that its job names, and fails with memscope's code", async () => {
    const cwd = project(1_000_000);
    const [base, head] = [
      await run(['run', '-o', 'base.bin', '--', 'app.py'], world(cwd)),
      await run(['run', '-o', 'head.bin', '--', 'python', '-c', 'x = bytes(30_000_000)'], world(cwd)),
    ];
    expect([base.code, head.code]).toEqual([0, 0]);
    const env = { MEMSCOPE_VERSION: 'latest', MEMSCOPE_HEAD: 'head.bin', MEMSCOPE_BASELINE: 'base.bin' };
    const { code, said } = await runScript(gitlabScript().join('\n'), cwd, programs!, { ...env, MEMSCOPE_OPTIONS: '' });
    expect([code, said]).toEqual([1, expect.stringMatching(/^FAIL/m)]);
    expect(readFileSync(join(cwd, 'memscope-junit.xml'), 'utf8')).toContain('<failure');
    expect((JSON.parse(readFileSync(join(cwd, 'memscope-quality.json'), 'utf8')) as unknown[]).length).toBeGreaterThan(
      0,
    );
  });
});
