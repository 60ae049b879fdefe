/** Which pager, when, and that one is run as the user wrote it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { choosePager, isLongerThanScreen, showInPager } from '../../src/terminal/pager.js';
import { scratchFolder } from '../built-cli.js';
import { run } from '../fake-host.js';
import { serviceProfile } from '../service-profile.js';

const ESCAPE = '\u001b';

describe('the pager is', () => {
  test.each([
    ['less by default', {}, 'less'],
    ['PAGER', { PAGER: 'more -s' }, 'more -s'],
    ['MEMSCOPE_PAGER before PAGER', { MEMSCOPE_PAGER: 'most', PAGER: 'more' }, 'most'],
    ['none for an empty MEMSCOPE_PAGER, whatever PAGER says', { MEMSCOPE_PAGER: '', PAGER: 'more' }, null],
    ['none for an empty PAGER', { PAGER: ' ' }, null],
    ['none for cat', { PAGER: 'cat' }, null],
    ['none on a dumb terminal', { TERM: 'dumb', PAGER: 'more' }, null],
  ])('%s', (_, env, command) => {
    expect(choosePager(env)).toBe(command);
  });
});

describe('a text is longer than the screen', () => {
  test('from the line on that would take the place of the prompt', () => {
    expect(isLongerThanScreen('a\n'.repeat(23), 80, 24)).toBe(false);
    expect(isLongerThanScreen('a\n'.repeat(24), 80, 24)).toBe(true);
  });

  test('when lines wrap: by columns shown, of which colours take none and wide characters two', () => {
    const colored = `${ESCAPE}[1m${'x'.repeat(80)}${ESCAPE}[0m\n`;
    expect(isLongerThanScreen(colored.repeat(12), 80, 24)).toBe(false);
    expect(isLongerThanScreen(`${'x'.repeat(81)}\n`.repeat(12), 80, 24)).toBe(true);
    expect(isLongerThanScreen(`${'漢'.repeat(41)}\n`.repeat(12), 80, 24)).toBe(true);
  });
});

describe('a long report', () => {
  const captures = { 'a.bin': serviceProfile() };
  const screen = { captures, terminal: 80, rows: 24, env: { PAGER: 'more -s' } };

  test('goes through the pager on a terminal, in colours, and nowhere else', async () => {
    const { code, stdout, paged } = await run(['analyze', 'a.bin'], screen);
    expect([code, stdout, paged.length]).toEqual([0, '', 1]);
    expect(paged[0]?.command).toBe('more -s');
    expect(paged[0]?.text).toMatch(/Peak heap/);
    expect(paged[0]?.text).toContain(`${ESCAPE}[1m`);
  });

  test('goes through it as a document, too', async () => {
    const { stdout, paged } = await run(['analyze', 'a.bin', '--json'], screen);
    expect(stdout).toBe('');
    expect(JSON.parse(paged[0]?.text ?? '')).toMatchObject({ schema: 'memscope.analysis/1' });
  });

  test.each([
    ['with --no-pager', ['--no-pager'], {}],
    ['on a large screen', [], { rows: 500 }],
    ['on a dumb terminal', [], { env: { TERM: 'dumb' } }],
    ['with a pager that is cat', [], { env: { PAGER: 'cat' } }],
  ])('is printed plainly %s', async (_, flags, differently) => {
    const { stdout, paged } = await run(['analyze', 'a.bin', ...flags], { ...screen, ...differently });
    expect(stdout).toMatch(/Peak heap/);
    expect(paged).toEqual([]);
  });

  test('is printed plainly into a pipe', async () => {
    const { stdout, paged } = await run(['analyze', 'a.bin'], { captures, rows: 24 });
    expect(stdout).toMatch(/Peak heap/);
    expect(paged).toEqual([]);
  });

  test('is printed plainly when the pager cannot be started, which is said of the user’s own', async () => {
    const own = await run(['analyze', 'a.bin'], { ...screen, pagerStarts: false });
    expect(own.code).toBe(0);
    expect(own.stderr).toContain('memscope: warning: the pager more -s could not be started\n');
    expect(own.stdout).toMatch(/Peak heap/);
    const usual = await run(['analyze', 'a.bin'], { ...screen, env: {}, pagerStarts: false });
    expect(usual.stderr).not.toContain('memscope');
    expect(usual.stdout).toMatch(/Peak heap/);
  });
});

describe.skipIf(process.platform === 'win32')('running a pager', () => {
  const world = { env: { PATH: process.env['PATH'] }, signal: new AbortController().signal };

  test('gives it the text, and LESS where the user has none', async () => {
    const file = join(scratchFolder(), 'shown');
    const command = `{ echo "$LESS,$LESSCHARSET"; cat; } > '${file}'`;
    expect(await showInPager('Straße\n', command, world)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('FRX,utf-8\nStraße\n');
    await showInPager('', command, { ...world, env: { ...world.env, LESS: '-S' } });
    expect(readFileSync(file, 'utf8')).toBe('-S,utf-8\n');
  });

  test('takes parameters', async () => {
    const folder = scratchFolder();
    expect(await showInPager('a\nb\n', `split -l 1 - ${folder}/part-`, world)).toBe(true);
    expect(readdirSync(folder)).toEqual(['part-aa', 'part-ab']);
  });

  test.each(['nothing-of-that-name', 'nothing-of-that-name --with "shell words" 2> /dev/null', '/tmp'])(
    'tells when %s could not be started',
    async (command) => {
      expect(await showInPager('a\n', command, world)).toBe(false);
    },
  );

  test('does not mind one that reads nothing of a long text, or fails', async () => {
    expect(await showInPager('a\n'.repeat(1_000_000), 'true', world)).toBe(true);
    expect(await showInPager('a\n'.repeat(1_000_000), 'false', world)).toBe(true);
  });

  test('ends when memscope is told to', async () => {
    const controller = new AbortController();
    const shown = showInPager('a\n', 'sleep 60', { ...world, signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    expect(await shown).toBe(true);
  });
});
