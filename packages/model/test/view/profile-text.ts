/**
 * A profile as text → an open profile in memory, with every column worked out from its lifetimes in the plainest way.
 *
 * A line is a site: `THREAD ALLOCATOR a>b>c  BORN..DIED BYTES/COUNT, …`; moments as in the bulk table, `3..` for what
 * was never freed, `short BYTES/COUNT` for what left no row, `short!` for such that was temporary. A frame is
 * `function`, `function:line` or `file.py/function:line`,
 * `·` is a blank, `‹›` are angle brackets. Ticks are ten milliseconds apart and start at 10.
 */
import {
  ALLOCATOR_NAMES,
  NEVER,
  PYTHON_FRAME,
  type CaptureNotes,
  type CaptureRow,
  type LifetimeBatch,
  type Profile,
  type SiteMeasure,
  type SiteWeights,
} from '../../src/index.js';

interface Row {
  readonly site: number;
  readonly born: number;
  readonly died: number;
  readonly bytes: number;
  readonly count: number;
}

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export function profileOf(text: string, ticks: number, layout: 'all' | 'aggregated' = 'all'): Profile {
  const threads: string[] = [];
  const frames: Frame[] = [];
  const stacks: { parent: number; frame: number }[] = [{ parent: 0, frame: -1 }];
  const sites: { thread: number; allocator: number; stack: number }[] = [];
  const rows: Row[] = [];
  const short: (Omit<Row, 'born' | 'died'> & { temporary: boolean })[] = [];
  const intern = <T>(list: T[], entry: T): number => {
    const at = list.findIndex((each) => JSON.stringify(each) === JSON.stringify(entry));
    return at >= 0 ? at : list.push(entry) - 1;
  };
  for (const line of text
    .split('\n')
    .map((each) => each.trim())
    .filter(Boolean)) {
    const [thread = '', allocator = '', path = '', ...rest] = line.split(/\s+/);
    let stack = 0;
    for (const name of path === '-' ? [] : path.split('>')) {
      stack = intern(stacks, { parent: stack, frame: intern(frames, parseFrame(name)) });
    }
    const site =
      sites.push({ thread: intern(threads, thread), allocator: ALLOCATOR_NAMES.indexOf(allocator as never), stack }) -
      1;
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
  const isAllocation = ({ site, bytes }: Row): boolean =>
    bytes > 0 || ALLOCATOR_NAMES[sites[site]!.allocator] !== 'mmap';
  const liveAt = (moment: number): Row[] => rows.filter(({ born, died }) => born <= moment && moment < died);
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
  const stack = Uint32Array.from(sites, (site) => site.stack);
  const tickColumn = (value: (tick: number) => number): Float64Array =>
    Float64Array.from({ length: ticks }, (_, tick) => value(tick));
  return {
    path: 'test.memscope',
    capture: { layout, startMs: 0, endMs: 10 * ticks + 10, peakTick, peakBytes } as CaptureRow,
    notes: { tailPeakBytes: heap[ticks]! } as CaptureNotes,
    ticks: () => ({
      length: ticks,
      timeMs: tickColumn((tick) => 10 * (tick + 1)),
      rssBytes: tickColumn((tick) => 1000 + (tick === 1 ? 1 : 0)),
      heapBytes: tickColumn((tick) => sum(liveAt(2 * tick + 1))),
      peakBytes: tickColumn((tick) => heap[tick]!),
    }),
    threads: () => ({
      length: threads.length,
      tid: BigUint64Array.from(threads, (_, row) => BigInt(row + 1)),
      name: threads,
    }),
    stackTables: () => ({
      modules: { length: 0, path: [], name: [], buildId: [], category: [] },
      frames: {
        length: frames.length,
        kind: new Uint8Array(frames.length).fill(PYTHON_FRAME),
        functionName: frames.map(({ name }) => name),
        file: frames.map(({ file }) => file),
        line: Int32Array.from(frames, ({ line }) => line),
        module: new Int32Array(frames.length).fill(-1),
        ip: new BigUint64Array(frames.length),
        source: new Uint8Array(frames.length),
      },
      stacks: {
        length: stacks.length,
        parent: Uint32Array.from(stacks, ({ parent }) => parent),
        frame: Uint32Array.from(stacks, ({ frame }) => Math.max(0, frame)),
      },
    }),
    siteKeys: () => ({
      length: sites.length,
      thread: Uint32Array.from(sites, ({ thread }) => thread),
      allocator: Uint8Array.from(sites, ({ allocator }) => allocator),
      pythonStack: stack,
      nativeStack: null,
      stack,
      joinMethod: null,
    }),
    siteWeights(measure: SiteMeasure) {
      if (measure === 'peak') return weigh(liveAt(2 * peakTick));
      if (measure === 'leaked') return weigh(rows.filter(({ died }) => died === NEVER));
      if (layout === 'aggregated') return null;
      return measure === 'total'
        ? weigh([...rows.filter(isAllocation), ...short])
        : weigh(short.filter(({ temporary }) => temporary));
    },
    *lifetimes(): Generator<LifetimeBatch> {
      // In two batches, as a file has several.
      for (const part of [rows.filter((_, index) => index % 2 === 0), rows.filter((_, index) => index % 2 === 1)]) {
        yield {
          rows: part.length,
          site: Uint32Array.from(part, ({ site }) => site),
          born: Uint32Array.from(part, ({ born }) => born),
          died: Uint32Array.from(part, ({ died }) => died),
          count: Float64Array.from(part, ({ count }) => count),
          bytes: Float64Array.from(part, ({ bytes }) => bytes),
        };
      }
    },
    sizeClasses: unused,
    usageByLocation: unused,
    usageByThread: unused,
    usageByAllocator: unused,
    tables: unused,
    close() {},
  };
}

function parseFrame(text: string): Frame {
  const [, file = '/srv/app.py', name = '', line = '1'] = /^(?:(.*)\/)?([^/:]+)(?::(\d+))?$/.exec(text) ?? [];
  return { name, file: file.replaceAll('·', ' ').replaceAll('‹', '<').replaceAll('›', '>'), line: Number(line) };
}

function unused(): never {
  throw new Error('not part of these tests');
}
