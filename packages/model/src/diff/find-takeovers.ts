/**
 * Rows that changed → what another function holds now although sizes alone do not tell: of a function that is called by
 * the same ones, by the same allocator. What rose and what fell has to agree in what a capture knows of allocations, in
 * how many there are or in how large each is; that one row lost as many bytes as another gained is no sign of anything.
 *
 * - One function has gone and another came in its place: of the same name, or called by the same functions. What it
 *   holds more, or less, is a change.
 * - A function holds less, and a new one that it calls holds that; or the other way round.
 * - Functions that stay: below one caller and by one allocator there are as many allocations and bytes as before. Of one
 *   that has gone as many allocations may be larger now, or there may be more of the same size.
 */
import { areOfAlikeSize, isAlike, LEAST_MOVED, type MoveBasis } from './find-moved.js';
import type { Shift } from './find-shifts.js';
import { groupBy, pairInOrder } from './pair-changes.js';
import type { RowPart, RowTrace, TraceOf } from './row-traces.js';

interface Change {
  readonly row: number;
  readonly change: number;
  readonly aboveNoise: boolean;
}

interface MovableRow {
  readonly functionName: string | null;
  /** Memory moves only between rows of one pool. */
  readonly pool: string;
}

/** A change that may be a takeover, with what is not yet known to have moved. */
interface Candidate<Row> {
  readonly change: Row;
  readonly trace: RowTrace;
  readonly pool: string;
  readonly name: string | null;
  left: number;
}

/** Bytes and allocations, head less base. */
type Amount = Pick<RowPart, 'bytes' | 'count'>;

/** No more goes from a row or to it than it changed by. Which there are does not depend on which side is which. */
export function findTakeovers<Row extends Change>(
  rows: readonly MovableRow[],
  changes: readonly Row[],
  traceOf: TraceOf,
): Shift<Row>[] {
  const candidates = changes.flatMap((change): Candidate<Row>[] => {
    if (Math.abs(change.change) < LEAST_MOVED) return [];
    const trace = traceOf(change.row);
    if (trace === null) return [];
    const { pool, functionName } = rows[change.row]!;
    return [{ change, trace, pool, name: functionName, left: Math.abs(change.change) }];
  });
  const shifts: Shift<Row>[] = [];
  const move = (one: Candidate<Row>, other: Candidate<Row>, bytes: number, basis: MoveBasis): void => {
    const amount = Math.round(Math.min(Math.abs(bytes), one.left, other.left));
    if (amount < LEAST_MOVED || !one.change.aboveNoise || !other.change.aboveNoise) return;
    one.left -= amount;
    other.left -= amount;
    const [from, to] = one.change.change < 0 ? [one.change, other.change] : [other.change, one.change];
    const known = shifts.findIndex((shift) => shift.from === from && shift.to === to && shift.basis === basis);
    if (known < 0) shifts.push({ from, to, amount, basis });
    else shifts[known] = { from, to, basis, amount: shifts[known]!.amount + amount };
  };
  moveReplaced(candidates, move);
  moveToCallees(candidates, move);
  moveBelowCallers(candidates, move);
  return shifts;
}

type Moving<Row> = (one: Candidate<Row>, other: Candidate<Row>, bytes: number, basis: MoveBasis) => void;

function moveReplaced<Row extends Change>(candidates: readonly Candidate<Row>[], move: Moving<Row>): void {
  const oneSided = candidates.filter(({ trace, change }) => trace.side === (change.change < 0 ? 'base' : 'head'));
  const pairBy = (basis: MoveBasis, keyOf: (candidate: Candidate<Row>) => string, isPair = areAlike<Row>): void => {
    for (const [gone, came] of pairsOf(oneSided, keyOf)) {
      if (isPair(gone, came)) move(gone, came, Math.min(gone.left, came.left), basis);
    }
  };
  pairBy(
    'name',
    ({ pool, name }) => JSON.stringify([pool, name]),
    () => true,
  );
  pairBy('callers', ({ pool, trace }) => JSON.stringify([pool, mainPart(trace)?.allocator, callersOf(trace)]));
}

/** Of each key those that fell and those that rose, by size, where there are as many of each. */
function pairsOf<Row extends Change>(
  candidates: readonly Candidate<Row>[],
  keyOf: (candidate: Candidate<Row>) => string,
): (readonly [Candidate<Row>, Candidate<Row>])[] {
  const bySize = candidates
    .filter(({ left }) => left >= LEAST_MOVED)
    .sort((a, b) => b.left - a.left || a.change.row - b.change.row);
  return [...groupBy(bySize, keyOf).values()].flatMap((group) => {
    const gone = group.filter(({ change }) => change.change < 0);
    const came = group.filter(({ change }) => change.change > 0);
    return gone.length === came.length ? gone.map((each, at) => [each, came[at]!] as const) : [];
  });
}

function areAlike<Row>(one: Candidate<Row>, other: Candidate<Row>): boolean {
  const [part, counterpart] = [mainPart(one.trace), mainPart(other.trace)];
  return part !== null && counterpart !== null && haveAlikeBlocks(part, counterpart);
}

function moveToCallees<Row extends Change>(candidates: readonly Candidate<Row>[], move: Moving<Row>): void {
  const byFunction = new Map(candidates.map((candidate) => [candidate.trace.function, candidate]));
  for (const callee of candidates) {
    const { change, trace, pool } = callee;
    if (trace.side !== (change.change < 0 ? 'base' : 'head')) continue;
    for (const caller of new Set(trace.parts.map((part) => byFunction.get(part.caller)))) {
      if (caller === undefined || caller.pool !== pool || !areOpposite(caller, callee)) continue;
      const below = trace.parts.filter((part) => part.caller === caller.trace.function);
      for (const part of sumByAllocator(below)) {
        const own = sumByAllocator(caller.trace.parts).find(({ allocator }) => allocator === part.allocator);
        if (own !== undefined && own.bytes * part.bytes < 0 && haveAlikeBlocks(own, part)) {
          move(caller, callee, Math.min(Math.abs(own.bytes), Math.abs(part.bytes)), 'calls');
        }
      }
    }
  }
}

/** A part of a candidate that is below one caller, and by one allocator. */
interface Below<Row> extends Amount {
  readonly of: Candidate<Row>;
}

function moveBelowCallers<Row extends Change>(candidates: readonly Candidate<Row>[], move: Moving<Row>): void {
  const parts = candidates.flatMap((of) =>
    of.trace.parts
      .filter(({ bytes, count }) => bytes * of.change.change > 0 && bytes * count > 0 && of.left >= LEAST_MOVED)
      .map(({ caller, allocator, bytes, count }) => ({
        key: JSON.stringify([of.pool, caller, allocator]),
        of,
        bytes: Math.abs(bytes),
        count: Math.abs(count),
      })),
  );
  const bySize = (side: readonly Below<Row>[]): Below<Row>[] => [...side].sort((a, b) => b.bytes - a.bytes);
  for (const group of groupBy(parts, ({ key }) => key).values()) {
    let fell = bySize(group.filter(({ of }) => of.change.change < 0));
    let rose = bySize(group.filter(({ of }) => of.change.change > 0));
    const pairs = alikePairs(fell, rose);
    for (const [one, other] of pairs) move(one.of, other.of, Math.min(one.bytes, other.bytes), 'allocations');
    const taken = new Set(pairs.flat());
    [fell, rose] = [fell, rose].map((side) => side.filter((each) => !taken.has(each))) as [typeof fell, typeof rose];
    if (fell.length === 0 || rose.length === 0) continue;
    const [gone, came] = [sum(fell), sum(rose)];
    if (isAlike(gone.bytes, came.bytes) && isAlike(gone.count, came.count)) {
      // What several lost several others have.
      for (const pair of pairInOrder(fell, rose, ({ bytes }) => bytes))
        move(pair.from.of, pair.to.of, pair.bytes, 'allocations');
    } else moveGrown(fell, rose, move);
  }
}

/** Both sides by size: the largest that agree in bytes and in allocations are a pair. */
function alikePairs<Row>(fell: readonly Below<Row>[], rose: readonly Below<Row>[]): [Below<Row>, Below<Row>][] {
  const pairs: [Below<Row>, Below<Row>][] = [];
  let [at, from] = [0, 0];
  while (at < fell.length && from < rose.length) {
    const [one, other] = [fell[at]!, rose[from]!];
    if (isAlike(one.bytes, other.bytes) && isAlike(one.count, other.count)) {
      pairs.push([one, other]);
      at++;
      from++;
    } else if (one.bytes > other.bytes) at++;
    else from++;
  }
  return pairs;
}

/** One function has gone, and another that stays has as many allocations more, which are larger now, or more of the same size. Or backwards. */
function moveGrown<Row extends Change>(
  fell: readonly Below<Row>[],
  rose: readonly Below<Row>[],
  move: Moving<Row>,
): void {
  if (fell.length > 1 || rose.length > 1) return;
  const [one, other] = fell[0]!.bytes < rose[0]!.bytes ? [fell[0]!, rose[0]!] : [rose[0]!, fell[0]!];
  const isOneGone = [one, other].some(({ of }) => of.trace.side !== 'both');
  if (isOneGone && haveAlikeBlocks(one, other)) move(one.of, other.of, one.bytes, 'allocations');
}

/** As many allocations, or allocations of about one size. */
function haveAlikeBlocks(one: Amount, other: Amount): boolean {
  const [count, otherCount] = [Math.abs(one.count), Math.abs(other.count)];
  if (count < 1 || otherCount < 1) return false;
  return isAlike(count, otherCount) || areOfAlikeSize(Math.abs(one.bytes) / count, Math.abs(other.bytes) / otherCount);
}

function areOpposite<Row extends Change>(one: Candidate<Row>, other: Candidate<Row>): boolean {
  return one.change.change * other.change.change < 0;
}

function sum(parts: readonly Amount[]): Amount {
  return parts.reduce((all, { bytes, count }) => ({ bytes: all.bytes + bytes, count: all.count + count }), {
    bytes: 0,
    count: 0,
  });
}

function sumByAllocator(parts: readonly RowPart[]): readonly (Amount & { readonly allocator: number })[] {
  return [...groupBy(parts, ({ allocator }) => allocator)].map(([allocator, of]) => ({ allocator, ...sum(of) }));
}

/** Of the allocator by which most changed. */
function mainPart({ parts }: RowTrace): (Amount & { readonly allocator: number }) | null {
  return sumByAllocator(parts).reduce<(Amount & { readonly allocator: number }) | null>(
    (most, part) => (Math.abs(part.bytes) > Math.abs(most?.bytes ?? 0) ? part : most),
    null,
  );
}

function callersOf({ parts }: RowTrace): number[] {
  return [...new Set(parts.map(({ caller }) => caller))].sort((a, b) => a - b);
}
