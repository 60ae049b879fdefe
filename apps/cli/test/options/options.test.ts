/** The groups of options that commands are put together from, and the flags they become. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';

import { equipCommand, layOutExamples } from '../../src/command.js';
import { outputOptions } from '../../src/options/output-options.js';
import {
  CAPTURE_PARAMETER,
  viewFlags,
  viewOptions,
  type RawViewFlags,
  type ViewFlags,
} from '../../src/views/view-options.js';

const GROUPS = viewOptions('tree', outputOptions({ count: 'rows', schema: 'memscope.tree/1', csv: 'rows as CSV' }));

function command(): Command {
  const tree = new Command('tree').exitOverride().configureOutput({ writeErr: () => undefined });
  return equipCommand(tree, { description: 'The call tree.', examples: [] }, GROUPS).argument(...CAPTURE_PARAMETER);
}

/** The capture, and the flags; throws on wrong usage. */
function parse(...args: string[]): { capture: string; flags: ViewFlags } {
  const tree = command();
  tree.parse(args, { from: 'user' });
  return { capture: tree.args[0] ?? '', flags: viewFlags(tree.opts<RawViewFlags>()) };
}

const folder = mkdtempSync(join(tmpdir(), 'memscope-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const RULES = join(folder, 'own.json');
writeFileSync(RULES, '{ "rules": [] }');

test('without options everything has its default', () => {
  expect(parse('a.bin')).toEqual({
    capture: 'a.bin',
    flags: {
      measure: 'peak',
      counts: false,
      window: null,
      filter: null,
      threads: [],
      include: [],
      exclude: [],
      frames: 'program',
      splitThreads: false,
      mergeRecursion: false,
      stacks: null,
      interpreterFrames: false,
      rules: null,
      count: null,
      json: false,
      csv: false,
      pager: true,
      color: true,
      together: false,
      base: [],
      reading: { force: false },
    },
  });
});

test('every option arrives', () => {
  const words =
    'a.bin --measure leaked --counts --window 10%..50% --filter size>=1MiB --thread main --thread io --include numpy ' +
    '--exclude pandas --exclude re --frames all --split-threads --merge-recursion -n 7 --json ' +
    '--no-pager --no-color -o x.memscope --force --temporary-threshold 0 --max-ticks 50 --stacks native ' +
    `--interpreter-frames --rules ${RULES} --sysroot . --sysroot .. --symbol-path . --debuginfod ` +
    '--symbolizer addr2line --symbols a.symbols';
  expect(parse(...words.split(' ')).flags).toEqual({
    measure: 'leaked',
    counts: true,
    window: '10%..50%',
    filter: 'size>=1MiB',
    threads: ['main', 'io'],
    include: ['numpy'],
    exclude: ['pandas', 're'],
    frames: 'all',
    splitThreads: true,
    mergeRecursion: true,
    stacks: 'native',
    interpreterFrames: true,
    rules: '{ "rules": [] }',
    count: 7,
    json: true,
    csv: false,
    pager: false,
    color: false,
    together: false,
    base: [],
    reading: {
      output: 'x.memscope',
      force: true,
      temporaryThreshold: 0,
      maxTicks: 50,
      symbols: {
        sysroots: ['.', '..'],
        symbolPaths: ['.'],
        debuginfod: true,
        symbolizer: 'addr2line',
        bundle: 'a.symbols',
      },
    },
  });
});

test('the names that hiding frames had before go on working, and no help shows them', () => {
  for (const old of ['--no-stdlib', '--hide-standard-library']) {
    expect(parse('a.bin', old).flags).toMatchObject({ frames: 'no-standard-library' });
  }
  for (const old of ['--no-import-system', '--hide-import-system']) {
    expect(parse('a.bin', old).flags).toMatchObject({ frames: 'program' });
  }
  expect(command().helpInformation()).not.toMatch(/--(?:no|hide)-(?:import-system|stdlib|standard-library)/);
});

test.each([
  ['--sysroot', '.', { sysroots: ['.'] }],
  ['--symbol-path', '.', { symbolPaths: ['.'] }],
  ['--symbols', 'a.symbols', { bundle: 'a.symbols' }],
  ['--symbolizer', 'none', { symbolizer: 'none' }],
])('%s alone asks for symbols, with defaults for the rest', (option, value, expected) => {
  const rest = { sysroots: [], symbolPaths: [], debuginfod: false, symbolizer: 'auto', bundle: null };
  expect(parse('a.bin', option, value).flags.reading.symbols).toEqual({ ...rest, ...expected });
});

test('one command’s repeated options do not show up in the next', () => {
  parse('a.bin', '--thread', 'main');
  expect(parse('a.bin', '--thread', 'io').flags.threads).toEqual(['io']);
});

test.each([
  ['--filter', '-thread:main'],
  ['--window', '#100..#250'],
  ['--window', 'rss-peak'],
  ['--filter', '--'],
])('%s takes %s as its value', (option, value) => {
  expect(Object.values(parse('a.bin', option, value).flags)).toContain(value);
});

test('standard input is a capture', () => {
  expect(parse('-', '--csv')).toMatchObject({ capture: '-', flags: { csv: true } });
});

describe('wrong usage is', () => {
  test.each([
    ['no capture', []],
    ['two captures', ['a.bin', 'b.bin']],
    ['--json together with --csv', ['a.bin', '--json', '--csv']],
    ['--csv together with --json', ['a.bin', '--csv', '--json']],
    ['an unknown measure', ['a.bin', '--measure', 'size']],
    ['a count of nothing', ['a.bin', '-n', '0']],
    ['stacks of no kind', ['a.bin', '--stacks', 'kernel']],
    ['an unknown symbolizer', ['a.bin', '--symbolizer', 'gdb']],
    ['a single tick', ['a.bin', '--max-ticks', '1']],
    ['an option without its value', ['a.bin', '--filter']],
  ])('%s', (_, args) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({ name: 'CommanderError', exitCode: 1 }));
  });
});

test('the help shows the groups in order but the rare ones, each with its example, within 80 columns', () => {
  let help = '';
  command()
    .configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 })
    .outputHelp();
  const headings = [...help.matchAll(/^([A-Z][a-z ]+):$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual([
    'Arguments',
    'Measure',
    'Time',
    'Filters',
    'Frames',
    'Runs',
    'Comparison',
    'Output',
    'Options',
    'Examples',
  ]);
  expect(help).toContain('More options (--help-all): ');
  const examples = help.slice(help.indexOf('\nExamples:'));
  for (const flag of ['--measure', '--window', '--exclude', '--csv']) {
    expect(examples).toMatch(new RegExp(`memscope tree capture\\.bin.* ${flag}`));
  }
  for (const line of help.split('\n')) expect(line).toMatch(/^.{0,80}$/);
});

test('remarks on examples are aligned, and go above a line that leaves no room', () => {
  const long = `memscope tree ${'x'.repeat(60)}`;
  expect(
    layOutExamples([
      { line: 'memscope tree a', remark: 'one' },
      { line: 'memscope tree', remark: '' },
      { line: 'memscope tree a --json', remark: 'two' },
      { line: long, remark: 'three' },
    ]),
  ).toEqual([
    '  memscope tree a         one',
    '  memscope tree',
    '  memscope tree a --json  two',
    '  # three',
    `  ${long}`,
  ]);
});

test.each(['--sysroot', '--symbol-path'])('a folder of %s that is not there is wrong usage', (option) => {
  expect(() => parse('a.bin', option, 'no/such/folder')).toThrow(`${option} no/such/folder: no such folder`);
});
