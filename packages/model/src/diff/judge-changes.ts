/**
 * Rows of two sides and a measure → what grew, what shrank, what moved, and what only looks different because the peak
 * lies at another moment. The changes of all four add up to the difference of the totals; grown and shrunk are never
 * netted.
 *
 * At the peak a row grew only if the most that it ever held grew as well, by what is worth a word where the difference
 * at the peak is. Else the moment of the peak makes the difference, and the row stands among `peakMoved`.
 *
 * What moved (find-moved.ts) is the smaller of what the two rows hold, as much here as there; the rest grew or shrank. So
 * is what went to a function that is called, or came back from it (find-shifts.ts), and what another one holds in place of
 * the first (find-takeovers.ts, find-twins.ts).
 */
import { findMoved, MOVED_SHARE, type Move, type MoveBasis } from './find-moved.js';
import { findShifts, type FlowOf, type Shift } from './find-shifts.js';
import { findTakeovers } from './find-takeovers.js';
import { findTwins, type MeasuredColumns } from './find-twins.js';
import { tellApart } from './repetitions.js';
import { leastOfOneThread, noiseFloor, type NoiseContext } from './noise-floor.js';
import type { ChangedRowKind } from './row-groups.js';
import type { TraceOf } from './row-traces.js';
import type { ComparedColumn } from './side-columns.js';

export const CHANGE_STATUSES = ['new', 'grew', 'shrank', 'gone', 'moved', 'peakMoved'] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

/** What judging needs to know of a row. */
export interface JudgedRow {
  readonly kind: ChangedRowKind;
  readonly functionName: string | null;
  readonly file: string | null;
  /** Memory moves only between rows of one pool. */
  readonly pool: string;
}

export interface JudgedRows {
  readonly rows: readonly JudgedRow[];
  /** By row: on how many threads it allocated, in the run where it was the most. */
  readonly threads: Uint32Array;
}

export interface RowChange {
  readonly row: number;
  readonly kind: ChangedRowKind;
  /** Where its memory was before; null unless it moved. */
  readonly from: number | null;
  /** What that was told by; null unless it moved. */
  readonly basis: MoveBasis | null;
  readonly base: number;
  readonly head: number;
  /** Head less base. */
  readonly change: number;
  readonly status: ChangeStatus;
  /** False: no more than repetitions of a side differ by; null where that cannot be told (repetitions.ts). */
  readonly apart: boolean | null;
  /** More than unchanged runs differ by. */
  readonly aboveNoise: boolean;
}

/** Largest change first in each; what moved by how much moved. */
export interface RowChanges {
  readonly grew: readonly RowChange[];
  readonly shrank: readonly RowChange[];
  readonly moved: readonly RowChange[];
  readonly peakMoved: readonly RowChange[];
}

/** Other columns that a change is judged by; null where nothing tells. */
export interface JudgedBy {
  /** Limits what counts as a change at the peak. */
  readonly ownPeak: ComparedColumn | null;
  /** A change of either shows that one of a function of several threads is no chance. */
  readonly leaked: ComparedColumn | null;
  readonly total: ComparedColumn | null;
}

/** What tells that memory of rows moved although their sizes do not; null where nothing does. */
export interface JudgedMoves {
  readonly flowOf: FlowOf | null;
  readonly traceOf: TraceOf | null;
  /** Of every measure, where no stack is known. */
  readonly columns: MeasuredColumns | null;
  /** What moved at the peak, of a measure that knows nothing of allocations. */
  readonly atPeak: readonly Pick<RowChange, 'row' | 'from' | 'head'>[];
}

const NO_MOVES: JudgedMoves = { flowOf: null, traceOf: null, columns: null, atPeak: [] };

export function judgeChanges(
  judged: JudgedRows,
  column: ComparedColumn,
  { ownPeak, leaked, total }: JudgedBy,
  noise: NoiseContext,
  by: JudgedMoves = NO_MOVES,
): RowChanges {
  const { rows, threads } = judged;
  const { measure, peak } = noise;
  const changes: RowChange[] = [];
  const oneSided: RowChange[] = [];
  const peakMoved: RowChange[] = [];
  const limit = measure === 'peak' ? ownPeak : null;
  const backing = [leaked, total].filter((other) => other !== null);
  const leastBacked = leastOfOneThread(peak);
  const [before, now] = [column.base.value, column.head.value];
  for (let row = 0; row < rows.length; row++) {
    const [base, head] = [before[row]!, now[row]!];
    if (base === head) continue;
    const { kind } = rows[row]!;
    const apart = tellApart(column.runsOf('base', row), column.runsOf('head', row));
    const change = head - base;
    const isBacked = backing.some((other) => inCommon(change, differenceAt(other, row)) >= leastBacked);
    const floor = noiseFloor({ kind, threads: threads[row]! }, noise, isBacked);
    const own = limit === null ? Math.abs(change) : inCommon(change, differenceAt(limit, row));
    const isOwn = isOwnChange(change, own, floor);
    const size = isOwn ? Math.abs(change) : Math.abs(change) - own;
    const aboveNoise = size >= floor && apart !== false;
    // What held something at another moment is neither new nor gone.
    const everHeld =
      limit === null ? { base, head } : { base: base || limit.base.value[row]!, head: head || limit.head.value[row]! };
    const status = isOwn ? statusOf(change, everHeld) : 'peakMoved';
    const judgedRow: RowChange = { row, kind, from: null, basis: null, base, head, change, status, apart, aboveNoise };
    (isOwn ? changes : peakMoved).push(judgedRow);
    const [mostBefore, mostNow] = [
      Math.max(base, limit?.base.value[row] ?? 0),
      Math.max(head, limit?.head.value[row] ?? 0),
    ];
    const isOneSided = Math.min(mostBefore, mostNow) <= MOVED_SHARE * Math.max(mostBefore, mostNow);
    if (isOwn && isOneSided) oneSided.push(judgedRow);
  }
  const moves = findMoved(rows, oneSided);
  const taken = new Set(moves.flatMap(({ from, to }) => [from, to]));
  const moved = moves.map(({ from, to }): RowChange => {
    const bytes = Math.min(-from.change, to.change);
    const aboveNoise = bytes >= floorOf(to.row, judged, noise);
    const here = { base: bytes, head: bytes, change: 0, status: 'moved', apart: null, aboveNoise } as const;
    return { ...to, ...here, from: from.row, basis: 'size' };
  });
  let rest = changes.filter((change) => !taken.has(change));
  const take = (shifts: readonly Shift<RowChange>[]): void => {
    for (const { from, to, amount, basis } of shifts) {
      const aboveNoise = amount >= floorOf(to.row, judged, noise);
      const here = { base: amount, head: amount, change: 0, status: 'moved', apart: null, aboveNoise } as const;
      moved.push({ ...to, ...here, from: from.row, basis });
    }
    if (shifts.length === 0) return;
    rest = restOfShifts(rest, shifts, judged, noise);
    if (limit === null) return;
    const replaced = replacements(shifts, limit);
    const joined = new Set(replaced.flatMap(({ from, to }) => [from.row, to.row]));
    rest = rest.filter(({ row }) => !joined.has(row));
    for (const { from, to } of replaced) {
      const change = to.head - from.base;
      if (change === 0) continue;
      const floor = floorOf(to.row, judged, noise);
      const own = inCommon(change, limit.head.value[to.row]! - limit.base.value[from.row]!);
      const isOwn = isOwnChange(change, own, floor);
      const size = isOwn ? Math.abs(change) : Math.abs(change) - own;
      const status = isOwn ? statusOf(change, { base: from.base, head: to.head }) : 'peakMoved';
      const joint = { ...to, from: from.row, base: from.base, change, status, aboveNoise: size >= floor } as const;
      (isOwn ? rest : peakMoved).push(joint);
    }
  };
  if (by.flowOf !== null) take(findShifts(rest, by.flowOf));
  if (by.traceOf !== null) take(findTakeovers(rows, rest, by.traceOf));
  if (by.columns !== null) take(findTwins(rows, rest, by.columns));
  take(shiftsAtPeak(rest, by.atPeak));
  const all = besideSources([...rest, ...moves.flatMap((move) => restOfMove(move, judged, noise))], moved, column);
  const pick = (isOf: (change: RowChange) => boolean): RowChange[] => all.filter(isOf).sort(byChange);
  return {
    grew: pick(({ change }) => change > 0),
    shrank: pick(({ change }) => change < 0),
    moved: moved.sort((a, b) => b.head - a.head),
    peakMoved: peakMoved.sort(byChange),
  };
}

function byChange(a: RowChange, b: RowChange): number {
  return Math.abs(b.change) - Math.abs(a.change) || a.row - b.row;
}

function differenceAt({ base, head }: ComparedColumn, row: number): number {
  return head.value[row]! - base.value[row]!;
}

/** How far two differences go in the same direction, without a sign. */
function inCommon(a: number, b: number): number {
  return Math.sign(a) === Math.sign(b) ? Math.min(Math.abs(a), Math.abs(b)) : 0;
}

/** Whether a row changed by itself at the peak, `own` bytes of it by its own peak, and not by where the peak lies. */
function isOwnChange(change: number, own: number, floor: number): boolean {
  return own >= floor || (own > 0 && Math.abs(change) < floor);
}

/** Of what moved, functions that never held anything since, and those that stand in their place and did not before. */
function replacements(
  shifts: readonly Shift<RowChange>[],
  { base, head }: ComparedColumn,
): readonly Pick<Shift<RowChange>, 'from' | 'to'>[] {
  const count = (end: 'from' | 'to'): Map<RowChange, number> => {
    const counts = new Map<RowChange, number>();
    for (const shift of shifts) counts.set(shift[end], (counts.get(shift[end]) ?? 0) + 1);
    return counts;
  };
  const [sources, targets] = [count('from'), count('to')];
  return shifts.filter(
    ({ from, to }) =>
      head.value[from.row] === 0 && base.value[to.row] === 0 && sources.get(from) === 1 && targets.get(to) === 1,
  );
}

function statusOf(change: number, { base, head }: { readonly base: number; readonly head: number }): ChangeStatus {
  if (base === 0) return 'new';
  if (head === 0) return 'gone';
  return change > 0 ? 'grew' : 'shrank';
}

function floorOf(row: number, { rows, threads }: JudgedRows, noise: NoiseContext): number {
  return noiseFloor({ kind: rows[row]!.kind, threads: threads[row]! }, noise, true);
}

function restOfMove({ from, to }: Move<RowChange>, judged: JudgedRows, noise: NoiseContext): RowChange[] {
  const change = to.change + from.change;
  if (change === 0) return [];
  const aboveNoise = Math.abs(change) >= floorOf(to.row, judged, noise);
  const status = change > 0 ? 'grew' : 'shrank';
  return [{ ...to, from: from.row, base: -from.change, head: to.change, change, status, aboveNoise }];
}

/** What a row changed by beside memory that moved is noise where both together differ no more than repetitions do. */
function besideSources(
  changes: readonly RowChange[],
  moved: readonly RowChange[],
  { runsOf }: ComparedColumn,
): readonly RowChange[] {
  const partners = new Map<number, Set<number>>();
  for (const { row, from } of moved) {
    for (const [one, other] of [
      [row, from!],
      [from!, row],
    ] as const) {
      const known = partners.get(one);
      if (known === undefined) partners.set(one, new Set([other]));
      else known.add(other);
    }
  }
  if (partners.size === 0) return changes;
  const sum = (side: 'base' | 'head', rows: readonly number[]): readonly number[] =>
    rows.map((row) => runsOf(side, row)).reduce((all, runs) => all.map((each, run) => each + runs[run]!));
  return changes.map((change) => {
    const others = partners.get(change.row);
    if (others === undefined) return change;
    const rows = [change.row, ...others];
    const apart = tellApart(sum('base', rows), sum('head', rows));
    return { ...change, apart, aboveNoise: change.aboveNoise && apart !== false };
  });
}

/** As much of what moved at the peak as both rows changed by here; of what took the place of another, all of that. */
function shiftsAtPeak(changes: readonly RowChange[], atPeak: JudgedMoves['atPeak']): Shift<RowChange>[] {
  if (atPeak.length === 0) return [];
  const changeOf = new Map(changes.map((change) => [change.row, change]));
  const left = new Map(changes.map(({ row, change }) => [row, change]));
  return atPeak.flatMap(({ row, from: source, head }): Shift<RowChange>[] => {
    const [from, to] = [changeOf.get(source ?? -1), changeOf.get(row)];
    if (from === undefined || to === undefined) return [];
    const isReplaced = from.head === 0 && to.base === 0;
    const amount = Math.min(isReplaced ? Infinity : head, -left.get(from.row)!, left.get(to.row)!);
    if (amount <= 0) return [];
    left.set(from.row, left.get(from.row)! + amount);
    left.set(to.row, left.get(to.row)! - amount);
    return [{ from, to, amount, basis: 'peak' }];
  });
}

/** What shifts do not explain of the rows; what went to a row counts as if its base had held it. */
function restOfShifts(
  changes: readonly RowChange[],
  shifts: readonly Shift<RowChange>[],
  judged: JudgedRows,
  noise: NoiseContext,
): RowChange[] {
  const gained = new Map<RowChange, number>();
  for (const { from, to, amount } of shifts) {
    gained.set(from, (gained.get(from) ?? 0) - amount);
    gained.set(to, (gained.get(to) ?? 0) + amount);
  }
  return changes.flatMap((whole) => {
    const more = gained.get(whole);
    if (more === undefined) return [whole];
    const [base, change] = [whole.base + more, whole.change - more];
    if (change === 0) return [];
    const aboveNoise = Math.abs(change) >= floorOf(whole.row, judged, noise) && whole.apart !== false;
    return [{ ...whole, base, change, status: change > 0 ? 'grew' : 'shrank', aboveNoise }];
  });
}
