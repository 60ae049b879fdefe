/** The built command line where the system has too little: no room on the disk, no memory, nobody who listens. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCapture, makeSyntheticCapture } from '@memscope/fixtures';

import { isBuilt, MAIN, scratchFolder, startProcess, type Finished } from './built-cli.js';

const isLinux = process.platform === 'linux';

function smallCapture(): { folder: string; path: string } {
  const folder = scratchFolder();
  const path = join(folder, 'small.bin');
  writeFileSync(path, readFileSync(findCapture('mixed-v13').path));
  return { folder, path };
}

/** Runs `words` of a shell's command line, in which `$MEMSCOPE` is the command. */
function inShell(words: string, cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const command = `'${process.execPath}' '${MAIN}'`;
  return startProcess('sh', ['-c', words.replaceAll('$MEMSCOPE', command)], { cwd, env }).finished;
}

const oneLine = (stderr: string): string[] => stderr.split('\n').slice(0, -1);

describe.skipIf(!isBuilt() || !isLinux)('memscope', () => {
  describe('says in one line, and ends with 2, that standard output is full', () => {
    test.each([
      ['analyze small.bin'],
      ['analyze small.bin --json'],
      ['tree small.bin'],
      ['report small.bin -o -'],
      ['serve small.bin'],
      ['completion bash'],
      ['filters'],
      ['--help'],
    ])('%s', async (args) => {
      const { folder } = smallCapture();
      const { code, stderr } = await inShell(`$MEMSCOPE ${args} > /dev/full`, folder);
      expect(oneLine(stderr)).toEqual([
        expect.stringMatching(/^memscope: standard output cannot be written: ENOSPC: no space left on device/),
      ]);
      expect(code).toBe(2);
      expect(readdirSync(folder).filter((name) => /tmp|part/.test(name))).toEqual([]);
    });
  });

  test('does what it was asked to where its complaints are not heard', async () => {
    const { folder } = smallCapture();
    const { code, stdout } = await inShell('$MEMSCOPE analyze small.bin missing.bin 2> /dev/full', folder);
    expect(stdout).toContain('Peak heap');
    expect(code).toBe(3);
  });

  describe('does what it was asked to, without a word, where standard output is closed', () => {
    // Node puts /dev/null in its place before any of our code runs.
    test.each([['analyze small.bin'], ['tree small.bin'], ['report small.bin -o report.html'], ['--help']])(
      '%s',
      async (args) => {
        const { folder } = smallCapture();
        const { code, stdout, stderr } = await inShell(`$MEMSCOPE ${args} >&-`, folder);
        expect([code, stdout, stderr]).toEqual([0, '', '']);
        if (args.startsWith('report')) expect(existsSync(join(folder, 'report.html'))).toBe(true);
      },
    );
  });

  describe('prints what it was asked to where no profile can be kept', () => {
    test.each([
      ['analyze', 'Peak heap'],
      ['tree', 'Call tree'],
      ['leaks', 'Leaks'],
    ])('%s, and ends with 2 for a place that the user named', async (command, expected) => {
      const { folder } = smallCapture();
      const temporary = scratchFolder();
      const words = `$MEMSCOPE ${command} small.bin -o missing/x.memscope`;
      const { code, stdout, stderr } = await inShell(words, folder, { TMPDIR: temporary });
      expect(stdout.toLowerCase()).toContain(expected.toLowerCase());
      expect(oneLine(stderr)).toEqual([expect.stringMatching(/no profile is kept.*no such file or folder/)]);
      expect(code).toBe(2);
      expect([readdirSync(folder), readdirSync(temporary)]).toEqual([['small.bin'], []]);
    });

    test('but not where nothing else can be written either', async () => {
      const { folder } = smallCapture();
      const words = '$MEMSCOPE analyze small.bin -o missing/x.memscope';
      const { code, stdout, stderr } = await inShell(words, folder, { TMPDIR: join(folder, 'small.bin') });
      expect([code, stdout]).toEqual([2, '']);
      expect(oneLine(stderr)).toEqual([expect.stringContaining('no such file or folder')]);
    });
  });

  describe('says in one line, and ends with 3, that there is not enough memory', () => {
    const tooLittle = /^memscope: .*not enough memory.*raise the limit/;

    test('for its heap', async () => {
      const folder = scratchFolder();
      const capture = makeSyntheticCapture({ seed: 7, allocations: 200_000, live: 20_000 });
      writeFileSync(join(folder, 'large.bin'), capture);
      // Enough for Node alone.
      const { code, stdout, stderr } = await inShell('$MEMSCOPE analyze large.bin', folder, {
        NODE_OPTIONS: '--max-old-space-size=8',
      });
      expect(oneLine(stderr)).toEqual([expect.stringMatching(tooLittle)]);
      expect([code, stdout]).toEqual([3, '']);
    });

    test('for its threads', async () => {
      const { folder } = smallCapture();
      // Where Node itself starts, but not as many threads as there are to be: that depends on its version.
      let least = 1_000_000;
      while (least < 8_000_000 && (await inShell(`ulimit -v ${least}; $MEMSCOPE --version`, folder)).code !== 0) {
        least *= 1.15;
      }
      const words = `ulimit -v ${Math.ceil(least)}; $MEMSCOPE analyze small.bin`;
      const { code, stdout, stderr } = await inShell(words, folder);
      if (code === 0) expect(stdout).toContain('Peak heap');
      else {
        expect(oneLine(stderr)).toEqual([expect.stringMatching(tooLittle)]);
        expect([code, stdout]).toEqual([3, '']);
      }
    });
  });

  describe('where memory is limited', () => {
    const limited = 'ulimit -v 30000000;';

    test('is the same as elsewhere', async () => {
      const { folder } = smallCapture();
      const free = await inShell('$MEMSCOPE analyze small.bin --json', folder);
      const within = await inShell(`${limited} $MEMSCOPE analyze small.bin --json`, folder);
      expect(within).toEqual(free);
      const wrong = await inShell(`${limited} $MEMSCOPE analyze missing.bin --sort size`, folder);
      expect(wrong).toEqual(await inShell('$MEMSCOPE analyze missing.bin --sort size', folder));
      expect(wrong.code).toBe(2);
    });

    test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('ends on %s, too', async (signal) => {
      const { folder } = smallCapture();
      const words = `${limited} exec '${process.execPath}' '${MAIN}' serve small.bin`;
      const running = startProcess('sh', ['-c', words], { cwd: folder });
      await new Promise((resolve) => running.child.stdout.once('data', resolve));
      running.child.kill(signal);
      expect(await running.finished).toMatchObject({ code: 130, stderr: '' });
      expect(existsSync(join(folder, 'small.bin'))).toBe(true);
    });
  });
});
