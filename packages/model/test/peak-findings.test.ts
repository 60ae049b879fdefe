/** What lived at the peak → what is said of it, and what is not. */
import { answersBut } from '../src/answers.js';
import { describe, expect, test } from 'vitest';
import { findAll } from '../src/analysis/findings/find-all.js';
import type { Finding } from '../src/analysis/findings/finding.js';
import { findingOf, shownBytes } from './found-finding.js';
import { MIB, NO_USAGE, peakOf, sourceOf, ticksOver, type SourceParts } from './finding-source.js';
import { profileOf } from './view/profile-text.js';

const IMPORT = '‹frozen·importlib._bootstrap›/_find_and_load:1>‹frozen·importlib._bootstrap_external›/exec_module:2';
const PANDAS = '/v/site-packages/pandas';

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
