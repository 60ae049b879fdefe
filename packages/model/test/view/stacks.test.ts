/** Joined, Python and native stacks: what each shows, and that no byte is lost between them. */
import { describe, expect, test } from 'vitest';

import {
  bandsOverTime,
  groupSites,
  ownerOf,
  select,
  sumByGroup,
  ViewError,
  type Profile,
  type SelectionRequest,
} from '../../src/index.js';
import { selectUsage } from '../../src/analysis/selected-usage.js';
import { parseFilter } from '../../src/filter/parse-filter.js';
import { profileOf } from './profile-text.js';
import { ALL_AT_PEAK } from './selection-requests.js';
import { draw } from './paths/draw-text.js';

const TORCH = '/v/site-packages/torch/lib/libtorch_cpu.so';
const native = (): Profile =>
  profileOf(
    `
  main malloc /srv/serve.py/handle:31>/v/site-packages/torch/nn/linear.py/forward>/usr/bin/python3.13!cfunction_call>${TORCH}!at::empty>/v/libc10.so!c10::alloc_cpu 0.. 700/7
  main malloc /srv/serve.py/handle:31>/usr/bin/python3.13!PyObject_Malloc 0.. 30/3
  main malloc /usr/bin/python3.13!Py_BytesMain 0.. 5/1
  work malloc /lib/x86_64-linux-gnu/libc.so.6!start_thread>${TORCH}! 0.. 200/2
  work malloc - 0.. 1/1
`,
    2,
  );
const NATIVE = native();

const treeOf = (request: Partial<SelectionRequest>): string[] =>
  draw(NATIVE, { request: { ...ALL_AT_PEAK, ...request } }).lines;

describe('stacks', () => {
  test('are joined unless asked otherwise, and native frames of the interpreter leave their bytes to their caller', () => {
    expect(treeOf({})).toEqual([
      '. 936/14 (self 6/2)',
      '  handle:31 730/10 (self 30/3)',
      '    forward:1 700/7',
      '      at::empty 700/7',
      '        c10::alloc_cpu 700/7 (self 700/7)',
      '  start_thread 200/2',
      '    libtorch_cpu.so 0x1008 200/2 (self 200/2)',
    ]);
    expect(treeOf({ stacks: 'joined' })).toEqual(treeOf({}));
  });

  test('show the interpreter when asked', () => {
    expect(treeOf({ interpreterFrames: true })).toEqual([
      '. 936/14 (self 1/1)',
      '  handle:31 730/10',
      '    forward:1 700/7',
      '      cfunction_call 700/7',
      '        at::empty 700/7',
      '          c10::alloc_cpu 700/7 (self 700/7)',
      '    PyObject_Malloc 30/3 (self 30/3)',
      '  start_thread 200/2',
      '    libtorch_cpu.so 0x1008 200/2 (self 200/2)',
      '  Py_BytesMain 5/1 (self 5/1)',
    ]);
  });

  test('can be of Python frames alone', () => {
    expect(treeOf({ stacks: 'python' })).toEqual([
      '. 936/14 (self 206/4)',
      '  handle:31 730/10 (self 30/3)',
      '    forward:1 700/7 (self 700/7)',
    ]);
  });

  test('can be of native frames alone, the interpreter’s among them', () => {
    expect(treeOf({ stacks: 'native' })).toEqual([
      '. 936/14 (self 1/1)',
      '  _PyEval_EvalFrameDefault 730/10',
      '    _PyEval_EvalFrameDefault 700/7',
      '      cfunction_call 700/7',
      '        at::empty 700/7',
      '          c10::alloc_cpu 700/7 (self 700/7)',
      '    PyObject_Malloc 30/3 (self 30/3)',
      '  start_thread 200/2',
      '    libtorch_cpu.so 0x1008 200/2 (self 200/2)',
      '  Py_BytesMain 5/1 (self 5/1)',
    ]);
  });

  test('cannot be native where none were recorded', () => {
    const python = profileOf('main malloc a>b 0.. 10/1', 1);
    const ask = () => select(python, { ...ALL_AT_PEAK, stacks: 'native' });
    expect(ask).toThrow(ViewError);
    expect(ask).toThrow('the capture has no native stacks: they are recorded with `memray run --native` only');
    expect(select(python, { ...ALL_AT_PEAK, stacks: 'joined' }).shown).toBeNull();
  });

  test('that are chosen decide what a filter looks at', () => {
    const bytesOf = (filter: string, stacks: SelectionRequest['stacks']): number =>
      select(NATIVE, { ...ALL_AT_PEAK, filter: parseFilter(filter), ...(stacks === undefined ? {} : { stacks }) })
        .bytes;
    expect(bytesOf('library:ATen', undefined)).toBe(700);
    expect(bytesOf('library:ATen', 'python')).toBe(0);
    expect(bytesOf('handle', 'native')).toBe(0);
    // Frames that are folded are still there.
    expect(bytesOf('category:interpreter', undefined)).toBe(735);
  });
});

describe('the owner of a site', () => {
  const namesBy = (by: 'library' | 'category', request: Partial<SelectionRequest> = {}): Record<string, number> => {
    const selection = select(NATIVE, { ...ALL_AT_PEAK, ...request });
    const groups = groupSites(selection, by);
    const sums = sumByGroup(selection.weights.bytes, groups);
    return Object.fromEntries(
      groups.siteOfGroup.map((site, group) => [ownerOf(site, selection.owners())?.[by] ?? '-', sums[group]!]),
    );
  };

  test('is the innermost library that does not work for its callers', () => {
    expect(namesBy('library')).toEqual({ ATen: 700, application: 30, CPython: 5, PyTorch: 200, '-': 1 });
    expect(namesBy('category')).toEqual({ framework: 900, application: 30, interpreter: 5, '-': 1 });
  });

  test('is the same whichever stacks and frames are shown', () => {
    for (const request of [{ stacks: 'python' }, { stacks: 'native' }, { interpreterFrames: true }] as const) {
      expect(namesBy('library', request)).toEqual(namesBy('library'));
    }
  });

  test('follows the rules of a user', () => {
    const rules = [{ category: 'model', library: 'our torch', module: ['libtorch*'] }];
    expect(namesBy('library', { rules })).toEqual({ 'our torch': 900, application: 30, CPython: 5, '-': 1 });
    expect(namesBy('category', { rules })).toMatchObject({ model: 900 });
    const filter = parseFilter('category:model');
    expect(select(NATIVE, { ...ALL_AT_PEAK, filter, rules }).bytes).toBe(900);
  });

  test('is what bands over time are made of', () => {
    const selection = select(NATIVE, { ...ALL_AT_PEAK, measure: 'total' });
    const { bands } = bandsOverTime(selection, { by: 'category', window: null, most: 1 });
    expect(bands.map(({ liveBytes }) => liveBytes[0])).toEqual([900, 36]);
  });
});

describe('the usage of a part', () => {
  test('is the same whatever was asked of the profile before', () => {
    const usageOf = (profile: Profile, request: SelectionRequest): object => {
      const { whole, locations, allocators, threads, libraries } = selectUsage(request, (each) =>
        select(profile, each),
      );
      return { whole, locations, allocators, threads, libraries: libraries() };
    };
    const parts = [{}, { stacks: 'joined' }, { stacks: 'python' }, { stacks: 'native' }].flatMap((stacks) =>
      [{}, { frames: 'no-standard-library' } as const, { interpreterFrames: true }].map(
        (frames) => ({ ...ALL_AT_PEAK, window: '#0..', ...stacks, ...frames }) as SelectionRequest,
      ),
    );
    for (const request of [...parts, ...parts.toReversed()]) {
      expect(usageOf(NATIVE, request)).toEqual(usageOf(native(), request));
    }
  });
});
