/** Breaks running text into lines of a display width, at spaces; words longer than a line are cut where it ends. */
import { characterWidth, displayWidth } from './display-width.js';

export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const flush = (): void => {
    lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(' ')) {
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
    for (const character of word) {
      const step = characterWidth(character);
      if (used + step > width) flush();
      line += character;
      used += step;
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
