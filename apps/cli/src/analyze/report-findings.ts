/** What stands out and what the capture cannot answer, as short paragraphs. */
import { commandOf, formatCount, joinNothing, type Analysis, type Finding } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { heading, type ReportStyle } from '../terminal/report-style.js';
import { wrapText } from '../terminal/wrap-text.js';
import { breakCommand, shortestPath } from './shown-command.js';

export function describeFindings(analysis: Analysis, style: ReportStyle): string[] {
  const { limitations, capture } = analysis;
  const findings = joinNothing(analysis.findings);
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
const OTHER_TEXT = 4;
const MOST_FINDINGS = 4;

interface Brief {
  readonly finding: Finding;
  readonly title: readonly string[];
  /** After each sentence the lines up to its end; none is cut. */
  readonly texts: readonly (readonly string[])[];
}

/**
 * The same in at most `room` lines: each finding that is told has its title and its first sentence at least, the first
 * one as many as there is room for, then the others.
 */
export function briefFindings(analysis: Analysis, style: ReportStyle, room: number): string[] {
  const findings = joinNothing(analysis.findings);
  if (findings.length === 0) return [];
  const { palette, width } = style;
  const briefs = findings.slice(0, MOST_FINDINGS).map((finding): Brief => {
    const wrap = (text: string): string[] => wrapText(printable(text), width - 4);
    return { finding, title: wrap(finding.title), texts: sentencesOf(finding.text, wrap) };
  });
  const leastOf = ({ title, texts }: Brief): number => title.length + (texts[0]?.length ?? 0);
  const least = (count: number): number => briefs.slice(0, count).reduce((sum, brief) => sum + leastOf(brief), 0);
  let shown = briefs.length;
  // A heading, and a line that says how to see the rest.
  while (shown > 1 && least(shown) + (shown < findings.length ? 2 : 1) > room) shown--;
  const more = findings.length - shown;
  let left = room - least(shown) - (more > 0 ? 2 : 1);
  const lines = [heading('What stands out', '', style)];
  for (const [index, { finding, title, texts }] of briefs.slice(0, shown).entries()) {
    const mark = finding.severity === 'warning' ? palette.warning('!') : palette.heading('•');
    const paint = finding.severity === 'warning' ? palette.warning : palette.number;
    for (const [at, line] of title.entries()) lines.push(`  ${at === 0 ? mark : ' '} ${paint(line)}`);
    const [first = []] = texts;
    const most = Math.max(
      first.length,
      Math.min(first.length + Math.max(0, left), index === 0 ? FIRST_TEXT : OTHER_TEXT),
    );
    const text = texts.findLast(({ length }) => length <= most) ?? first;
    lines.push(...text.map((line) => `    ${line}`));
    left -= text.length - first.length;
  }
  if (more > 0) lines.push(palette.faint(`  … ${formatCount(more)} more: --sections findings`));
  return lines;
}

function sentencesOf(text: string, wrap: (text: string) => string[]): string[][] {
  let taken = '';
  return text.split(SENTENCE_END).map((sentence) => {
    taken = taken === '' ? sentence : `${taken} ${sentence}`;
    return wrap(taken);
  });
}

/** Not between "Python 3. Names" of a number, and not after one letter. */
const SENTENCE_END = /(?<=[^\s.][.!?]) (?=[A-Z])/;
