/** What to run next: the commands that show what stands out, then the views that most questions lead to. */
import { basename, relative } from 'node:path';
import { commandOf, viewOf, type Analysis } from '@memscope/model';

import { displayWidth } from '../terminal/display-width.js';
import { printable } from '../terminal/printable.js';
import { heading, type ReportStyle } from '../terminal/report-style.js';

const MOST = 2;
const INDENT = '  ';

export function suggestNext({ findings, capture, scope }: Analysis, style: ReportStyle): string[] {
  if (capture.path === '-') return [];
  const views = findings.flatMap(({ view }) => (view === null ? [] : [view]));
  views.push(viewOf('tree'), ...(scope === null ? [viewOf('leaks')] : []));
  const path = shortestPath(capture.path);
  const commands = [...new Set(views.map((view) => commandOf(view, path)))]
    .map((command) => breakCommand(printable(command), style.width))
    .filter((lines) => lines !== null);
  const { palette } = style;
  return [
    heading('Next', 'analyze -v has all sections; --help says more', style),
    ...commands.slice(0, MOST).flatMap((lines) => lines.map((line) => palette.number(line))),
  ];
}

/** As from here, where that is shorter; of a very long one the name, for whoever stands in its folder. */
function shortestPath(path: string): string {
  const near = relative(process.cwd(), path);
  const shorter = near !== '' && near.length < path.length ? near : path;
  return shorter.length > LONGEST_PATH ? basename(shorter) : shorter;
}

const LONGEST_PATH = 48;

/** Broken before options, as a shell takes it; null where that is not enough, for a command that is cut is none. */
function breakCommand(command: string, width: number): string[] | null {
  const lines: string[] = [];
  for (const part of command.split(/ (?=--)/)) {
    const last = lines.at(-1);
    const joined = last === undefined ? `${INDENT}${part}` : `${last} ${part}`;
    if (displayWidth(joined) <= width - 2) {
      lines[Math.max(0, lines.length - 1)] = joined;
      continue;
    }
    if (last !== undefined) lines[lines.length - 1] = `${last} \\`;
    lines.push(`${INDENT}${last === undefined ? '' : INDENT}${part}`);
  }
  return lines.every((line) => displayWidth(line) <= width) ? lines : null;
}
