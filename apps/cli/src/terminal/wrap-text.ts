/**
 * Breaks running text into lines of a display width, at spaces but not between a number and its unit; words longer than
 * a line are cut where it ends.
 */
import { charactersOf, displayWidth } from './display-width.js';

/** A space that may become the end of a line. */
const BREAK = /(?<!\d) | (?!(?:B|[KMGTPE]iB|ms|s|min|h|d)(?![\w]))/;

export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const flush = (): void => {
    lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(BREAK)) {
    const wide = displayWidth(word);
    if (used > 0 && used + 1 + wide > width) flush();
    if (used > 0) {
      line += ' ';
      used++;
    }
    if (used + wide <= width) {
      line += word;
      used += wide;
      continue;
    }
    for (const character of charactersOf(word)) {
      const step = displayWidth(character);
      if (used + step > width) flush();
      line += character;
      used += step;
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
