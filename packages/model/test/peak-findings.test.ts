/** What lived at the peak → what is said of it, and what is not. */
import { answersBut } from '../src/answers.js';
import { describe, expect, test } from 'vitest';
import { findAll } from '../src/analysis/findings/find-all.js';
import type { Finding, FindingRuleName } from '../src/analysis/findings/finding.js';
import { parseFilter, select, type Profile } from '../src/index.js';
import { MIB, NO_USAGE, peakOf, sourceOf, ticksOver, type SourceParts } from './finding-source.js';
import { profileOf } from './view/profile-text.js';
import { ALL_AT_PEAK } from './view/selection-requests.js';

const IMPORT = '‹frozen·importlib._bootstrap›/_find_and_load:1>‹frozen·importlib._bootstrap_external›/exec_module:2';
const PANDAS = '/v/site-packages/pandas';

/** `rss` by tick in MiB. */
function profileWith(text: string, ticks: number, rss: readonly number[]): Profile {
  const profile = profileOf(text, ticks);
  const rssBytes = Float64Array.from({ length: ticks }, (_, tick) => (rss[tick] ?? 0) * MIB);
  return { ...profile, ticks: () => ({ ...profile.ticks(), rssBytes }) };
}

function findingOf(rule: FindingRuleName, parts: SourceParts): Finding | null {
  return findAll(sourceOf(parts)).find((each) => each.rule === rule) ?? null;
}

/** What the view of a finding shows. */
function shownBytes({ view }: Finding, profile: Profile): number {
  const { measure, window, filter } = view!;
  return select(profile, { ...ALL_AT_PEAK, measure: measure!, window, filter: parseFilter(filter ?? '') }).bytes;
}

test('a call that holds most of the peak tells what its libraries map beside what it allocates', () => {
  const textOf = (mapped: string): string | undefined =>
    findingOf(
      'mostlyOneLocation',
      peakOf(profileOf(`main malloc main.py/‹module›:1>product:10 0.. ${30 * MIB}/5\n ${mapped}`, 3)),
    )?.text;
  const mapping = 'main mmap main.py/‹module›:1>product:10 0..';
  expect(textOf(`${mapping} ${16 * MIB}/1`)).toContain('16.0 MiB of it is 1 mapping: a library');
  expect(textOf(`${mapping} ${2 * MIB}/1`)).not.toContain('mapping');
  expect(textOf(`main mmap* main.py/‹module›:1>product:10 0.. ${20 * MIB}/20`)).not.toContain('mapping');
});

describe('imports that hold a large part', () => {
  const text = `
    main malloc charts.py/‹module›:4>${IMPORT}>${PANDAS}/__init__.py/‹module›:1 0.. ${20 * MIB}/900
    main malloc charts.py/‹module›:4>${IMPORT}>${PANDAS}/__init__.py/‹module›:7>${IMPORT}>/v/site-packages/numpy/core.py/‹module›:1 0.. ${6 * MIB}/90
    main mmap*  charts.py/‹module›:4>${IMPORT}>${PANDAS}/__init__.py/‹module›:1 0.. ${4 * MIB}/4
    main malloc charts.py/‹module›:9>draw:31 0.. ${30 * MIB}/3`;

  test('are told by the line of the program that imports, and what it imports', () => {
    const profile = profileOf(text, 3);
    const finding = findingOf('importsHold', peakOf(profile))!;
    expect(finding.title).toBe('Importing pandas, charts.py:4, holds 30.0 MiB');
    expect(finding.text).toContain('About 4.00 MiB of it, give or take 2.00 MiB, are Python objects');
    expect(finding.location).toMatchObject({ file: 'charts.py', line: 4 });
    expect(shownBytes(finding, profile)).toBe(finding.bytes);
  });

  test('are told by the line alone where nothing tells what it imports', () => {
    const own = profileOf(`main malloc main.py/‹module›:1>${IMPORT} 0.. ${30 * MIB}/3`, 3);
    expect(findingOf('importsHold', peakOf(own))?.title).toBe('What main.py:1 imports holds 30.0 MiB');
  });

  test('are not what an imported module of the program itself allocates', () => {
    const own = profileOf(`main malloc main.py/‹module›:1>${IMPORT}>/srv/settings.py/‹module›:8 0.. ${30 * MIB}/3`, 3);
    expect(findingOf('importsHold', peakOf(own))).toBeNull();
  });

  test('are not mentioned where they are a small part, or small', () => {
    const small = (bytes: number, rest: number): SourceParts =>
      peakOf(
        profileOf(
          `main malloc a.py/‹module›:4>${IMPORT}>${PANDAS}/__init__.py/‹module›:1 0.. ${bytes}/9
           main malloc a.py/‹module›:5 0.. ${rest}/9`,
          3,
        ),
      );
    expect(findingOf('importsHold', small(5 * MIB, 40 * MIB))).toBeNull();
    expect(findingOf('importsHold', small(2 * MIB, 1))).toBeNull();
    expect(findingOf('importsHold', small(5 * MIB, 1))).not.toBeNull();
  });
});

describe('address space that nothing touched', () => {
  // The heap is highest in tick 6, when 1,000 MiB are set aside; what is used was in tick 2.
  const text = `
    main mmap   main:1>cuda_init:11       12.. ${1000 * MIB}/1
    main malloc main:1>load_checkpoint:4  3..7 ${286 * MIB}/30
    main malloc main:1>steady:8           2..  ${21 * MIB}/20`;

  test('is left out of the peak, of what holds most of it, and is told with the line that took it', () => {
    const profile = profileWith(text, 8, [40, 60, 340, 340, 340, 80, 80, 80]);
    const findings = findAll(sourceOf(peakOf(profile)));
    expect(findings.map(({ rule }) => rule)).toEqual(['mostlyOneLocation', 'mappingsReserved']);
    expect(findings[0]!.title).toBe('load_checkpoint (srv/app.py:4) holds most of the peak: 286 MiB');
    expect(findings[0]!.text).toContain('93.2% of the 307 MiB');
    const [, reserved] = findings;
    expect(reserved!.title).toBe('0.977 GiB of the peak are reserved, not used');
    expect(reserved!.text).toContain('cuda_init (srv/app.py:11)');
    expect(reserved!.text).toContain('the heap is highest after 40 ms: 307 MiB');
    expect(shownBytes(reserved!, profile)).toBe(reserved!.evidence['usedPeakBytes']);
  });

  test('is memory where RSS rose with it, and where nothing tells of RSS', () => {
    const touched = profileWith(text, 8, [40, 60, 340, 340, 340, 80, 1080, 1080]);
    const findings = findAll(sourceOf(peakOf(touched)));
    expect(findings.map(({ rule }) => rule)).toEqual(['mostlyOneLocation']);
    expect(findings[0]!.title).toContain('cuda_init');
  });

  test('is told of an aggregated capture by the highest RSS alone', () => {
    const profile = profileOf(
      `main mmap map:2 0.. ${900 * MIB}/1\nmain malloc work:3 0.. ${40 * MIB}/9`,
      4,
      'aggregated',
    );
    const of = (rssPeakBytes: number | null): Finding | null =>
      findingOf('mappingsReserved', peakOf({ ...profile, notes: { ...profile.notes, rssPeakBytes } }));
    expect(of(100 * MIB)!.evidence).toMatchObject({ reservedBytes: 900 * MIB, usedPeakBytes: 40 * MIB });
    expect(of(800 * MIB)).toBeNull();
    expect(of(null)).toBeNull();
  });

  test('is not looked for among small mappings', () => {
    const small = profileWith(`main mmap a 0.. ${31 * MIB}/1\nmain malloc b 0.. ${9 * MIB}/1`, 4, [9, 9, 9, 9]);
    expect(findingOf('mappingsReserved', peakOf(small))).toBeNull();
  });
});

describe('files that are mapped', () => {
  const SAFETENSORS = '/v/site-packages/safetensors/_safetensors_rust.abi3.so';
  const text = `
    main mmap   load:26>${SAFETENSORS}!memmap2::unix::MmapInner::new>/lib/x86_64-linux-gnu/libc.so.6!mmap 0.. ${64 * MIB}/2
    main malloc work:3 0.. ${40 * MIB}/9`;

  test('are told apart from heap, with the line that maps them', () => {
    const profile = profileOf(text, 3);
    const finding = findingOf('filesMapped', peakOf(profile))!;
    expect(finding.title).toBe('64.0 MiB of the peak are mapped files, not heap');
    expect(finding.text).toContain('app.py:26 (64.0 MiB)');
    expect(shownBytes(finding, profile)).toBe(finding.bytes);
    expect(findingOf('mostlyOneLocation', peakOf(profile))).toBeNull();
  });

  test('are not what a library maps for itself, nor memory that processes share', () => {
    const other = text.replace(SAFETENSORS, '/v/lib/libengine.so').replace('memmap2::unix::MmapInner::new', 'grow');
    expect(findingOf('filesMapped', peakOf(profileOf(other, 3)))).toBeNull();
    const shared = text.replace('load:26', 'load:26>/usr/lib/python3.11/multiprocessing/reductions.py/rebuild:9');
    expect(findingOf('filesMapped', peakOf(profileOf(shared, 3)))).toBeNull();
  });
});

describe('a library with an allocator of its own', () => {
  test('is told to show only what it mapped', () => {
    const text = `main mmap handle:8>/v/site-packages/pyarrow/compute.py/take:5 0.. ${64 * MIB}/1`;
    const finding = findingOf('ownAllocator', peakOf(profileOf(text, 3)))!;
    expect(finding.title).toBe('pyarrow (mimalloc) has an allocator of its own');
    expect(finding.text).toContain('pyarrow 64.0 MiB at the peak');
  });

  test('is not mentioned where malloc serves it', () => {
    const text = `main malloc handle:8>/v/site-packages/pyarrow/compute.py/take:5 0.. ${64 * MIB}/1`;
    expect(findingOf('ownAllocator', peakOf(profileOf(text, 3)))).toBeNull();
  });
});

describe('Python objects in arenas', () => {
  const lines = ['a', 'b', 'c', 'd', 'e'].map((name) => `main mmap* ${name}:1 0.. ${2 * MIB}/2`);
  const text = `${lines.join('\n')}\nmain malloc work:3 0.. ${20 * MIB}/9`;

  test('are told to hide who made them, with what shows it', () => {
    const profile = profileOf(text, 3);
    const finding = findingOf('objectsHidden', peakOf(profile))!;
    expect(finding.title).toBe('10.0 MiB are Python objects: record with --trace-python-allocators');
    expect(finding.text).toContain('33.3% of the 30.0 MiB at the peak are arenas of pymalloc');
    expect(shownBytes(finding, profile)).toBe(finding.bytes);
  });

  test('are not mentioned where they hold little, or another finding tells of them', () => {
    expect(findingOf('objectsHidden', peakOf(profileOf(text.replace(`${20 * MIB}`, `${40 * MIB}`), 3)))).toBeNull();
    expect(findingOf('objectsHidden', peakOf(profileOf(lines.slice(3).join('\n'), 3)))).toBeNull();
    const one = profileOf(`main mmap* a:1 0.. ${20 * MIB}/20\nmain malloc b:1 0.. ${9 * MIB}/1`, 3);
    expect(findAll(sourceOf(peakOf(one))).map(({ rule }) => rule)).toEqual(['mostlyOneLocation']);
  });

  test('are not mentioned where imports made them', () => {
    const made = `main mmap* charts.py/‹module›:4>${IMPORT}>${PANDAS}/__init__.py/‹module›:1 0.. ${10 * MIB}/10`;
    const profile = profileOf(`${made}\nmain malloc work:3 0.. ${20 * MIB}/9`, 3);
    expect(findingOf('objectsHidden', peakOf(profile))).toBeNull();
    expect(findingOf('importsHold', peakOf(profile))).not.toBeNull();
  });

  test('are not there where each object was recorded', () => {
    expect(findingOf('objectsHidden', peakOf(profileOf(text.replaceAll('mmap*', 'pymalloc_malloc'), 3)))).toBeNull();
  });
});

describe('memory without a Python frame', () => {
  const text = `pool malloc - 0.. ${20 * MIB}/9\nmain malloc work:3 0.. ${30 * MIB}/9`;

  test('asks for native stacks', () => {
    const profile = profileOf(text, 3);
    const finding = findingOf('framesMissing', peakOf(profile))!;
    expect(finding.title).toBe('20.0 MiB have no Python frame: record with --native');
    expect(shownBytes(finding, profile)).toBe(finding.bytes);
  });

  test('is not mentioned where they are there, or little lacks one', () => {
    const parts = peakOf(profileOf(text, 3));
    expect(findingOf('framesMissing', { ...parts, capture: { ...parts.capture, answers: answersBut({}) } })).toBeNull();
    expect(
      findingOf('framesMissing', peakOf(profileOf(`pool malloc - 0.. 9/9\nmain malloc a 0.. ${MIB}/1`, 3))),
    ).toBeNull();
  });
});

describe('one that holds most', () => {
  const parts = { ...peakOf(profileOf(`main malloc a 0.. ${40 * MIB}/1`, 3)), peakWay: null };
  const library = { mappedBytes: 0, mappedCount: 0, application: null, through: null, ...NO_USAGE };
  const thread = { tid: 2n, name: 'loader', threads: 1, ...NO_USAGE };

  test('is told of libraries, with the way from the application', () => {
    const application = { functionName: 'forward', file: '/srv/serve.py', line: 19 };
    const libraries = [
      { ...library, library: 'oneDNN', category: 'math', peakBytes: 30 * MIB, application, through: 'torch.nn' },
    ];
    const finding = findingOf('libraryHolds', { ...parts, libraries })!;
    expect(finding.title).toBe('oneDNN holds most of the peak: 30.0 MiB');
    expect(finding.text).toContain('reached from serve.py:19 → torch.nn');
    expect(finding.view).toMatchObject({ filter: 'owner:"oneDNN"', window: 'peak' });
  });

  test('is not the application, nor a library below half', () => {
    const told = (name: string, category: string, mib: number): Finding | null =>
      findingOf('libraryHolds', {
        ...parts,
        libraries: [{ ...library, library: name, category, peakBytes: mib * MIB }],
      });
    expect(told('application', 'application', 39)).toBeNull();
    expect(told('oneDNN', 'math', 19)).toBeNull();
    expect(told('oneDNN', 'math', 21)).not.toBeNull();
  });

  test('is told of threads, but not of the main one', () => {
    const threads = [
      { ...thread, peakBytes: 30 * MIB },
      { ...thread, tid: 1n, name: 'main thread', peakBytes: 10 * MIB },
    ];
    expect(findingOf('threadHolds', { ...parts, threads })!.title).toBe('loader holds most of the peak: 30.0 MiB');
    const others = threads.map((each) => ({ ...each, peakBytes: 40 * MIB - each.peakBytes }));
    expect(findingOf('threadHolds', { ...parts, threads: others })).toBeNull();
  });

  test('is not told of threads where a line holds the same memory, but where it is another', () => {
    const threads = [
      { ...thread, peakBytes: 30 * MIB },
      { ...thread, tid: 1n, name: 'main thread', peakBytes: 10 * MIB },
    ];
    const { peakWay } = peakOf(profileOf(`t malloc serve:2 0.. ${30 * MIB}/3`, 3));
    expect(findingOf('threadHolds', { ...parts, threads, peakWay })).toBeNull();
    const { peakWay: other } = peakOf(profileOf(`t malloc serve:2 0.. ${22 * MIB}/3`, 3));
    expect(findingOf('threadHolds', { ...parts, threads, peakWay: other })).not.toBeNull();
  });

  test('is not told of a thread without a name where the main one is not known, as in what was attached to', () => {
    const attached = (name: string): Finding | null =>
      findingOf('threadHolds', {
        ...parts,
        threads: [
          { ...thread, name, peakBytes: 30 * MIB },
          { ...thread, tid: 1n, name: 'Dummy-2', peakBytes: 10 * MIB },
        ],
      });
    expect(attached('thread 2')).toBeNull();
    expect(attached('worker-1')).not.toBeNull();
  });

  test('takes threads of one name, but for numbers, together', () => {
    const threads = [
      { ...thread, tid: null, name: 'worker-*', threads: 400, peakBytes: 30 * MIB },
      { ...thread, tid: 1n, name: 'main thread', peakBytes: 10 * MIB },
    ];
    const finding = findingOf('threadHolds', { ...parts, threads })!;
    expect(finding.title).toBe('worker-* (400 threads) hold most of the peak: 30.0 MiB');
    expect(finding.view).toMatchObject({ filter: 'thread:worker-*' });
    expect(finding.text).not.toContain('greenlets');
    const nameless = threads.map((each) => ({ ...each, name: each.name.replace('worker-', 'thread ') }));
    expect(findingOf('threadHolds', { ...parts, threads: nameless })!.text).toContain('greenlets count as threads');
  });
});

describe('RSS far above the heap', () => {
  test('is told with what it can be', () => {
    const ticks = ticksOver(
      20_000,
      50,
      () => 750,
      () => 100,
    );
    expect(findingOf('rssAboveHeap', { ticks })!.title).toBe('RSS is 650 MiB above the heap');
    expect(findingOf('rssAboveHeap', { ticks })!.text).toContain('Most of that was there at the first memory record');
  });

  test('is not mentioned of an interpreter and its libraries', () => {
    const ticks = ticksOver(
      20_000,
      50,
      () => 200,
      () => 90,
    );
    expect(findingOf('rssAboveHeap', { ticks })).toBeNull();
  });
});
