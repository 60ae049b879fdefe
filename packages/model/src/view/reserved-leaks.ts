/**
 * Address space that was set aside and never touched → what leaks leave out: it costs no memory, findings do not count it,
 * and in the row of a line it would outvote what grows there.
 */
import { findReservations, type Reservation } from '../analysis/peak/reservations.js';
import { namePlace } from '../analysis/findings/growth-text.js';
import { formatBytes } from '../analysis/format-quantity.js';
import type { NumberColumn } from '../number-column.js';
import type { Profile } from '../profile.js';
import type { FrameRow, SignedRowColumn } from '../rows.js';
import type { SelectedRun, Selection } from './selection.js';
import type { TimeWindow } from './window.js';

/** Of a run, with its own sites: what passes and was born in these moments. */
export function reservedWithin(
  { profile, passes }: Pick<SelectedRun, 'profile' | 'passes'>,
  firstMoment: number,
  lastMoment: number,
): Reservation[] {
  return findReservations(profile).filter(
    ({ site, born, died }) =>
      born >= firstMoment && born <= lastMoment && (passes === null || passes(site, born, died)),
  );
}

/** By site of a selection by `leaked`: its weights without what is only reserved. */
export function weightsUsed({ runs, weights }: Selection): Selection['weights'] {
  const reserved = runs.flatMap((run) => {
    const { profile, window, firstSite, isOutside } = run;
    const lastMoment = 2 * (window?.toTick ?? profile.ticks().length) + 1;
    const found = isOutside ? [] : reservedWithin(run, 2 * (window?.fromTick ?? 0), lastMoment);
    return found
      .map(({ site, died, bytes, count }) => ({ site: firstSite + site, died, bytes, count }))
      .filter(({ site, died }) => died > lastMoment && weights.bytes[site]! > 0);
  });
  if (reserved.length === 0) return weights;
  const used = { bytes: weights.bytes.slice(), count: weights.count.slice() };
  for (const { site, bytes, count } of reserved) {
    used.bytes[site]! -= bytes;
    used.count[site]! -= count;
  }
  return used;
}

/** The same of the bytes of one run; borrowed where nothing is reserved. */
export function bytesUsed(leaked: NumberColumn, profile: Profile, within: TimeWindow | null): NumberColumn {
  const lastMoment = 2 * (within?.toTick ?? profile.ticks().length) + 1;
  const born = reservedWithin({ profile, passes: null }, 2 * (within?.fromTick ?? 0), lastMoment);
  const reserved = born.filter(({ died }) => died > lastMoment);
  if (reserved.length === 0) return leaked;
  const used = Float64Array.from(leaked);
  for (const { site, bytes } of reserved) used[site]! -= bytes;
  return used;
}

const MOST_PLACES = 3;

/** How much it is, and by which lines; null where there is none. */
export function sayReserved(
  { reservedBytes, frame }: { readonly reservedBytes: Float64Array; readonly frame: SignedRowColumn<FrameRow> },
  { stackTables: { frames } }: Pick<Selection, 'stackTables'>,
): string | null {
  const rows = [...reservedBytes.keys()]
    .filter((row) => reservedBytes[row]! > 0)
    .sort((a, b) => reservedBytes[b]! - reservedBytes[a]!);
  if (rows.length === 0) return null;
  const places = rows.slice(0, MOST_PLACES).map((row) => {
    const at = frame[row]!;
    const place = {
      functionName: frames.functionName[at] ?? null,
      file: frames.file[at] ?? null,
      line: frames.line[at]!,
    };
    return `${at < 0 ? 'code with no Python frame' : namePlace(place)} (${formatBytes(reservedBytes[row]!)})`;
  });
  const all = rows.reduce((sum, row) => sum + reservedBytes[row]!, 0);
  return (
    `Reserved, not used, and in no row: ${formatBytes(all)} of address space that nothing touched, which costs no memory, ` +
    `by ${places.join(', ')}${rows.length > MOST_PLACES ? ' and others' : ''}.`
  );
}
