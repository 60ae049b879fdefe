/**
 * The colour of a frame: that of its owner. A search leaves what it matches as it is and makes the rest pale; so does a
 * legend of which one owner is chosen, or some are hidden.
 */
import { isCode, type FlameLabel, type SearchAnswer } from '@memscope/model';

import { colourChange, type Changed, type ChangeLook } from './change-scale.js';
import { mixColours } from './mix-colours.js';
import { ownerColour } from './owner-colour.js';
import type { Palette } from './palette.js';

export interface FrameColours {
  readonly palette: Palette;
  readonly surface: string;
  /** Of threads and of everything. */
  readonly quiet: string;
  /** Functions that a search matches; null = there is none. */
  readonly matched: ReadonlySet<string> | null;
  /** Of the legend. */
  readonly isShown?: (label: FlameLabel) => boolean;
}

const PALE = 0.78;

export function colourFrame(label: FlameLabel, { palette, surface, quiet, matched, isShown }: FrameColours): string {
  if (!isCode(label)) return quiet;
  const colour = ownerColour(label, palette);
  const isClear = (matched === null || isMatched(label, matched)) && isShown?.(label) !== false;
  return isClear ? colour : mixColours(colour, surface, PALE);
}

/** By what changed between two sides; quiet where that is not known, as of callers above the shown root. */
export function colourChangedFrame(
  label: FlameLabel,
  changed: Changed | null,
  look: ChangeLook,
  { palette, surface, quiet, matched }: FrameColours,
): string {
  if (changed === null) return quiet;
  const colour = colourChange(changed, look, palette.change);
  return matched === null || isMatched(label, matched) ? colour : mixColours(colour, surface, PALE);
}

/** What a search has found; null without one. */
export function framesOf(found: SearchAnswer | null): ReadonlySet<string> | null {
  return found === null ? null : new Set([...found.functions, ...found.modules]);
}

/** Whether a frame is among `matched`: by its function, or by its module where it has none. */
export function isMatched(label: FlameLabel, matched: ReadonlySet<string>): boolean {
  return matched.has(label.function ?? label.module);
}
