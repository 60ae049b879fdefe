/** How rows of the bulk table are spread over batches, where there are many. */
import { makeSyntheticCapture } from '@memscope/fixtures';
import { expect, test } from 'vitest';
import { CaptureReader, type RawLifetimes } from '../src/index.js';
import { expectRanges } from './expect-ranges.js';

const NEVER = 0xffffffff;

/** Up to a 64th of the time until the death, a 16th, a quarter, and more. */
function ageOf(born: number, died: number): number {
  const share = (died - born) / died;
  return share <= 1 / 64 ? 0 : share <= 1 / 16 ? 1 : share <= 1 / 4 ? 2 : 3;
}

test('of many lifetimes those that are about as long stand together, and all of them add up to the heap', () => {
  const capture = makeSyntheticCapture({
    allocations: 1_000_000,
    framesPerAllocation: 1,
    live: 40_000,
    allocationsPerTick: 500,
  });
  const batches: { readonly rows: number; readonly ages: ReadonlySet<number> }[] = [];
  const changes = new Float64Array(4002);
  let [born, died] = [0, 0];
  const add = (batch: RawLifetimes): void => {
    expectRanges(batch);
    const ages = new Set<number>();
    for (let row = 0; row < batch.rows; row++) {
      const [from, to, count] = [batch.born[row]!, batch.died[row]!, batch.count[row]!];
      ages.add(ageOf(from, to));
      changes[from]! += batch.bytes[row]!;
      born += count;
      if (to === NEVER) continue;
      changes[to]! -= batch.bytes[row]!;
      died += count;
    }
    batches.push({ rows: batch.rows, ages });
  };
  const reader = new CaptureReader({ maxTicks: 10_000, onLifetimes: add });
  reader.feed(capture);
  const { heap } = reader.read();
  let live = 0;
  const levels = changes.map((change) => (live += change));
  expect(heap.ticks.peakBytes).toEqual(levels.filter((_, moment) => moment % 2 === 0).subarray(0, heap.ticks.length));
  expect(heap.ticks.heapBytes).toEqual(levels.filter((_, moment) => moment % 2 === 1).subarray(0, heap.ticks.length));
  expect([live, born - died]).toEqual([
    heap.heapBytes,
    [...heap.usages.leakedCount].reduce((sum, each) => sum + each, 0),
  ]);
  // Few are not told apart.
  expect(batches.slice(0, 8).every(({ rows, ages }) => rows === 65_536 && ages.size > 1)).toBe(true);
  const rest = batches.slice(8).map(({ ages }) => [...ages].join());
  expect(new Set(rest)).toEqual(new Set(['0', '1', '2', '3']));
});
