/**
 * A capture's bytes to everything that a `CaptureReader` says of it, the bulk table `lifetime` collected in memory and
 * renumbered where ticks were merged, as every owner of that table has to.
 */
import { CaptureReader, type CaptureReaderOptions, type Decoded, type HeapTables } from '../src/index.js';
import { expectRanges } from './expect-ranges.js';

export interface ReadOptions extends Pick<
  CaptureReaderOptions,
  'maxTicks' | 'temporaryThreshold' | 'arenaBytesOf' | 'stopAt'
> {
  /** Bytes per `feed`; the whole file at once by default. */
  readonly chunkBytes?: number;
}

/** One row is one index of all five columns; `died` is Infinity for never. Rows in the order in which they came. */
export interface LifetimeColumns {
  readonly site: number[];
  readonly born: number[];
  readonly died: number[];
  readonly count: number[];
  readonly bytes: number[];
}

export interface CaptureRead {
  readonly decoded: Decoded;
  readonly heap: HeapTables;
  readonly lifetimes: LifetimeColumns;
  /** How often ticks were merged. */
  readonly merges: number;
  readonly memoryBytes: number;
}

const NEVER = 0xffffffff;

/** Throws the reader's `KernelError`. */
export function readCapture(bytes: Uint8Array, options: ReadOptions = {}): CaptureRead {
  const { chunkBytes = Math.max(1, bytes.length), ...readerOptions } = options;
  const lifetimes: LifetimeColumns = { site: [], born: [], died: [], count: [], bytes: [] };
  let merges = 0;
  const reader = new CaptureReader({
    ...readerOptions,
    onLifetimes: (batch) => {
      expectRanges(batch);
      for (let row = 0; row < batch.rows; row++) {
        const died = batch.died[row]!;
        lifetimes.site.push(batch.site[row]!);
        lifetimes.born.push(batch.born[row]!);
        lifetimes.died.push(died === NEVER ? Number.POSITIVE_INFINITY : died);
        lifetimes.count.push(batch.count[row]!);
        lifetimes.bytes.push(batch.bytes[row]!);
      }
    },
    onMomentsMerged: (moments) => {
      merges++;
      renumber(lifetimes, moments);
    },
  });
  for (let from = 0; from < bytes.length; from += chunkBytes) {
    if (!reader.feed(bytes.subarray(from, from + chunkBytes))) break;
  }
  const { decoded, heap } = reader.read();
  return { decoded, heap, lifetimes, merges, memoryBytes: reader.memoryBytes };
}

/** Rows that are born and dead within one merged moment go. */
function renumber(lifetimes: LifetimeColumns, moments: Uint32Array): void {
  const { site, born, died, count, bytes } = lifetimes;
  let kept = 0;
  for (let row = 0; row < site.length; row++) {
    const newBorn = moments[born[row]!]!;
    const newDied = died[row] === Number.POSITIVE_INFINITY ? died[row] : moments[died[row]!]!;
    if (newBorn === newDied) continue;
    site[kept] = site[row]!;
    born[kept] = newBorn;
    died[kept] = newDied!;
    count[kept] = count[row]!;
    bytes[kept] = bytes[row]!;
    kept++;
  }
  for (const column of [site, born, died, count, bytes]) column.length = kept;
}
