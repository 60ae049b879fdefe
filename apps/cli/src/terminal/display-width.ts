/**
 * How many terminal columns a string takes: two for East Asian wide characters and emoji, none for combining marks,
 * one for the rest (Unicode UAX #11, "W" and "F", by ranges). Expects printable text: no control characters. Also
 * cuts and pads to a width.
 */

const ZERO_WIDTH = /\p{M}/u;
const EMOJI = /\p{Emoji_Presentation}/u;

/** First and last code points, ascending. */
const WIDE_RANGES: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** Most texts are. */
const ASCII = /^[ -~]*$/;

export function displayWidth(text: string): number {
  return widthUpTo(text, Infinity);
}

/** As `displayWidth`; of what is wider than `most` only that it is: some width beyond it. Lines are short, texts need not be. */
export function widthUpTo(text: string, most: number): number {
  if (text.length <= most && ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > most) return width;
  }
  return width;
}

export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  if (WIDE_RANGES.some(([first, last]) => code >= first && code <= last)) return 2;
  return EMOJI.test(character) ? 2 : 1;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Cut at the end, "…" in place of what went. */
export function shortenEnd(text: string, width: number): string {
  return fits(text, width) ? text : `${takeStart(text, width - 1)}…`;
}

/** Cut in the middle so that both ends stay, more of the last one: a path is known by its file name. */
export function shortenMiddle(text: string, width: number): string {
  if (fits(text, width)) return text;
  const start = takeStart(text, Math.floor((width - 1) / 4));
  return `${start}…${takeEnd(text, width - 1 - displayWidth(start))}`;
}

export function fits(text: string, width: number): boolean {
  return text.length <= width / 2 || widthUpTo(text, width) <= width;
}

function takeStart(text: string, width: number): string {
  let taken = 0;
  let end = 0;
  for (const character of text) {
    taken += characterWidth(character);
    if (taken > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function takeEnd(text: string, width: number): string {
  // Only the end matters, and a column takes at most a handful of UTF-16 units.
  const tail = Array.from(text.slice(-16 * Math.max(1, width)));
  let taken = 0;
  let start = tail.length;
  while (start > 0) {
    taken += characterWidth(tail[start - 1] ?? '');
    if (taken > width) break;
    start--;
  }
  // A mark without its letter would sit on the "…".
  while (start < tail.length && characterWidth(tail[start] ?? '') === 0) start++;
  return tail.slice(start).join('');
}
