/** A command that is to be copied: with a short path to the capture, on lines that a shell takes as one. */
import { basename, relative } from 'node:path';
import { printable } from '@memscope/model/text/printable';

import { displayWidth } from '../terminal/display-width.js';

/** As from here, where that is shorter; of a very long one the name, for whoever stands in its folder. */
export function shortestPath(path: string): string {
  const near = relative(process.cwd(), path);
  const shorter = near !== '' && near.length < path.length ? near : path;
  return shorter.length > LONGEST_PATH ? basename(shorter) : shorter;
}

const LONGEST_PATH = 48;

/** What people type for `memscope`: in a clone, where that is no command yet, `npm start --`. */
const invokedAs = process.env['MEMSCOPE_INVOKED_AS'] ?? 'memscope';

/** What is no space between words: in quotes, behind a backslash, or any other character. */
const WORD = /(?:'[^']*'|\\.|[^\s'\\])+/g;

/**
 * With what people type in place of `memscope`; broken before options, a quoted filter between its terms, and else between
 * words, as a shell takes it. Null where that is not enough, and where a character could not be shown as it is: a command that is cut is
 * none. Single words may be as long as `widest`: a terminal goes on in its next line.
 */
export function breakCommand(command: string, width: number, indent = '  ', widest = width): string[] | null {
  if (printable(command) !== command) return null;
  const lines: string[] = [];
  const parts: string[] = [];
  for (const word of command.replace(/^memscope\b/, invokedAs).match(WORD) ?? []) {
    if (parts.length === 0 || /^--\w/.test(word)) parts.push(word);
    else parts[parts.length - 1] += ` ${word}`;
  }
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = last === undefined ? `${indent}${part}` : `${last} ${part}`;
    if (displayWidth(joined) <= width - 2) {
      lines[Math.max(0, lines.length - 1)] = joined;
      continue;
    }
    if (last !== undefined) lines[lines.length - 1] = `${last} \\`;
    lines.push(...breakFilter(`${indent}${last === undefined ? '' : '  '}${part}`, width, indent));
  }
  return lines.every((line) => displayWidth(line) <= widest) ? lines : null;
}

const FILTER = /^(\s*--filter )('[^']*')$/;

/** Within quotes a line needs no backslash at its end, and filters take any white space between terms. */
function breakFilter(line: string, width: number, indent: string): string[] {
  const [, flag, filter] = FILTER.exec(line) ?? [];
  if (displayWidth(line) <= width) return [line];
  if (flag === undefined || filter === undefined || filter.includes('"')) return breakWords(line, width, indent);
  const lines: string[] = [];
  let current = flag;
  for (const word of filter.split(/ (?!or\b)/)) {
    const joined = current === flag ? `${flag}${word}` : `${current} ${word}`;
    if (displayWidth(joined) <= width || current === flag) current = joined;
    else {
      lines.push(current);
      current = `${indent}      ${word}`;
    }
  }
  return [...lines, current];
}

function breakWords(line: string, width: number, indent: string): string[] {
  const [first = '', ...words] = line.trim().match(WORD) ?? [];
  const lines = [`${/^\s*/.exec(line)![0]}${first}`];
  for (const word of words) {
    const joined = `${lines.at(-1)} ${word}`;
    if (displayWidth(joined) <= width - 2) lines[lines.length - 1] = joined;
    else {
      lines[lines.length - 1] += ' \\';
      lines.push(`${indent}    ${word}`);
    }
  }
  return lines;
}
