/**
 * A profile as text → an open profile in memory, with every column worked out from its lifetimes in the plainest way.
 *
 * A line is a site: `THREAD ALLOCATOR a>b>c  BORN..DIED BYTES/COUNT, …`; moments as in the bulk table, `3..` for what
 * was never freed, `short BYTES/COUNT` for what left no row, `short!` for such that was temporary. A frame is
 * `function`, `function:line` or `file.py/function:line`,
 * `mmap*` is pymalloc's own, `·` is a blank, `‹›` are angle brackets. `PATH!function` is a native frame, `PATH!` one without a name; where there
 * are any, a line is a joined stack, of which the Python stack and the native one hold their own frames. Ticks are ten
 * milliseconds apart and start at 10.
 */
import { answersBut, NO_HISTORY } from '../../src/answers.js';
import { batchOf, type LifetimeRow } from '../../src/view/live-changes.js';
import {
  ALLOCATOR_NAMES,
  memoryProfile,
  NATIVE_FRAME,
  NEVER,
  OWNER_KINDS,
  PYTHON_FRAME,
  type CaptureNotes,
  type CaptureRow,
  type CaptureTables,
  type Profile,
  type SiteMeasure,
  type SiteWeights,
  originOf,
} from '../../src/index.js';

interface Frame {
  readonly name: string | null;
  readonly file: string | null;
  readonly line: number;
  /** Path of a native frame's. */
  readonly module: string | null;
}

/** What runs a Python frame. */
const LOOP: Frame = { name: '_PyEval_EvalFrameDefault', file: null, line: 0, module: '/usr/bin/python3.13' };

export function profileOf(text: string, ticks: number, layout: 'all' | 'aggregated' = 'all'): Profile {
  const threads: string[] = [];
  const frames: Frame[] = [];
  const stacks: { parent: number; frame: number }[] = [{ parent: 0, frame: -1 }];
  const modules: string[] = [];
  const sites: {
    thread: number;
    allocator: number;
    pythonStack: number;
    nativeStack: number;
    isObjects: boolean;
  }[] = [];
  const rows: LifetimeRow[] = [];
  const short: (Omit<LifetimeRow, 'born' | 'died'> & { temporary: boolean })[] = [];
  const intern = <T>(list: T[], entry: T): number => {
    const at = list.findIndex((each) => JSON.stringify(each) === JSON.stringify(entry));
    return at >= 0 ? at : list.push(entry) - 1;
  };
  const isNative = text.includes('!');
  for (const line of text
    .split('\n')
    .map((each) => each.trim())
    .filter(Boolean)) {
    const [thread = '', allocator = '', path = '', ...rest] = line.split(/\s+/);
    const steps = (path === '-' ? [] : path.split('>')).map(parseFrame);
    const stackOf = (some: readonly Frame[]): number =>
      some.reduce((parent, frame) => intern(stacks, { parent, frame: intern(frames, frame) }), 0);
    for (const frame of steps) intern(frames, frame);
    for (const { module } of steps) if (module !== null) intern(modules, module);
    // Without a loop around it nothing tells where a Python frame stands among native ones.
    const nativeSteps = steps.map((step) => (step.module === null ? LOOP : step));
    if (isNative && nativeSteps.includes(LOOP)) intern(modules, LOOP.module!);
    const site =
      sites.push({
        thread: intern(threads, thread),
        allocator: ALLOCATOR_NAMES.indexOf(allocator.replace('*', '') as never),
        isObjects: allocator.endsWith('*'),
        pythonStack: stackOf(steps.filter(({ module }) => module === null)),
        nativeStack: isNative ? stackOf(nativeSteps) : 0,
      }) - 1;
    for (const entry of rest.join(' ').split(',').filter(Boolean)) {
      const [when = '', amount = ''] = entry.trim().split(' ');
      const [bytes = 0, count = 0] = amount.split('/').map(Number);
      if (when.startsWith('short')) {
        short.push({ site, bytes, count, temporary: when.endsWith('!') });
        continue;
      }
      const [born = '', died = ''] = when.split('..');
      rows.push({ site, born: Number(born), died: died === '' ? NEVER : Number(died), bytes, count });
    }
  }
  // Pieces of mappings have no bytes.
  const isAllocation = ({ site, bytes }: LifetimeRow): boolean =>
    bytes > 0 || ALLOCATOR_NAMES[sites[site]!.allocator] !== 'mmap';
  const liveAt = (moment: number): LifetimeRow[] => rows.filter(({ born, died }) => born <= moment && moment < died);
  const sum = (some: readonly { bytes: number }[]): number => some.reduce((all, { bytes }) => all + bytes, 0);
  const heap = Array.from({ length: ticks + 1 }, (_, tick) => sum(liveAt(2 * tick)));
  const peakBytes = Math.max(...heap);
  const peakTick = heap.lastIndexOf(peakBytes);
  const weigh = (some: readonly { site: number; bytes: number; count: number }[]): SiteWeights => {
    const bytes = new Float64Array(sites.length);
    const count = new Float64Array(sites.length);
    for (const row of some) {
      bytes[row.site]! += row.bytes;
      count[row.site]! += row.count;
    }
    return { bytes, count };
  };
  const rowsOf = (measure: SiteMeasure): readonly { site: number; bytes: number; count: number }[] => {
    if (measure === 'peak') return liveAt(2 * peakTick);
    if (measure === 'leaked') return rows.filter(({ died }) => died === NEVER);
    return measure === 'total' ? [...rows.filter(isAllocation), ...short] : short.filter(({ temporary }) => temporary);
  };
  const tickColumn = (value: (tick: number) => number): Float64Array =>
    Float64Array.from({ length: ticks }, (_, tick) => value(tick));
  const isAggregated = layout === 'aggregated';
  const [peak, leaked, total, temporary] = (['peak', 'leaked', 'total', 'temporary'] as const).map((measure) =>
    weigh(rowsOf(measure)),
  ) as [SiteWeights, SiteWeights, SiteWeights, SiteWeights];
  const tables: CaptureTables = {
    capture: {
      answers: answersBut({
        ...(isAggregated ? NO_HISTORY : {}),
        ...(modules.length === 0 ? { nativeStacks: 'none' } : {}),
      }),
      path: 'test',
      layout,
      mainThreadId: null,
      pythonAllocator: 'pymalloc',
      tracePythonAllocators: false,
      startMs: 0,
      endMs: 10 * ticks + 10,
      peakTick,
      peakBytes,
    } as CaptureRow,
    notes: {
      tailPeakBytes: heap[ticks]!,
      tailHeapBytes: sum(liveAt(2 * ticks + 1)),
      join: modules.length === 0 ? null : { inwards: true, cutThread: null, cutLoops: 0 },
    } as CaptureNotes,
    ticks: {
      length: ticks,
      timeMs: tickColumn((tick) => 10 * (tick + 1)),
      rssBytes: tickColumn((tick) => 1000 + (tick === 1 ? 1 : 0)),
      heapBytes: tickColumn((tick) => sum(liveAt(2 * tick + 1))),
      peakBytes: tickColumn((tick) => heap[tick]!),
    },
    threads: {
      length: threads.length,
      tid: BigUint64Array.from(threads, (_, row) => BigInt(row + 1)),
      name: threads,
    },
    modules: {
      length: modules.length,
      path: modules,
      name: modules.map((path) => path.slice(path.lastIndexOf('/') + 1)),
      buildId: modules.map(() => null),
      category: modules.map(() => null),
    },
    frames: {
      length: frames.length,
      kind: Uint8Array.from(frames, ({ module }) => (module === null ? PYTHON_FRAME : NATIVE_FRAME)),
      functionName: frames.map(({ name }) => name),
      file: frames.map(({ file }) => file),
      line: Int32Array.from(frames, ({ line }) => line),
      module: Int32Array.from(frames, ({ module }) => (module === null ? -1 : modules.indexOf(module))),
      ip: BigUint64Array.from(frames, ({ module }, row) =>
        module === null ? 0n : BigInt(0x1000 + frames.slice(0, row).filter(({ name }) => name !== LOOP.name).length),
      ),
      source: Uint8Array.from(frames, ({ name, module }) => (module === null || name === null ? 0 : 2)),
      entry: Uint8Array.from(frames, ({ module }) => (module === null ? 1 : 0)),
    },
    stacks: {
      length: stacks.length,
      parent: Uint32Array.from(stacks, ({ parent }) => parent),
      frame: Uint32Array.from(stacks, ({ frame }) => Math.max(0, frame)),
    },
    sites: {
      length: sites.length,
      thread: Uint32Array.from(sites, ({ thread }) => thread),
      allocator: Uint8Array.from(sites, ({ allocator }) => allocator),
      pythonStack: Uint32Array.from(sites, (site) => site.pythonStack),
      nativeStack: modules.length === 0 ? null : Uint32Array.from(sites, (site) => site.nativeStack),
      owner: Uint32Array.from(sites, ({ isObjects }) => (isObjects ? 1 : 0)),
      peakBytes: peak.bytes,
      peakCount: peak.count,
      leakedBytes: leaked.bytes,
      leakedCount: leaked.count,
      totalBytes: isAggregated ? null : total.bytes,
      totalCount: isAggregated ? null : total.count,
      temporaryBytes: isAggregated ? null : temporary.bytes,
      temporaryCount: isAggregated ? null : temporary.count,
    },
    owners: {
      length: 2,
      kind: Uint8Array.of(OWNER_KINDS.indexOf('none'), OWNER_KINDS.indexOf('objects')),
      functionName: [null, null],
      file: [null, null],
      peakBytes: null,
      peakTick: null,
    },
    sizeClasses: null,
  };
  // In two batches, as a file has several.
  const parts = [rows.filter((_, index) => index % 2 === 0), rows.filter((_, index) => index % 2 === 1)];
  return memoryProfile(tables, parts.map(batchOf));
}

/** The same recording, begun so many milliseconds later. */
export function shiftTime(profile: Profile, ms: number): Profile {
  const { capture } = profile;
  const ticks = profile.ticks();
  return {
    ...profile,
    capture: { ...capture, startMs: originOf(capture) + ms, endMs: capture.endMs === null ? null : capture.endMs + ms },
    ticks: () => ({ ...ticks, timeMs: ticks.timeMs.map((each) => each + ms) }),
  };
}

function parseFrame(text: string): Frame {
  const native = text.indexOf('!');
  if (native >= 0) {
    const name = text
      .slice(native + 1)
      .replaceAll('·', ' ')
      .replaceAll('‹', '<')
      .replaceAll('›', '>');
    return { name: name === '' ? null : name, file: null, line: 0, module: text.slice(0, native) };
  }
  const [, file = '/srv/app.py', name = '', line = '1'] = /^(?:(.*)\/)?([^/:]+)(?::(\d+))?$/.exec(text) ?? [];
  return {
    name: name.replaceAll('‹', '<').replaceAll('›', '>'),
    file: file.replaceAll('·', ' ').replaceAll('‹', '<').replaceAll('›', '>'),
    line: Number(line),
    module: null,
  };
}
