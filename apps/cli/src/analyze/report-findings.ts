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

/** Lines of text at the most, of the first finding and of each that follows; so many the first has before there are others. */
const FIRST_TEXT = 10;
const FIRST_BEFORE_OTHERS = 6;
const OTHER_TEXT = 4;
const MOST_FINDINGS = 4;

interface Brief {
  readonly finding: Finding;
  readonly title: readonly string[];
  /** After each sentence the lines up to its end; none is cut. */
  readonly texts: readonly (readonly string[])[];
}

/** Lines that tell the first finding and what there is of a second one. */
export function linesForFindings(analysis: Analysis, style: ReportStyle): number {
  const briefs = briefsOf(analysis, style);
  const [first, second] = briefs;
  if (first === undefined) return 0;
  return 1 + first.title.length + textOf(first, FIRST_TEXT).length + (second === undefined ? 0 : 1 + leastOf(second));
}

/**
 * The same in at most `room` lines: each finding that is told has its title and its first sentence at least, the first
 * one as many as there is room for, then the others.
 */
export function briefFindings(analysis: Analysis, style: ReportStyle, room: number): string[] {
  const briefs = briefsOf(analysis, style);
  const [first] = briefs;
  if (first === undefined) return [];
  const { palette } = style;
  const all = joinNothing(analysis.findings).length;
  const ofFirst = textOf(first, Math.min(FIRST_BEFORE_OTHERS, room - 2 - first.title.length));
  const begun = first.title.length + ofFirst.length;
  const linesOf = (count: number): number => briefs.slice(1, count).reduce((sum, brief) => sum + leastOf(brief), begun);
  // A heading, and a line that says how to see the rest.
  const around = (count: number): number => (count < all ? 2 : 1);
  let shown = briefs.length;
  while (shown > 1 && linesOf(shown) + around(shown) > room) shown--;
  let left = room - linesOf(shown) - around(shown);
  const lines = [heading('What stands out', '', style)];
  for (const [index, brief] of briefs.slice(0, shown).entries()) {
    const { finding, title } = brief;
    const mark = finding.severity === 'warning' ? palette.warning('!') : palette.heading('•');
    const paint = finding.severity === 'warning' ? palette.warning : palette.number;
    for (const [at, line] of title.entries()) lines.push(`  ${at === 0 ? mark : ' '} ${paint(line)}`);
    const least = index === 0 ? ofFirst : textOf(brief, 0);
    const text = textOf(brief, Math.min(least.length + Math.max(0, left), index === 0 ? FIRST_TEXT : OTHER_TEXT));
    lines.push(...text.map((line) => `    ${line}`));
    left -= text.length - least.length;
  }
  if (shown < all) lines.push(palette.faint(`  … ${formatCount(all - shown)} more: --sections findings`));
  return lines;
}

function briefsOf(analysis: Analysis, { width }: ReportStyle): Brief[] {
  const wrap = (text: string): string[] => wrapText(printable(text), width - 4);
  return joinNothing(analysis.findings)
    .slice(0, MOST_FINDINGS)
    .map((finding) => ({ finding, title: wrap(finding.title), texts: sentencesOf(finding.text, wrap) }));
}

/** Whole sentences in at most so many lines, but always the first. */
function textOf({ texts }: Brief, most: number): readonly string[] {
  return texts.findLast(({ length }) => length <= most) ?? texts[0] ?? [];
}

function leastOf(brief: Brief): number {
  return brief.title.length + textOf(brief, 0).length;
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
