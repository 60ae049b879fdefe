/**
 * The colour of a frame: that of its kind of code, a little lighter for some modules, so that modules side by side can be told
 * apart. A search leaves what it matches as it is and makes the rest pale.
 */
import { isCode, type FlameLabel } from '@memscope/model';

import { colourChange, type Changed, type ChangeLook } from './change-scale.js';
import { kindOf, type Palette } from './palette.js';

export interface FrameColours {
  readonly palette: Palette;
  readonly surface: string;
  /** Of threads and of everything. */
  readonly quiet: string;
  /** Functions that a search matches; null = there is none. */
  readonly matched: ReadonlySet<string> | null;
}

/** Shares of white. More would bring light colours too close to each other. */
const TINTS = [0, 0.12, 0.24] as const;
const PALE = 0.78;

export function colourFrame(label: FlameLabel, { palette, surface, quiet, matched }: FrameColours): string {
  if (!isCode(label)) return quiet;
  const colour = mixColours(palette.kind[kindOf(label.kind)], '#ffffff', tintOf(label.module));
  return matched === null || isMatched(label, matched) ? colour : mixColours(colour, surface, PALE);
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

/** Whether a search that found these functions has found the frame. */
export function isMatched(label: FlameLabel, matched: ReadonlySet<string>): boolean {
  return label.function !== null && matched.has(label.function);
}

/** FNV-1a (isthe.com/chongo/tech/comp/fnv) of the name, so that a module looks the same in every run. */
function tintOf(module: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < Math.min(module.length, 200); at++) hash = Math.imul(hash ^ module.charCodeAt(at), 0x01000193);
  return TINTS[(hash >>> 8) % TINTS.length]!;
}

/** Two colours as #rrggbb or #rgb → one between them, in sRGB. */
export function mixColours(first: string, second: string, shareOfSecond: number): string {
  const [a, b] = [channelsOf(first), channelsOf(second)];
  const mixed = a.map((channel, at) => Math.round(channel * (1 - shareOfSecond) + b[at]! * shareOfSecond));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function channelsOf(colour: string): number[] {
  const digits = colour.length === 4 ? colour.replaceAll(/[0-9a-f]/gi, '$&$&') : colour;
  return [1, 3, 5].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
}
