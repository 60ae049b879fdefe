/** Stacks → whose memory it is, and which way the application came to it. */
import { describe, expect, test } from 'vitest';
import {
  findSiteOwners,
  siteStacksOf,
  usageByLibrary,
  type LibraryRule,
  type LibraryUsage,
  type Profile,
} from '../src/index.js';
import { profileOf } from './view/profile-text.js';

function usageOf(profile: Profile, rules: readonly LibraryRule[] = []): LibraryUsage[] {
  const { allocator } = profile.siteKeys();
  const weights = (measure: 'peak' | 'leaked' | 'total' | 'temporary') => profile.siteWeights(measure);
  const [peak, leaked, total, temporary] = [
    weights('peak')!,
    weights('leaked')!,
    weights('total'),
    weights('temporary'),
  ];
  const usage = {
    peakBytes: peak.bytes,
    peakCount: peak.count,
    leakedBytes: leaked.bytes,
    leakedCount: leaked.count,
    totalBytes: total?.bytes ?? null,
    totalCount: total?.count ?? null,
    temporaryBytes: temporary?.bytes ?? null,
    temporaryCount: temporary?.count ?? null,
  };
  const owners = findSiteOwners({ ...siteStacksOf(profile), owners: profile.owners() }, rules);
  return usageByLibrary({ owners, allocator, usage });
}

/** "serve.py:31 > torch.nn > framework: ATen 700" */
const linesOf = (rows: readonly LibraryUsage[]): string[] =>
  rows.map(({ application, through, category, library, peakBytes }) =>
    [application && `${application.file?.split('/').at(-1)}:${application.line}`, through, `${category}: ${library}`]
      .filter((part) => part !== null)
      .join(' > ')
      .concat(` ${peakBytes}`),
  );

const owners = (stack: string, rules: readonly LibraryRule[] = []): string[] =>
  linesOf(usageOf(profileOf(`main malloc ${stack} 0.. 7/1`, 1), rules));

const SERVE = '/srv/serve.py/handle:31';
const LINEAR = '/v/site-packages/torch/nn/modules/linear.py/forward:9';
const PYTHON = '/usr/bin/python3.13';
const TORCH = '/v/site-packages/torch/lib/libtorch_cpu.so';
const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';

describe('memory belongs to', () => {
  test.each([
    [
      'the framework that had c10 allocate',
      `${SERVE}>${LINEAR}>${PYTHON}!call>${TORCH}!at::empty>/v/libc10.so!c10::alloc_cpu`,
      'serve.py:31 > torch.nn > framework: ATen 7',
    ],
    ['c10 where nobody else is known', `${PYTHON}!call>/v/libc10.so!c10::alloc_cpu`, 'framework: c10 7'],
    [
      'the library that called the C library',
      `${SERVE}>${PYTHON}!call>${TORCH}!>${LIBC}!posix_memalign`,
      'serve.py:31 > PyTorch > framework: PyTorch 7',
    ],
    [
      'NumPy that allocates through the interpreter',
      `${SERVE}>/v/site-packages/numpy/core.so!array_new>${PYTHON}!PyMem_Malloc`,
      'serve.py:31 > numpy > package: numpy 7',
    ],
    [
      'a package of Python code',
      `${SERVE}>/v/site-packages/requests/api.py/get`,
      'serve.py:31 > requests.api > package: requests 7',
    ],
    [
      'the numeric library that a framework called',
      `${SERVE}>${LINEAR}>${TORCH}!at::mm>/v/libmkl_core.so!mkl_malloc`,
      'serve.py:31 > torch.nn > math: MKL 7',
    ],
    [
      'the application that called the standard library',
      `${SERVE}>/usr/lib/python3.13/json/decoder.py/decode`,
      'serve.py:31 > application: application 7',
    ],
    ['the application itself', `${SERVE}>${PYTHON}!PyObject_Malloc`, 'serve.py:31 > application: application 7'],
    [
      'the standard library where nobody called it',
      '/usr/lib/python3.13/threading.py/_bootstrap',
      'standardLibrary: standard library 7',
    ],
    [
      'the interpreter rather than the C library',
      `${LIBC}!__libc_start_main>${PYTHON}!Py_BytesMain>${LIBC}!fopen`,
      'interpreter: CPython 7',
    ],
    [
      'the import system, through which package it came',
      `${SERVE}>‹frozen·importlib._bootstrap›/_load>/v/site-packages/numpy/__init__.py/‹module›>‹frozen·importlib._bootstrap›/_load`,
      'serve.py:31 > numpy > importSystem: import system 7',
    ],
    ['nobody where nothing is on the stack', '-', 'null: null 7'],
  ])('%s', (_, stack, expected) => expect(owners(stack)).toEqual([expected]));

  test('what a rule of the user says, which may pass it on to the caller', () => {
    const stack = `${SERVE}>/opt/libengine.so!engine::run>/opt/libpool.so!pool_take`;
    expect(owners(stack)).toEqual(['serve.py:31 > libengine > application: libpool 7']);
    const pool = { category: 'system pool', library: 'pool', module: ['libpool.so'] };
    expect(owners(stack, [pool])).toEqual(['serve.py:31 > libengine > system pool: pool 7']);
    expect(owners(stack, [{ ...pool, forCaller: true }])).toEqual([
      'serve.py:31 > libengine > application: libengine 7',
    ]);
  });
});

test('each library shows the way that most of its memory came on, added up over sites', () => {
  const rows = usageOf(
    profileOf(
      `
      main malloc /srv/a.py/one:1>/v/site-packages/numpy/lib/io.py/load  0.. 50/1
      main malloc /srv/b.py/two:2>/v/site-packages/numpy/random.py/rand  0.. 30/1
      main calloc /srv/b.py/two:2>/v/site-packages/numpy/fft.py/fft  0.. 40/1
      main malloc /srv/b.py/two:2>/srv/c.py/three:3>/v/site-packages/attr/make.py/f  short 9/1
    `,
      2,
    ),
  );
  expect(linesOf(rows)).toEqual(['b.py:2 > numpy.fft > package: numpy 120', 'c.py:3 > attr.make > package: attr 0']);
  expect(rows.map(({ totalBytes, totalCount }) => [totalBytes, totalCount])).toEqual([
    [120, 3],
    [9, 1],
  ]);
});

test('large mappings at the peak are told apart from small ones and from what was allocated', () => {
  const mib = 1024 * 1024;
  const [row] = usageOf(
    profileOf(
      `
      main mmap /srv/a.py/one  0.. ${64 * mib}/1
      main mmap /srv/a.py/two  0.. ${8 * mib}/8
      main malloc /srv/a.py/one  0.. ${64 * mib}/1
    `,
      2,
    ),
  );
  expect(row).toMatchObject({ peakBytes: 136 * mib, peakCount: 10, mappedBytes: 64 * mib, mappedCount: 1 });
});

test('a measure that a capture cannot answer stays unknown', () => {
  const [row] = usageOf(profileOf('main malloc a 0.. 5/1', 1, 'aggregated'));
  expect(row).toMatchObject({ peakBytes: 5, totalBytes: null, temporaryCount: null });
});
