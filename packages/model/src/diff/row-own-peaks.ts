/**
 * Rows of a run → the most that each held at once, at the greatest heap of some tick, whenever that was: one scan over
 * the bulk table `lifetime`.
 */
import { canAnswer } from '../answers.js';
import { liveOverTime, NO_GROUP } from '../view/live-over-time.js';
import type { SelectedRun } from '../view/selection.js';
import type { RunReservations } from './run-reservations.js';

/** Ticks times rows that one scan keeps track of. */
const MOST_CELLS = 1 << 25;

/**
 * By row; 0 where it was not `asked` for (1 by row). Null where the capture cannot tell, or of too many rows.
 * `rowOfSite` is by site of all runs.
 */
export function findOwnPeaks(
  run: SelectedRun,
  rowOfSite: Uint32Array,
  asked: Uint8Array,
  reservations: RunReservations | null,
): Float64Array | null {
  const { profile, window, passes, firstSite, siteCount } = run;
  if (!canAnswer(profile.capture, 'lifetimes')) return null;
  const fromTick = window?.fromTick ?? 0;
  const steps = (window?.toTick ?? profile.ticks().length) - fromTick + 1;
  const rows: number[] = [];
  const groupOfRow = new Int32Array(asked.length).fill(NO_GROUP);
  for (let row = 0; row < asked.length; row++) if (asked[row] === 1) groupOfRow[row] = rows.push(row) - 1;
  if (rows.length * steps > MOST_CELLS) return null;
  const groupOfSite = new Int32Array(siteCount);
  for (let site = 0; site < siteCount; site++) groupOfSite[site] = groupOfRow[rowOfSite[firstSite + site]!]!;
  const moments = Uint32Array.from({ length: steps }, (_, step) => 2 * (fromTick + step));
  const live = liveOverTime(profile, groupOfSite, rows.length, moments, {
    passes: reservations?.passesOthers ?? passes,
  });
  const peaks = new Float64Array(asked.length);
  for (const [group, row] of rows.entries()) {
    let most = 0;
    for (let at = group * steps; at < (group + 1) * steps; at++) most = Math.max(most, live[at]!);
    peaks[row] = most;
  }
  return peaks;
}
