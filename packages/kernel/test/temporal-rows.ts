/**
 * memray's temporal answers, and the same from our bulk table: how much each row contributed to the greatest heap of
 * each tick, and what was born in one tick and died in another.
 */
import type { Oracle, OracleTemporalRow } from '@memscope/fixtures';
import { addHeld, type HeldRows } from './oracle-rows.js';
import type { LifetimeColumns } from './read-capture.js';

/** Allocations born in a tick and gone in a later one, or never: by "TID STACK BORN DIED". */
export function temporalLeaks(lifetimes: LifetimeColumns, keys: readonly string[]): HeldRows {
  const rows: HeldRows = new Map();
  for (const [row, site] of lifetimes.site.entries()) {
    const born = lifetimes.born[row]! >> 1;
    const died = lifetimes.died[row] === Number.POSITIVE_INFINITY ? null : lifetimes.died[row]! >> 1;
    if (born !== died) addHeld(rows, `${keys[site]} ${born} ${died}`, lifetimes.bytes[row]!, lifetimes.count[row]!);
  }
  return rows;
}

export function oracleLeaks(rows: readonly OracleTemporalRow[], nameOf: (stack: number) => number): HeldRows {
  const held: HeldRows = new Map();
  for (const [tid, , stack, intervals] of rows) {
    for (const [from, to, count, bytes] of intervals)
      addHeld(held, `${tid} ${nameOf(stack)} ${from} ${to}`, bytes, count);
  }
  return held;
}

/** What each row holds at the greatest heap of each of `ticks` ticks, the one behind the last memory record included. */
export function heldAtPeaks(lifetimes: LifetimeColumns, keys: readonly string[], ticks: number): HeldRows[] {
  const changes = emptyTicks(ticks);
  for (const [row, site] of lifetimes.site.entries()) {
    // Live at the peak of tick k: born <= 2k < died.
    const from = (lifetimes.born[row]! + 1) >> 1;
    const died = lifetimes.died[row]!;
    const to = died === Number.POSITIVE_INFINITY ? ticks : (died + 1) >> 1;
    addSpan(changes, keys[site]!, from, to, lifetimes.bytes[row]!, lifetimes.count[row]!);
  }
  return sumChanges(changes);
}

export function oracleAtPeaks(oracle: Oracle, nameOf: (stack: number) => number, ticks: number): HeldRows[] {
  const changes = emptyTicks(ticks);
  for (const [tid, , stack, intervals] of oracle.temporal_high_water_mark ?? []) {
    for (const [from, to, count, bytes] of intervals) {
      addSpan(changes, `${tid} ${nameOf(stack)}`, from, to ?? ticks, bytes, count);
    }
  }
  return sumChanges(changes);
}

export function totalBytes(rows: HeldRows): number {
  let sum = 0;
  for (const { bytes } of rows.values()) sum += bytes;
  return sum;
}

function emptyTicks(ticks: number): HeldRows[] {
  return Array.from({ length: ticks }, (): HeldRows => new Map());
}

function addSpan(
  changes: readonly HeldRows[],
  key: string,
  from: number,
  to: number,
  bytes: number,
  count: number,
): void {
  if (from >= to) return;
  addHeld(changes[from]!, key, bytes, count);
  if (to < changes.length) addHeld(changes[to]!, key, -bytes, -count);
}

/** Changes at each tick to what is held there; rows that hold nothing are left out. */
function sumChanges(changes: readonly HeldRows[]): HeldRows[] {
  const running: HeldRows = new Map();
  return changes.map((tick) => {
    for (const [key, { bytes, count }] of tick) {
      addHeld(running, key, bytes, count);
      const held = running.get(key)!;
      if (held.bytes === 0 && held.count === 0) running.delete(key);
    }
    return new Map([...running].map(([key, held]) => [key, { ...held }]));
  });
}
