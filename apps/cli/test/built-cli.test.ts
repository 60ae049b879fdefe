/** The built command line end to end: streams and exit codes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCapture, copyCapture, findCapture } from '@memscope/fixtures';

import { displayWidth } from '../src/terminal/display-width.js';
import { isBuilt, MAIN, run, scratchFolder, startProcess } from './built-cli.js';

const ESCAPE = '\u001b';

interface Document {
  readonly profilePath: string;
  readonly capture: Readonly<Record<string, unknown>>;
  readonly locations: readonly Readonly<Record<string, unknown>>[];
}

describe.skipIf(!isBuilt())('memscope', () => {
  describe('ends with', () => {
    test('0 and nothing on standard error for a whole capture', async () => {
      const folder = scratchFolder();
      const { code, stdout, stderr } = await run(['analyze', copyCapture(folder, 'mixed-v13')]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^mixed-v13\.bin\n {2}Program .*\n[^]*Peak heap {5}35\.7 MiB/);
      expect(readdirSync(folder).sort()).toEqual(['mixed-v13.bin', 'mixed-v13.bin.memscope']);
    });

    test('0 and a warning for the capture of a killed process', async () => {
      const { code, stdout, stderr } = await run(['analyze', copyCapture(scratchFolder(), 'killed-v11')]);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^memscope: warning: .*killed-v11\.bin: The recording was broken off\n$/);
      expect(stdout).toContain('Peak heap');
      expect(stdout).toMatch(/for at least 12 ms\s+\(no end recorded\)/);
    });

    test.each([
      [['analyse', 'x.bin'], /unknown command 'analyse'[^]*Did you mean analyze/],
      [['analyze', 'x.bin', '--row', '5'], /unknown option '--row'[^]*Did you mean --rows/],
      [['analyze'], /missing required argument[^]*memscope analyze --help/],
      [['analyze', 'x.bin', '-n', 'many'], /whole number/],
      [[], /Usage: memscope/],
    ])('2 and what to do for %j', async (args, message) => {
      const { code, stdout, stderr } = await run(args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
    });

    test.each<[string, string | Uint8Array | null, RegExp]>([
      ['is not there', null, /^memscope: x\.bin: there is no such file; check the path\n$/],
      ['is empty', '', /^memscope: x\.bin: the file is empty; [^\n]*\n$/],
      [
        'is text',
        'Dear all,',
        /^memscope: x\.bin: it starts with "Dear all", not with "memray"; [^\n]*6 to 13[^\n]*\n$/,
      ],
      [
        'is of an unknown version',
        Buffer.from('memray\0\x0e\0\0\0'),
        /^memscope: x\.bin: header version 14; [^\n]*6 to 13[^\n]*\n$/,
      ],
    ])('3 and one line that names the file when it %s', async (_, content, line) => {
      const folder = scratchFolder();
      if (content !== null) writeFileSync(join(folder, 'x.bin'), content);
      const { code, stdout, stderr } = await run(['analyze', 'x.bin', '--json'], { cwd: folder });
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(line);
    });

    test('3 after the report of what could be read of a damaged capture', async () => {
      const folder = scratchFolder();
      const path = join(folder, 'cut.bin');
      const whole = readFileSync(findCapture('pandas-v13').path);
      writeFileSync(path, whole.subarray(0, 300_000));
      const { code, stdout, stderr } = await run(['analyze', path]);
      expect(code).toBe(3);
      expect(stdout).toMatch(/Peak heap[^]*The capture file is cut short/);
      expect(stderr).toMatch(/cut short[^]*300,000 bytes were read; how much is missing cannot be told/);
    });

    test('3 when one of several cannot be read, after the others', async () => {
      const folder = scratchFolder();
      copyCapture(folder, 'mixed-v13');
      copyCapture(folder, 'munmap-v13');
      mkdirSync(join(folder, 'none'));
      const args = ['analyze', 'mixed-v13.bin', 'none', 'nope-*.bin', 'munmap-v13.bin', '-n', '1'];
      const { code, stdout, stderr } = await run(args, { cwd: folder });
      expect(code).toBe(3);
      expect(stdout).toMatch(/^4 captures\n[^]*Not read\n {2}none +a folder\n {2}nope-\*\.bin +not found\n/);
      expect(stdout.match(/^ {2}Peak heap/gm)).toHaveLength(2);
      expect(stderr.split('\n')).toHaveLength(3);
    });
  });

  describe('help', () => {
    test('shows examples and exit codes', async () => {
      for (const args of [['--help'], ['analyze', '--help'], ['help', 'analyze']]) {
        const { code, stdout, stderr } = await run(args);
        expect([code, stderr]).toEqual([0, '']);
        expect(stdout).toMatch(/Examples:\n {2}memscope analyze capture\.bin/);
        expect(stdout).toContain('Exit codes:');
      }
    });
  });

  test('starts small: what every command loads before it runs is a small part of the whole', () => {
    const folder = dirname(MAIN);
    const loaded = new Set<string>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const text = readFileSync(join(folder, file), 'utf8');
      // Without import(): that is for later.
      for (const [, chunk = ''] of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) load(chunk);
    };
    load(basename(MAIN));
    const bytes = [...loaded].reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(bytes).toBeGreaterThan(30_000);
    expect(bytes).toBeLessThan(140_000);
  });

  test('keeps compiled code in the cache folder, of a home that is there', async () => {
    const folder = scratchFolder();
    const path = copyCapture(folder, 'munmap-v13');
    const homes = [join(folder, 'home'), join(folder, 'none')];
    mkdirSync(homes[0]!);
    const outputs = [];
    for (const home of [homes[1]!, homes[0]!, homes[0]!]) {
      outputs.push((await run(['timeline', path], { env: { HOME: home } })).stdout);
    }
    expect(new Set(outputs).size).toBe(1);
    const compiled = join(homes[0]!, '.cache', 'memscope', 'compiled');
    expect(statSync(compiled).mode & 0o777).toBe(0o700);
    expect(readdirSync(compiled)).not.toEqual([]);
    expect(existsSync(homes[1]!)).toBe(false);
  });

  describe('a pipe', () => {
    test('gets plain text of at most 80 columns, coloured only by FORCE_COLOR', async () => {
      const path = copyCapture(scratchFolder(), 'pandas-v13');
      const plain = await run(['analyze', path]);
      expect(plain.stdout.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([]);
      expect(plain.stdout).not.toContain(ESCAPE);
      const colored = await run(['analyze', path], { env: { FORCE_COLOR: '1' } });
      expect(colored.stdout).toContain(`${ESCAPE}[1m`);
      // oxlint-disable-next-line no-control-regex -- colour codes are what is taken away
      expect(colored.stdout.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
      const both = await run(['analyze', path], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
      expect(both.stdout).toBe(plain.stdout);
    });

    test('may close early: `| head -1` ends quietly', async () => {
      const path = copyCapture(scratchFolder(), 'pandas-v13');
      const line = `'${process.execPath}' '${MAIN}' analyze '${path}' -n 5000 | head -1; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await startProcess('bash', ['-c', line], {}).finished;
      expect([stdout, stderr]).toEqual(['pandas-v13.bin\n0\n', '']);
    });

    test('may be where the capture comes from', async () => {
      const folder = scratchFolder();
      const { path } = findCapture('mixed-v12');
      const piped = await run(['analyze', '-', '--json'], { cwd: folder, input: readFileSync(path) });
      expect([piped.code, piped.stderr]).toEqual([0, '']);
      const named = await run(['analyze', copyCapture(folder, 'mixed-v12'), '--json']);
      const [a, b] = [JSON.parse(piped.stdout) as Document, JSON.parse(named.stdout) as Document];
      expect(a.capture['path']).toBe('-');
      expect(a.profilePath).toBe(join(folder, 'stdin.memscope'));
      // What came from a pipe is gone: the commands that say more are about its profile.
      const withoutPlace = (text: string, place: string): unknown => JSON.parse(text.replaceAll(place, 'PLACE'));
      expect({ ...(withoutPlace(piped.stdout, a.profilePath) as Document), capture: null, profilePath: '' }).toEqual({
        ...(withoutPlace(named.stdout, String(b.capture['path'])) as Document),
        capture: null,
        profilePath: '',
      });
      expect({ ...a.capture, path: '' }).toEqual({ ...b.capture, path: '' });
      const nothing = await run(['analyze', '-'], { cwd: folder });
      expect([nothing.code, nothing.stdout]).toEqual([3, '']);
      expect(nothing.stderr).toMatch(/^memscope: standard input: nothing came; /);
    });
  });

  test('shows hostile names, the capture’s own among them, but never lets them act', async () => {
    const hostile = '\\e[2J\\e]0;owned\\x07\\n\\u{202E}txt.exe\\u{9b}31m';
    const folder = scratchFolder();
    const path = join(folder, 'a\u001b]0;owned\u0007\nb.bin');
    const capture = buildCapture(
      `capture v13 command="run ${hostile}"\nthread 1 "${hostile}"\npush "f${hostile}" "/x/${hostile}.py":3 entry\n` +
        'malloc 0x1000 9000000\nmemory t=10 rss=100\nmemory t=20 rss=200\n',
    );
    writeFileSync(path, capture);
    const control = /[^\P{Cc}\n]|\p{Cf}/u;
    const report = await run(['analyze', path]);
    expect([report.code, report.stderr]).toEqual([0, '']);
    expect(report.stdout).not.toMatch(control);
    expect(report.stdout).toContain('\\x1b[2J');
    const json = await run(['analyze', path, '--json']);
    expect(json.stdout).not.toMatch(control);
    expect((JSON.parse(json.stdout) as Document).locations[0]?.['function']).toBe(
      'f\u001b[2J\u001b]0;owned\u0007\n\u202etxt.exe\u009b31m',
    );
    const missing = await run(['analyze', `${path}.gone`, 'x\u001b[2J*']);
    expect(missing.stderr).not.toMatch(control);
    expect(existsSync(`${path}.memscope`)).toBe(true);
  });
});
