/**
 * Views on a real capture with native traces, named by a symbol bundle as it comes from the machine of the recording:
 * the same on any machine. Made by `memscope symbols pack` against that machine's files.
 */
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';

import { displayWidth } from '../../src/terminal/display-width.js';
import { isBuilt } from '../built-cli.js';
import { expectFile } from '../expected-text.js';
import { runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { expectValid } from './document-schema.js';
import { SHOP } from './view-captures.js';

const CAPTURE = 'engine-dwarf5-v13';
const BUNDLE = fileURLToPath(new URL(`../captures/${CAPTURE}.bin.symbols`, import.meta.url));

interface Frame {
  readonly kind: string;
  readonly function: string | null;
  readonly library: string;
  readonly category: string;
  readonly source: string | null;
}

interface TreeDocument {
  readonly selection: { readonly bytes: number; readonly stacks: string; readonly interpreterFrames: boolean };
  readonly nodes: readonly { readonly frame: Frame | null; readonly bytes: number; readonly selfBytes: number }[];
}

interface TableDocument {
  readonly selection: { readonly bytes: number; readonly wholeBytes: number };
  readonly rows: readonly {
    readonly library: string | null;
    readonly category: string | null;
    readonly bytes: number;
  }[];
}

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt())('a capture with native traces', () => {
  const folder = useFolder();
  let engine = '';
  let shop = '';
  let rules = '';
  beforeAll(() => {
    engine = copyCapture(folder, CAPTURE);
    copyFileSync(BUNDLE, `${engine}.symbols`);
    mkdirSync(join(folder, 'empty'));
    shop = writeCapture(folder, 'shop', SHOP);
    rules = join(folder, 'rules.json');
    writeFileSync(
      rules,
      `{ "rules": [{ "library": "scratch arenas", "category": "pool", "function": "serving::Arena::*" }] }`,
    );
  });

  const documentOf = async <T>(schema: string, ...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await runOnDisk([...args, '--json']);
    expect([code, stderr.replaceAll(/^memscope: warning: .*\n/gm, '')]).toEqual([0, '']);
    const document = JSON.parse(stdout) as T;
    expectValid(schema, document);
    return document;
  };

  test.each([
    ['tree', ['tree']],
    ['tree-native', ['tree', '--stacks', 'native']],
    ['table-library', ['table', '--by', 'library']],
    ['timeline-library', ['timeline', '--by', 'library']],
    ['symbols', ['symbols', 'list']],
  ])('%s is as expected at 80 and 140 columns', async (name, [command = '', ...flags]) => {
    for (const columns of [80, 140]) {
      const world = { terminal: columns, env: { NO_COLOR: '1' } };
      const parameters = command === 'symbols' ? ['symbols', ...flags, engine] : [command, engine, ...flags];
      const { code, stdout } = await runOnDisk(parameters, world);
      expect(code).toBe(0);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > columns || line !== line.trimEnd())).toEqual([]);
      expectFile(`native-${name}-${columns}.txt`, stdout);
    }
  });

  test('is named by the bundle beside it, inlined calls and all', async () => {
    const { nodes, selection } = await documentOf<TreeDocument>('tree-1', 'tree', engine, '--threshold', '0%');
    expect(selection).toMatchObject({ stacks: 'joined', interpreterFrames: false });
    const frames = nodes.map(({ frame }) => frame);
    expect(frames).toContainEqual(
      expect.objectContaining({
        kind: 'native',
        function: 'serving::Arena<float>::grow(unsigned long)',
        line: 26,
        library: 'libengine-dwarf5',
        category: 'application',
        source: 'debug',
      }),
    );
    expect(frames.some((frame) => frame?.source === 'none' && frame.function === null)).toBe(true);
    expect(frames.some((frame) => frame?.kind === 'native' && frame.category === 'interpreter')).toBe(false);
  });

  test('keeps every byte whichever stacks and frames are shown', async () => {
    for (const flags of [[], ['--interpreter-frames'], ['--stacks', 'python'], ['--stacks', 'native']]) {
      const { nodes, selection } = await documentOf<TreeDocument>(
        'tree-1',
        'tree',
        engine,
        '--threshold',
        '0%',
        '--frames',
        'imports',
        ...flags,
      );
      const own = nodes.reduce((sum, { selfBytes }) => sum + selfBytes, 0);
      expect([flags, own, nodes[0]?.bytes]).toEqual([flags, selection.bytes, selection.bytes]);
    }
  });

  test('shows the interpreter, Python frames alone and native frames alone when asked', async () => {
    const kindsOf = async (...flags: string[]): Promise<Set<string | undefined>> => {
      const { nodes } = await documentOf<TreeDocument>('tree-1', 'tree', engine, '--threshold', '0%', ...flags);
      return new Set(nodes.flatMap(({ frame }) => (frame === null ? [] : `${frame.kind} ${frame.category}`)));
    };
    expect(await kindsOf('--interpreter-frames')).toContain('native interpreter');
    expect(await kindsOf('--stacks', 'native')).toContain('native interpreter');
    expect([...(await kindsOf('--stacks', 'native'))].filter((kind) => kind?.startsWith('python'))).toEqual([]);
    expect([...(await kindsOf('--stacks', 'python'))].filter((kind) => kind?.startsWith('native'))).toEqual([]);
  });

  test('without native traces has no native stacks, and says so', async () => {
    const { code, stderr } = await runOnDisk(['tree', shop, '--stacks', 'native']);
    expect([code, stderr]).toEqual([
      2,
      'memscope: the capture has no native stacks: they are recorded with `memray run --native` only\n',
    ]);
    const { code: listed, stderr: why } = await runOnDisk(['symbols', 'list', shop]);
    expect([listed, why]).toEqual([3, expect.stringContaining('native')]);
  });

  test('belongs to libraries by the rules, and by those of the user before them', async () => {
    const byLibrary = async (...flags: string[]): Promise<Record<string, number>> => {
      const { rows, selection } = await documentOf<TableDocument>(
        'table-1',
        'table',
        engine,
        '--by',
        'library',
        ...flags,
      );
      expect(rows.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(selection.bytes);
      return Object.fromEntries(rows.map(({ library, category, bytes }) => [`${category}: ${library}`, bytes]));
    };
    const plain = await byLibrary();
    const own = await byLibrary('--rules', rules);
    expect(plain['pool: scratch arenas']).toBeUndefined();
    expect(own['pool: scratch arenas']).toBeGreaterThan(1_000_000);
    expect(own['pool: scratch arenas']! + own['application: libengine-dwarf5']!).toBe(
      plain['application: libengine-dwarf5'],
    );
    const filtered = await documentOf<TableDocument>(
      'table-1',
      'table',
      engine,
      '--by',
      'category',
      '--rules',
      rules,
      '--filter',
      'category:pool',
    );
    // What goes through such a frame, whoever owns it.
    expect(filtered.rows[0]).toMatchObject({ category: 'pool', bytes: own['pool: scratch arenas'] });
    expect(filtered.selection.bytes).toBeLessThan(filtered.selection.wholeBytes);
  });

  test('is analysed by library, with the way from the application to it', async () => {
    const { stdout } = await runOnDisk(['analyze', engine, '--json']);
    const document = JSON.parse(stdout) as { libraries: object[]; locations: { function: string | null }[] };
    expectValid('analysis-1', document);
    expect(document.libraries).toContainEqual(
      expect.objectContaining({
        library: 'libengine-dwarf5',
        category: 'application',
        application: expect.objectContaining({ function: 'serve', line: 13 }),
        through: 'libengine-dwarf5',
      }),
    );
    expect(document.locations.map((row) => row.function)).toContain('serve');
    const native = await runOnDisk(['analyze', engine, '--json', '--stacks', 'native']);
    expect((JSON.parse(native.stdout) as typeof document).locations.map((row) => row.function)).toContain(
      'serving::Arena<float>::grow(unsigned long)',
    );
  });

  test('a part of it has Python locations, and the filter sees native frames', async () => {
    const { stdout } = await runOnDisk(['analyze', engine, '--json', '--filter', 'library:libengine']);
    const { locations, libraries } = JSON.parse(stdout) as {
      locations: { function: string | null; file: string | null }[];
      libraries: { library: string | null }[];
    };
    expect(libraries.map(({ library }) => library)).toEqual(['libengine-dwarf5']);
    expect(new Set(locations.map(({ file }) => file?.split('/').at(-1)))).toEqual(new Set(['native_engine.py']));
  });

  test('warns once of modules without names, when it is read, and says where to see all', async () => {
    const bare = join(folder, 'bare.bin');
    copyFileSync(engine, bare);
    const empty = join(folder, 'empty');
    const { code, stderr } = await runOnDisk(['table', bare, '--sysroot', empty, '--symbolizer', 'none']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^memscope: warning: bare\.bin: [\d,]+ of [\d,]+ frames of native code have no name: memscope symbols list .*bare\.bin says why\n$/,
    );
    expect(await runOnDisk(['table', bare])).toMatchObject({ code: 0, stderr: '' });
  });

  test('gives the same stacks where its bundle was packed anew', async () => {
    const other = join(folder, 'other.bin');
    copyFileSync(engine, other);
    const packed = join(folder, 'again.symbols');
    const { code, stdout } = await runOnDisk([
      'symbols',
      'pack',
      other,
      '--symbols',
      `${engine}.symbols`,
      '--sysroot',
      join(folder, 'empty'),
      '-o',
      packed,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/again\.symbols: [\d.]+ KiB, names of \d+ of \d+ frames in \d+ modules\n$/);
    renameSync(packed, `${other}.symbols`);
    const [first, second] = await Promise.all(
      [engine, other].map(async (path) => (await runOnDisk(['tree', path, '--csv', '--threshold', '0%'])).stdout),
    );
    expect(second).toBe(first);
  });

  test.each(['analyze', 'tree', 'table', 'callers', 'callees', 'list', 'timeline', 'leaks', 'report', 'serve'])(
    'rules of a missing file end %s before anything is read',
    async (command) => {
      const further = ['callers', 'callees', 'list'].includes(command) ? ['main'] : [];
      const { code, stdout, stderr } = await runOnDisk([command, shop, ...further, '--rules', `${rules}.not`]);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('no such file')]);
    },
  );

  test('rules that are none are wrong usage, and say where', async () => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{ "rules": [{ "library": "x" }] }');
    const { code, stderr } = await runOnDisk(['table', shop, '--rules', bad]);
    expect([code, stderr]).toEqual([
      2,
      `memscope: --rules ${bad}: rules[0]: needs one of module, function, file, package\n`,
    ]);
    expect((await runOnDisk(['table', shop, '--rules', `${bad}.not`])).stderr).toContain('no such file');
    expect((await runOnDisk(['table', shop, '--rules', folder])).code).toBe(2);
  });

  test('the list of modules says the same to programs and spreadsheets', async () => {
    const document = await documentOf<{ modules: Record<string, unknown>[] }>('symbols-1', 'symbols', 'list', engine);
    expect(document.modules.map(({ name }) => name)).toContain('libengine-dwarf5.so');
    const { stdout } = await runOnDisk(['symbols', 'list', engine, '--csv']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(document.modules.length + 1);
    expect(stdout).toMatch(/^name,path,build_id,frames,named,status,from,reason,warning\n/);
    await runOnDisk(['tree', engine]);
    const ofProfile = await runOnDisk(['symbols', 'list', `${engine}.memscope`, '--json']);
    expect((JSON.parse(ofProfile.stdout) as typeof document).modules.map(({ name }) => name)).toEqual(
      document.modules.map(({ name }) => name),
    );
    expect(readFileSync(BUNDLE).length).toBeLessThan(10_000);
  });
});
