/** Commands, options, exit codes, and who writes to which stream. */
import { describe, expect, test } from 'vitest';

import { describeFault } from '../src/describe-error.js';
import { displayWidth } from '../src/terminal/display-width.js';
import { run } from './fake-host.js';
import { fakeProfile } from './fake-profile.js';
import { killedProfile } from './sample-profiles.js';
import { serviceProfile } from './service-profile.js';

const captures = { 'a.bin': serviceProfile(), 'b.bin': serviceProfile() };

describe('exit code 0', () => {
  test('and help on standard output for --help', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('analyze');
    expect(stdout).toContain('Exit codes:');
  });

  test('and every option in the help of analyze, within 80 columns', async () => {
    const { stdout } = await run(['analyze', '--help-all']);
    for (const option of [
      '-o',
      '-n',
      '--sort',
      '--json',
      '--force',
      '--temporary-threshold',
      '--max-ticks',
      '-j',
      '--no-pager',
      '--no-color',
    ]) {
      expect(stdout).toContain(option);
    }
    for (const line of stdout.split('\n')) expect(line).toMatch(/^.{0,80}$/);
  });

  test('and the version for --version', async () => {
    const { code, stdout } = await run(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('with a warning on standard error for the capture of a killed process', async () => {
    const { code, stdout, stderr } = await run(['analyze', 'k.bin'], { captures: { 'k.bin': killedProfile() } });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^memscope: warning: \/srv\/captures\/killed-v13\.bin: The recording was broken off\n$/);
    expect(stdout).not.toContain('memscope: warning');
  });

  test('and silence on standard error for a good capture', async () => {
    const { code, stderr } = await run(['analyze', 'a.bin'], { captures });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('exit code 2 for', () => {
  test.each([
    ['no command', []],
    ['an unknown command', ['analyse', 'a.bin']],
    ['an unknown option', ['analyze', 'a.bin', '--colour']],
    ['no capture', ['analyze']],
    ['a count of zero', ['analyze', 'a.bin', '-n', '0']],
    ['a count that is no number', ['analyze', 'a.bin', '-n', '1e3']],
    ['a negative threshold', ['analyze', 'a.bin', '--temporary-threshold', '-1']],
    ['an unknown order', ['analyze', 'a.bin', '--sort', 'size']],
    ['one output for two captures', ['analyze', 'a.bin', 'b.bin', '-o', 'x.memscope']],
    ['help for no command', ['help', 'diffs']],
  ] as const)('%s, said on standard error', async (_, args) => {
    const { code, stdout, stderr } = await run(args, { captures });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/memscope/);
  });
});

describe('exit code 3 for', () => {
  test.each([
    ['notCapture', 'starts with "PK", not with a capture header'],
    ['empty', 'is empty'],
    ['unsupportedVersion', 'header version 99'],
    ['stillWriting', 'is being written'],
    ['damagedHeader', 'the header ends after 9 bytes'],
    ['memory', 'there is not enough memory to read it'],
    ['cannotWrite', 'no space left on the device'],
  ])('%s, in one line that names the file and says what to do', async (code, message) => {
    const result = await run(['analyze', 'x.bin'], { captures: { 'x.bin': { code, message } } });
    expect([result.code, result.stdout]).toEqual([3, '']);
    expect(result.stderr).toMatch(/^memscope: x\.bin: [^\n]+; [^\n]+\n$/);
    expect(result.stderr).toContain(message);
  });

  test('but 2 for a profile that cannot be written where the user named a place', async () => {
    const fault = { code: 'cannotWrite', message: 'no space left on the device' };
    const result = await run(['analyze', 'x.bin', '-o', 'y'], { captures: { 'x.bin': fault } });
    expect([result.code, result.stdout]).toEqual([2, '']);
  });

  test('a path that is not there', async () => {
    const { code, stderr } = await run(['analyze', 'nope.bin']);
    expect([code, stderr]).toEqual([3, 'memscope: nope.bin: no such file or folder; check the path\n']);
  });

  test('one path of several that is not there, after the report of the others', async () => {
    const { code, stdout, stderr } = await run(['analyze', 'a.bin', 'nope.bin'], { captures });
    expect([code, stderr]).toEqual([3, 'memscope: nope.bin: no such file or folder; check the path\n']);
    expect(stdout).toMatch(/^2 captures[^]*nope\.bin +not found[^]*Peak heap/);
  });

  test.each(['cut', 'corrupt'] as const)('a capture that was %s, after its report', async (kind) => {
    const damage = { kind, fileOffset: 700, recordOffset: 9000, unreadBytes: 1234, reason: 'no such record' };
    const profile = fakeProfile({ capture: { complete: false }, notes: { damage } });
    const { code, stdout, stderr } = await run(['analyze', 'd.bin'], { captures: { 'd.bin': profile } });
    expect(code).toBe(3);
    expect(stdout).toContain('Peak heap');
    expect(stderr).toContain('1.21 KiB (1,234 bytes) of the file were not read');
  });
});

describe('exit code 4', () => {
  test('for a worker that died, while the other captures are reported', async () => {
    const died = { code: 'workerDied', message: 'the worker reading it died' };
    const { code, stdout, stderr } = await run(['analyze', 'a.bin', 'w.bin'], {
      captures: { ...captures, 'w.bin': died },
    });
    expect(code).toBe(4);
    expect(stdout).toContain('2 captures');
    expect(stderr).toContain('w.bin: the worker reading it died');
  });

  test('comes with how to report the fault', () => {
    const { text } = describeFault(new TypeError('x is not a function'), '1.2.3');
    expect(text).toMatch(/^memscope: internal fault: [^]*report[^]*memscope 1\.2\.3[^]*x is not a function/);
  });
});

describe('names in error messages', () => {
  test('cannot drive the terminal or break the line', async () => {
    const path = 'a\u001b[2Jb\nc.bin';
    const { stderr } = await run(['analyze', path], {
      captures: { [path]: { code: 'empty', message: `${path}: is empty` } },
    });
    expect(stderr).toMatch(/^memscope: a\\x1b\[2Jb\\nc\.bin: is empty; [^\n]*\n$/);
  });
});

test('options reach the ingest', async () => {
  const flags = [
    '-o',
    'out.memscope',
    '--force',
    '--temporary-threshold',
    '0',
    '--max-ticks',
    '50',
    '-j',
    '3',
    '--sql-sites',
  ];
  const { requests } = await run(['analyze', 'a.bin', ...flags], { captures });
  expect(requests[0]).toMatchObject({
    paths: ['a.bin'],
    output: 'out.memscope',
    force: true,
    temporaryThreshold: 0,
    maxTicks: 50,
    sqlSites: true,
    jobs: 3,
  });
});

test('after Ctrl-C nothing is printed and the exit code is 130', async () => {
  const { code, stdout, stderr } = await run(['analyze', 'a.bin'], { captures, signal: AbortSignal.abort() });
  expect([code, stdout, stderr]).toEqual([130, '', '']);
});

describe('progress', () => {
  const progress = [
    { path: 'a.bin', readBytes: 0, totalBytes: 1000, state: 'reading' },
    { path: 'a.bin', readBytes: 500, totalBytes: 1000, state: 'reading' },
    { path: 'b.bin', readBytes: 500, totalBytes: null, state: 'reading' },
    { path: 'c.bin', readBytes: 9, totalBytes: 9, state: 'reused' },
  ] as const;

  test('is drawn on a terminal’s standard error, and the cursor comes back', async () => {
    const { stderr, stdout } = await run(['analyze', 'a.bin', 'b.bin'], { captures, progress, terminal: 80 });
    expect(stderr).toMatch(/a\.bin +█+░+ 500 B of 1000 B/);
    expect(stderr).toMatch(/b\.bin +░+ 500 B/);
    expect(stderr).not.toContain('c.bin');
    expect(stderr.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stderr.lastIndexOf('\u001b[?25l'));
    expect(stdout).toMatch(/2 captures/);
  });

  test('is silent in a pipe', async () => {
    const { stderr } = await run(['analyze', 'a.bin', 'b.bin'], { captures, progress });
    expect(stderr).toBe('');
  });
});

test('help for a command that is none names the nearest one', async () => {
  expect((await run(['help', 'diffs'])).stderr).toMatch(/^memscope: unknown command 'diffs'\n\(Did you mean diff\?\)/);
  expect((await run(['help', 'filter'])).stderr).toContain('Did you mean filters?');
  expect((await run(['help'])).code).toBe(0);
});

describe('lines are as wide as', () => {
  const widest = async (world: Parameters<typeof run>[1]): Promise<number> => {
    const { stdout } = await run(['analyze', 'a.bin'], { captures, ...world });
    return Math.max(...stdout.split('\n').map((line) => displayWidth(line)));
  };

  test('80 columns where they are piped, or as COLUMNS says, on a terminal as well', async () => {
    expect(await widest({})).toBe(80);
    expect(await widest({ env: { COLUMNS: '70' } })).toBe(70);
    expect(await widest({ env: { COLUMNS: '70', NO_COLOR: '1' }, terminal: 100 })).toBe(70);
    expect(await widest({ env: { NO_COLOR: '1' }, terminal: 100 })).toBeGreaterThan(80);
  });

  test.each(['', '0', '-5', 'wide', '99999'])('80 where COLUMNS is %j', async (columns) => {
    expect(await widest({ env: { COLUMNS: columns } })).toBe(80);
  });
});
