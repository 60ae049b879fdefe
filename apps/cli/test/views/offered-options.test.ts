/**
 * Every option of a view that a command offers changes what it says, not only what stands above it; and where rows of
 * one kind do not read an option that those of another do, that is wrong usage.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';
import { BAND_GROUPINGS, GROUPINGS, partsOffered, VIEW_PARTS, type ViewPart, type ViewQuestion } from '@memscope/model';

import { flagOf } from '../../src/options/selection-options.js';
import { createProgram } from '../../src/program.js';
import { isBuilt } from '../built-cli.js';
import { fakeHost } from '../fake-host.js';
import { runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { SHOP } from './view-captures.js';

/** Stands for the rules that make native code the interpreter's. */
const HIDES_NATIVE = ['--rules', ''];

/** Two threads whose names differ in their numbers alone; what is most by bytes is not what is most by counts. */
const WORKERS = `
capture v13 start=1767323045000 end=1767323047000
memory t=0 rss=1000000
thread 1 "worker-1"
push work /srv/app.py:1 entry
malloc 0x1000 5000
push few /srv/app.py:5
push make /srv/app.py:2
malloc 0x10000 9000
pop 2
push many /srv/app.py:9
push make /srv/app.py:2
malloc 0x20000 10
malloc 0x20100 10
malloc 0x20200 10
pop 2
thread 2 "worker-2"
push work /srv/app.py:1 entry
malloc 0x3000 7000
memory t=500 rss=1000000
`;

/** Commands with a function behind the capture, and kinds of rows that read different options. */
const COMMANDS: readonly (readonly [command: ViewQuestion, functions: readonly string[], rows: readonly string[][]])[] =
  [
    ['tree', [], [[]]],
    [
      'callers',
      ['total', 'load', 'FUNCTYPE', 'make', 'serve', '_endian.py:<module>'],
      [[], HIDES_NATIVE, ['--frames', 'all']],
    ],
    ['callees', ['total', 'load', 'main', 'read_csv', 'serve'], [[]]],
    ['list', ['total', 'load', 'read_csv', '/^(few|many)$/', 'serve'], [[], HIDES_NATIVE]],
    [
      'table',
      [],
      [
        ['--by', 'site'],
        ['--by', 'location'],
        ['--by', 'library'],
      ],
    ],
    ['timeline', [], [['--by', 'module'], ['--by', 'library'], ['--by', 'thread'], []]],
    ['leaks', [], [[]]],
    ['analyze', [], [[], ['--stacks', 'joined']]],
  ];

const folder = useFolder();
const captures: string[] = [];
let rules = '';

beforeAll(() => {
  if (!isBuilt()) return;
  captures.push(writeCapture(folder, 'shop', SHOP), copyCapture(folder, 'engine-dwarf5-v13'));
  captures.push(writeCapture(folder, 'workers', WORKERS));
  rules = join(folder, 'own.json');
  const own = { library: 'engine', category: 'interpreter', module: ['*.so*'] };
  writeFileSync(rules, JSON.stringify({ rules: [own, { library: 'ours', category: 'mine', file: ['*.py'] }] }));
});

/** Ways to give the option; those of threads, stacks and rules need what else is on the stack. */
function waysOf(part: ViewPart): string[][] {
  const values: Readonly<Partial<Record<ViewPart, readonly string[]>>> = {
    measure: ['leaked'],
    window: ['20%..60%'],
    filter: ['size>=400kB'],
    stacks: ['python', 'native'],
    frames: ['all', 'imports', 'no-standard-library'],
    rules: [rules],
  };
  return values[part]?.map((value) => [flagOf(part), value]) ?? [[flagOf(part)]];
}

function withRules(base: readonly string[]): readonly string[] {
  return base === HIDES_NATIVE ? ['--rules', rules] : base;
}

/** Without what says again how it was asked. */
async function answer(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runOnDisk([command, ...args, '--json']);
  if (code !== 0) return stderr;
  const document = JSON.parse(stdout) as Record<string, unknown>;
  const { selection } = document;
  for (const heading of ['selection', 'scope', 'window']) delete document[heading];
  if (document['bands'] !== undefined) delete (document['bands'] as Record<string, unknown>)['selection'];
  const sums = selection === undefined ? {} : { bytes: (selection as { bytes: unknown }).bytes };
  return JSON.stringify({ ...document, ...sums });
}

describe.skipIf(!isBuilt()).each(COMMANDS)('memscope %s', (command, functions, rows) => {
  const offered = partsOffered(command, command === 'table' ? GROUPINGS : command === 'timeline' ? BAND_GROUPINGS : []);

  test('offers what its question reads of a view, and nothing else of it', () => {
    const program = createProgram(fakeHost().host, () => undefined);
    const { options } = program.commands.find((each) => each.name() === command)!;
    expect(VIEW_PARTS.filter((part) => options.some(({ long }) => long === flagOf(part)))).toEqual(offered);
  });

  test.each(offered)('%s changes the answer on some capture', async (part) => {
    for (const capture of captures) {
      for (const base of rows) {
        for (const name of functions.length === 0 ? [[]] : functions.map((each) => [each])) {
          const before = await answer(command, [capture, ...name, ...withRules(base)]);
          for (const way of waysOf(part)) {
            const after = await answer(command, [capture, ...name, ...withRules(base), ...way]);
            if (after !== before && after.startsWith('{') && before.startsWith('{')) return;
          }
        }
      }
    }
    expect.fail(`${flagOf(part)} changed nothing`);
  });
});

describe('an option that rows of another kind read is wrong usage, and says which do', () => {
  test.each([
    [
      ['table', '--by', 'thread', '--frames', 'all'],
      '--frames changes nothing with --by thread: it is for --by function, location, module, site',
    ],
    [['table', '--split-threads'], '--split-threads changes nothing with --by function: it is for --by site, thread'],
    [
      ['table', '--by', 'owner', '--stacks', 'python'],
      '--stacks changes nothing with --by owner and without --filter: it is for --by function, location, module, site, ' +
        'or for what a filter means',
    ],
    [['timeline', '--hide-standard-library'], '--frames changes nothing without --by: it is for --by module'],
    [
      ['tree', '--interpreter-frames', '--stacks', 'python'],
      '--interpreter-frames changes nothing of python stacks: it is for --stacks joined',
    ],
    [
      ['analyze', '--interpreter-frames'],
      '--interpreter-frames changes nothing of python stacks: it is for --stacks joined',
    ],
    [['timeline', '--top', '3'], '--top changes nothing without --by: it is how many bands there are'],
  ])('%j', async ([command = '', ...flags], words) => {
    const { code, stderr } = await runOnDisk([command, 'any.bin', ...flags]);
    expect([code, stderr]).toEqual([2, `memscope: ${words}\n`]);
  });

  test('with a filter, what its terms are understood by is read', async () => {
    const args = ['table', captures[0]!, '--by', 'owner', '--stacks', 'python', '--filter', 'load'];
    expect((await runOnDisk(args)).code).toBe(0);
  });
});
