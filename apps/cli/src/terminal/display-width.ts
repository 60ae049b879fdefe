/**
 * How many terminal columns a string takes, by what a reader sees as one character (string-width: two for East Asian
 * wide characters and emoji, none for marks, one for the rest). Expects printable text: no control characters. Also cuts
 * and pads to a width, never within such a character.
 */
import stringWidth from 'string-width';

/**
 * Most texts are of characters that take one column and join none beside them: ASCII, Latin letters, and what charts and
 * tables are drawn with. Getting ready for the others takes longer than all else that starts a command.
 */
const PLAIN = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u2800-\u28ff]*$/;

/** UTF-16 units that are segmented at a time: whoever wants a line of a long text does not pay for all of it. */
const PIECE = 256;

let segmenter: Intl.Segmenter | null = null;

export function displayWidth(text: string): number {
  return widthUpTo(text, Infinity);
}

/** As `displayWidth`; of what is wider than `most` only that it is: some width beyond it. Lines are short, texts need not be. */
export function widthUpTo(text: string, most: number): number {
  const start = text.slice(0, Math.max(0, most + 1));
  if (PLAIN.test(start)) return start.length;
  let width = 0;
  for (const character of charactersOf(text)) {
    width += widthOf(character);
    if (width > most) return width;
  }
  return width;
}

function widthOf(character: string): number {
  return PLAIN.test(character) ? character.length : stringWidth(character);
}

/** The text in what a reader sees as characters: letters with their marks, emoji with what joins them. */
export function* charactersOf(text: string): Generator<string> {
  if (PLAIN.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (let start = 0; start < text.length;) {
    const piece = text.slice(start, start + PIECE);
    const last = start + piece.length === text.length;
    for (const { segment, index } of segmenter.segment(piece)) {
      const mayGoOn = !last && index > 0 && index + segment.length === piece.length;
      if (mayGoOn) break;
      yield segment;
      start += segment.length;
    }
  }
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
  const start = text.slice(0, Math.max(0, width));
  if (PLAIN.test(text.slice(0, Math.max(0, width) + 1))) return start;
  let taken = 0;
  let end = 0;
  for (const character of charactersOf(text)) {
    taken += widthOf(character);
    if (taken > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function takeEnd(text: string, width: number): string {
  // Only the end matters, and a column takes at most a handful of UTF-16 units.
  const tail = [...charactersOf(text.slice(-16 * Math.max(1, width)))];
  let taken = 0;
  let start = tail.length;
  while (start > 0) {
    taken += widthOf(tail[start - 1] ?? '');
    if (taken > width) break;
    start--;
  }
  // A mark without its letter would sit on the "…".
  while (start < tail.length && widthOf(tail[start] ?? '') === 0) start++;
  return tail.slice(start).join('');
}
