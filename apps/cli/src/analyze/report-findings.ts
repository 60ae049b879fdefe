/** What stands out and what the capture cannot answer, as short paragraphs. */
import { commandOf, type Analysis } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { heading, type ReportStyle } from '../terminal/report-style.js';
import { wrapText } from '../terminal/wrap-text.js';
import { breakCommand, shortestPath } from './shown-command.js';

export function describeFindings({ findings, limitations, capture }: Analysis, style: ReportStyle): string[] {
  if (findings.length === 0 && limitations.length === 0) return [];
  const { palette, width } = style;
  const lines = [heading('What stands out', '', style)];
  for (const { severity, title, text, view, capturePath = capture.path } of findings) {
    const mark = severity === 'warning' ? palette.warning('!') : palette.heading('•');
    const paint = severity === 'warning' ? palette.warning : palette.number;
    for (const [index, line] of wrapText(printable(title), width - 4).entries()) {
      lines.push(`  ${index === 0 ? mark : ' '} ${paint(line)}`);
    }
    for (const line of wrapText(printable(text), width - 4)) lines.push(`    ${line}`);
    if (view !== null && capturePath !== '-') {
      const command = breakCommand(commandOf(view, [shortestPath(capturePath)]), width, '    ');
      lines.push(...(command ?? []).map((line) => palette.number(line)));
    }
  }
  for (const limitation of limitations) {
    for (const [index, line] of wrapText(printable(limitation), width - 4).entries()) {
      lines.push(palette.faint(`  ${index === 0 ? '·' : ' '} ${line}`));
    }
  }
  return lines;
}

/** Lines of text of the first finding, and of each that follows. */
const FIRST_TEXT = 10;
const OTHER_TEXT = 3;
const MOST_FINDINGS = 4;

/** The same in at most `room` lines: titles first, then as many whole sentences of each as there is room for. */
export function briefFindings({ findings }: Analysis, style: ReportStyle, room: number): string[] {
  if (findings.length === 0) return [];
  const { palette, width } = style;
  const wrap = (text: string): string[] => wrapText(printable(text), width - 4);
  const titles = findings.slice(0, MOST_FINDINGS).map(({ title }) => wrap(title));
  let shown = titles.length;
  const linesOf = (count: number): number => titles.slice(0, count).reduce((sum, lines) => sum + lines.length, 0);
  // A heading, and a line that says how to see the rest.
  while (shown > 1 && linesOf(shown) + 3 > room) shown--;
  let left = room - linesOf(shown) - 2;
  const lines = [heading('What stands out', '', style)];
  let isCut = shown < findings.length;
  for (const [index, { severity, text }] of findings.slice(0, shown).entries()) {
    const mark = severity === 'warning' ? palette.warning('!') : palette.heading('•');
    const paint = severity === 'warning' ? palette.warning : palette.number;
    for (const [at, line] of titles[index]!.entries()) lines.push(`  ${at === 0 ? mark : ' '} ${paint(line)}`);
    const most = Math.min(left, index === 0 ? FIRST_TEXT : OTHER_TEXT);
    const fitting = fitSentences(text, most, wrap);
    if (fitting.length < wrap(text).length) isCut = true;
    lines.push(...fitting.map((line) => `    ${line}`));
    left -= fitting.length;
  }
  if (isCut) {
    const more = findings.length - shown;
    lines.push(palette.faint(`  … ${more > 0 ? `${more} more, and ` : ''}all they say: --sections findings`));
  }
  return lines;
}

/** As many whole sentences from the start as fit; of a first one that is longer, its beginning. */
function fitSentences(text: string, most: number, wrap: (text: string) => string[]): string[] {
  let fitting: string[] = [];
  let taken = '';
  for (const sentence of text.split(/(?<=[.!?]) (?=[A-Z])/)) {
    const next = wrap(taken === '' ? sentence : `${taken} ${sentence}`);
    if (next.length > most) break;
    taken = taken === '' ? sentence : `${taken} ${sentence}`;
    fitting = next;
  }
  if (fitting.length > 0 || most < 1) return fitting;
  const cut = wrap(text).slice(0, most);
  return cut.map((line, at) => (at === cut.length - 1 ? line.replace(/\s*\S*$/, ' …') : line));
}
