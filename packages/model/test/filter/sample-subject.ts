/**
 * A small capture to filter, as a person reads it: a line per site with its stack (outermost frame first, frames as
 * `function@file`, native ones as `function@file@module`), thread, allocator, bytes and count.
 */
import { applicationLines } from '../../src/view/application-lines.js';
import { ALLOCATOR_NAMES, NATIVE_FRAME, PYTHON_FRAME } from '../../src/tables.js';
import type { FilterSubject } from '../../src/filter/match-sites.js';
import type { SiteStacks } from '../../src/join/joined-walk.js';
import type { StackTables } from '../../src/profile.js';

export interface Thread {
  readonly tid: bigint;
  readonly name: string | null;
}

/** Sites with one stack each. */
export function stacksOf(tables: StackTables, stack: Uint32Array, thread: Uint32Array): SiteStacks {
  const sites = { length: stack.length, thread, pythonStack: stack, nativeStack: null };
  return { tables, sites, joins: [{ firstSite: 0, notes: null }] };
}

export function subjectOf(text: string, threads: readonly Thread[]): FilterSubject {
  const frameTexts: string[] = [];
  const parent = [0];
  const frame = [0];
  const stackOf = new Map<string, number>();
  const lines = text.trim().split('\n');
  const sites = lines.map((line) => {
    const [frames = '', tid = '', allocator = '', bytes = '', count = ''] = line.split('|').map((part) => part.trim());
    let stack = 0;
    for (const name of frames.split(' > ').filter((part) => part !== '')) {
      if (!frameTexts.includes(name)) frameTexts.push(name);
      const key = `${stack} ${name}`;
      const known = stackOf.get(key);
      if (known === undefined) {
        parent.push(stack);
        stack = frame.push(frameTexts.indexOf(name)) - 1;
        stackOf.set(key, stack);
      } else {
        stack = known;
      }
    }
    return {
      stack,
      thread: threads.findIndex((thread) => thread.tid === BigInt(tid)),
      allocator: ALLOCATOR_NAMES.findIndex((name) => name === allocator),
      bytes: Number(bytes),
      count: Number(count),
    };
  });

  const parts = frameTexts.map((name) => name.split('@'));
  const modulePaths = [...new Set(parts.flatMap(([, , path]) => (path === undefined ? [] : [path])))];
  const orNull = (part: string | undefined): string | null => (part === undefined || part === '' ? null : part);
  const tables = {
    frames: {
      length: parts.length,
      kind: Uint8Array.from(parts, ([, , path]) => (path === undefined ? PYTHON_FRAME : NATIVE_FRAME)),
      functionName: parts.map(([name]) => orNull(name)),
      file: parts.map(([, file]) => orNull(file)),
      line: Int32Array.from(parts, (_, row) => row + 1),
      module: Int32Array.from(parts, ([, , path]) => (path === undefined ? -1 : modulePaths.indexOf(path))),
      ip: new BigUint64Array(parts.length),
      source: new Uint8Array(parts.length),
    },
    modules: {
      length: modulePaths.length,
      path: modulePaths,
      name: modulePaths.map((path) => path.split('/').at(-1) ?? ''),
      buildId: modulePaths.map(() => null),
      category: modulePaths.map(() => null),
    },
    stacks: { length: parent.length, parent: Uint32Array.from(parent), frame: Uint32Array.from(frame) },
  };
  return {
    stacks: stacksOf(
      tables,
      Uint32Array.from(sites, ({ stack }) => stack),
      Uint32Array.from(sites, ({ thread }) => thread),
    ),
    threads: {
      length: threads.length,
      tid: BigUint64Array.from(threads, ({ tid }) => tid),
      name: threads.map(({ name }) => name),
    },
    allocator: Uint8Array.from(sites, ({ allocator }) => allocator),
    bytes: Float64Array.from(sites, ({ bytes }) => bytes),
    count: Float64Array.from(sites, ({ count }) => count),
  };
}

export const THREADS: readonly Thread[] = [
  { tid: 1n, name: 'MainThread' },
  { tid: 2n, name: 'Thread-12 (serve)' },
  { tid: 12n, name: null },
  { tid: 140_000_000_000_001n, name: 'Writer' },
];

/** Whose memory the sample's sites hold. */
const OWNERS = {
  attributions: [
    { library: 'PyTorch', category: 'framework' },
    { library: 'torch.jit', category: 'framework' },
    { library: 'standard library', category: 'standardLibrary' },
  ],
  ofSite: Int32Array.of(0, 1, 2, 0, -1, -1, -1, -1),
  functions: {
    kind: Uint8Array.of(0, 1, 2, 2, 3),
    functionName: [null, null, 'load', 'torch_loader', null],
    file: [null, null, '/app/load.py', '/app/load.py', '/usr/lib/libgomp.so.1'],
  },
  functionOf: Uint32Array.of(2, 3, 2, 1, 4, 0, 0, 0),
};

const SUBJECT = subjectOf(
  `
  main@/app/main.py > load@/app/load.py                                                     | 1  | malloc          | 100     | 1
  main@/app/main.py > load@/app/load.py > frame@/v/lib/python3.12/site-packages/pandas/f.py | 1  | pymalloc_malloc | 2048    | 20
  main@/app/main.py > _find_and_load@<frozen importlib._bootstrap>                          | 1  | calloc          | 1048576 | 3
  run@/usr/lib/python3.12/threading.py > serve@/app/serve.py                                | 2  | mmap            | 4194304 | 2
  run@/usr/lib/python3.12/threading.py > Ἀλφα ΟΔΟΣ@/app/straße.py                           | 12 | realloc         | 7       | 7
  run@/usr/lib/python3.12/threading.py > gemm(int)@@/opt/lib/libblas.so.3                   | 12 | posix_memalign  | 500     | 50
  @@/opt/lib/libblas.so.3                                                                   | 140000000000001 | pymalloc_calloc | 9 | 1
                                                                                            | 1  | malloc          | 0       | 0
`,
  THREADS,
);

/** Sites 0 to 7. */
export const SAMPLE: FilterSubject = {
  ...SUBJECT,
  owners: () => OWNERS,
  applications: () => ({
    lines: applicationLines({ sites: SUBJECT.stacks.sites, stackTables: SUBJECT.stacks.tables, arenas: null }),
    frames: SUBJECT.stacks.tables.frames,
  }),
};
