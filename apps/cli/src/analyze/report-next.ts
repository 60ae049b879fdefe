/** What to run next: the commands that show what stands out, then the views that most questions lead to. */
import { commandOf, viewOf, type Analysis } from '@memscope/model';

import { heading, type ReportStyle } from '../terminal/report-style.js';
import { breakCommand, shortestPath } from './shown-command.js';

const MOST = 2;

export function suggestNext({ findings, capture, scope }: Analysis, style: ReportStyle): string[] {
  if (capture.path === '-') return [];
  // What is thrown away at once holds nothing: other views come before.
  const told = findings.filter(({ rule }) => rule !== 'temporaryChurn');
  const views = told.flatMap(({ view }) => (view === null ? [] : [view]));
  views.push(viewOf('tree'), ...(scope === null ? [viewOf('leaks')] : []));
  const path = shortestPath(capture.path);
  const commands = [...new Set(views.map((view) => commandOf(view, path)))]
    .map((command) => breakCommand(command, style.width))
    .filter((lines) => lines !== null);
  const { palette } = style;
  return [
    heading('Next', 'analyze -v has all sections; --help says more', style),
    ...commands.slice(0, MOST).flatMap((lines) => lines.map((line) => palette.number(line))),
  ];
}
