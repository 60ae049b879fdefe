/**
 * Bytes (or counts) that two sides differ by → a step of the colour scale, from what shrank most over what is the same to
 * what grew most. Steps are round amounts, each a quarter (of counts a tenth) of the one above it; the greatest is the
 * greatest change that is drawn, but no less than a small part of the whole, so that noise is pale.
 */
import type { ComparedWeight } from '@memscope/model';

import type { ChangeColours } from './palette.js';

/** Changes are strong from a part in so many of the whole on. */
const STRONG_SHARE = 64;

export interface ChangeScale {
  /** Least change of each step, ascending. */
  readonly steps: readonly number[];
}

/** `most`: the greatest change, either way; `whole`: what the larger side holds. */
export function changeScale(
  most: number,
  whole: number,
  counts: boolean,
  { grown: { length } }: Pick<ChangeColours, 'grown'>,
): ChangeScale {
  const factor = counts ? 10 : 4;
  const round = counts ? 10 : 2;
  const top = Math.max(1, round ** Math.floor(Math.log(Math.max(1, most, whole / STRONG_SHARE)) / Math.log(round)));
  return { steps: Array.from({ length }, (_, step) => top / factor ** (length - 1 - step)) };
}

export interface Changed {
  readonly head: number;
  readonly base: number;
  /** Added up without what shrank. */
  readonly grown: number;
  readonly shrunk: number;
}

/** What is said of a change: of a drawing of what grew, or shrank, alone nothing is netted. */
export function changeOf({ head, base, grown, shrunk }: Changed, weigh: ComparedWeight): number {
  if (weigh === 'grown') return grown;
  return weigh === 'shrunk' ? -shrunk : head - base;
}

export interface ChangeLook {
  readonly scale: ChangeScale;
  readonly weigh: ComparedWeight;
}

export function colourChange(changed: Changed, { scale, weigh }: ChangeLook, colours: ChangeColours): string {
  const change = changeOf(changed, weigh);
  const step = stepOf(Math.abs(change), scale);
  if (step >= 0) return (change > 0 ? colours.grown : colours.shrunk)[step]!;
  const hidden = weigh === 'grown' || weigh === 'shrunk' ? 0 : Math.min(changed.grown, changed.shrunk);
  return stepOf(hidden, scale) >= 0 ? colours.mixed : colours.same;
}

/** -1 below the first. */
function stepOf(amount: number, { steps }: ChangeScale): number {
  return steps.findLastIndex((least) => amount >= least);
}
