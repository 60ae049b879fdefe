/** The verdict of a gate → lines for people: the verdict, then what failed with the way there, then the rules. */
import {
  DEFAULT_RULES,
  formatBytes,
  formatCount,
  formatGated,
  moduleOfFile,
  parseRule,
  signedChange,
  sayMove,
  sayMoveBasis,
  type CheckDocument,
  type CheckedRow,
  type CheckedRule,
  type ComparedMeasure,
  type DefaultRule,
  type RuleVerdict,
} from '@memscope/model';
import type { CheckedRuns } from '@memscope/query';

import { breakCommand } from '../analyze/shown-command.js';
import { placeOf } from '../diff/diff-lines.js';
import { nameSides } from '../diff/name-sides.js';
import { printable } from '@memscope/model/text/printable';
import { shortenMiddle } from '../terminal/display-width.js';
import { heading, joinSections, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { wrapText } from '../terminal/wrap-text.js';

export const VERDICT_WORDS: Readonly<Record<CheckDocument['verdict'], string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  notComparable: 'NOT COMPARABLE',
};

const RULE_WORDS: Readonly<Record<RuleVerdict, string>> = {
  fail: 'fail',
  note: 'note',
  noise: 'noise',
  suppressed: 'suppressed',
  unknown: 'not judged',
  pass: 'pass',
};
/** Said of a note, which looks much like what fails. */
const FAILS_NOTHING = ' (fails nothing)';

/** `remarks`: those of the notes that stand before the numbers. */
export function drawCheck(
  checked: CheckedRuns,
  remarks: readonly string[],
  style: ReportStyle,
  explained: boolean,
): string[] {
  const { verdict, summary, rules, suppressions, notes, obstacles } = checked;
  const told = new Set<string>();
  return joinSections([
    wrapText(`${VERDICT_WORDS[verdict]}: ${printable(summary)}.`, style.width).map((line) =>
      verdict === 'pass' ? line : style.palette.number(line),
    ),
    [
      ...nameSides(checked, 'baseline', style),
      ...remarks.flatMap((remark) => paragraph(`! ${printable(capitalise(remark))}`, style)),
    ],
    obstacles.flatMap(({ text, allowed }) => paragraph(`${allowed ? '' : '! '}${printable(capitalise(text))}.`, style)),
    ...rules.map((rule) => drawRule(rule, told, style)),
    listRules(rules, style, explained),
    sayIdle(suppressions).flatMap((sentence) => paragraph(`! ${printable(sentence)}`, style)),
    notes.filter((note) => !remarks.includes(note)).flatMap((note) => paragraph(printable(note), style)),
  ]);
}

/** Of suppressions that hide nothing any more, or not all. */
export function sayIdle(suppressions: CheckedRuns['suppressions']): string[] {
  return suppressions
    .filter(({ status }) => status !== 'used')
    .map(({ function: name, expires, upTo, status }) => {
      const of = `The suppression of ${name}`;
      if (status === 'expired') return `${of} ended on ${expires ?? '?'}: it no longer holds.`;
      if (status === 'exceeded') return `${of} holds up to ${formatBytes(upTo ?? 0)}, which is exceeded.`;
      return `${of} matched nothing: it can go.`;
    });
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** `told` are functions whose way and command stand above, and lines of which it says that they import; a mere note tells none again. */
export function drawRule(rule: CheckedRule, told: Set<string>, style: ReportStyle): string[] {
  const { functions, verdict, text } = rule;
  if (verdict === 'pass' || verdict === 'unknown' || verdict === 'suppressed') return [];
  const isTold = (row: CheckedRow): boolean => told.has(keyOf(row));
  const rows = verdict === 'note' ? functions.filter((row) => !isTold(row)) : functions;
  if (rows.length === 0 && functions.length > 0) return [];
  const listed = rows.slice(0, style.count);
  const lines = listed.flatMap((row) => drawRow(rule, row, told, style));
  for (const row of listed) told.add(keyOf(row));
  return [
    heading(`${RULE_WORDS[verdict]}${verdict === 'note' ? FAILS_NOTHING : ''}: ${printable(rule.rule)}`, '', style),
    ...(rows.length === 0 ? paragraph(capitalise(printable(text)), style) : lines),
    ...(rows.length > style.count ? paragraph(`and ${formatCount(rows.length - style.count)} more`, style) : []),
  ];
}

/** Names have up to 65,536 letters: a longer one is cut in its middle, and stands whole in the document. */
const LONGEST_NAME = 120;

function short(name: string): string {
  return shortenMiddle(printable(name), LONGEST_NAME);
}

/** Captures of tests have names that are longer than a line. */
const WIDEST_COMMAND = 240;

function drawRow(rule: CheckedRule, row: CheckedRow, told: Set<string>, style: ReportStyle): string[] {
  const { measure } = rule;
  const format = (value: number): string => formatGated(measure, value);
  const isBudget = parseRule(rule.rule).limit.kind === 'budget';
  const amount = isBudget
    ? `${format(row.head)}${row.base > 0 ? ` (${signedChange(row.head - row.base, format)} since the baseline)` : ''}`
    : `${signedChange(row.change, format)} (${format(row.base)} → ${format(row.head)})`;
  const line = paragraph(`${[short(row.name), short(placeOf(row))].filter(Boolean).join(' ')} ${amount}`, style).map(
    (each) => style.palette.number(each),
  );
  if (told.has(keyOf(row))) return line;
  const way = sayWay(row, told);
  return [
    ...line,
    ...(way === null ? [] : paragraph(way, { ...style, width: style.width - 2 })).map((each) =>
      style.palette.faint(`  ${each}`),
    ),
    ...(row.command === null ? [] : (breakCommand(fromHere(row.command), style.width, '    ', WIDEST_COMMAND) ?? [])),
  ];
}

const DEEPEST_SHOWN = 8;

/** The way to a row without the import system's own frames; of what a line imports that line, of functions once. */
function sayWay({ kind, way, stack }: CheckedRow, told: Set<string>): string | null {
  const isImportSystem = (place: (typeof stack)[number]): boolean => moduleOfFile(place.file).kind === 'importSystem';
  const say = (place: (typeof stack)[number]): string =>
    `${short(place.function ?? '?')} ${short(placeOf(place))}`.trimEnd();
  const from = way === null ? -1 : stack.findLastIndex(({ file, line }) => file === way.file && line === way.line);
  if (way !== null && from >= 0 && kind !== 'site' && stack.slice(from).some(isImportSystem)) {
    const text = `imported by ${say(way)}`;
    if (told.has(text) && kind !== 'imports') return null;
    told.add(text);
    return text;
  }
  const shown = stack.filter((place) => !isImportSystem(place)).slice(-DEEPEST_SHOWN);
  return shown.length < 2 ? null : `by ${shown.map(say).join(' › ')}`;
}

function keyOf({ name, file }: CheckedRow): string {
  return `${name} ${file ?? ''}`;
}

/** Files in the current folder by their names alone, as people type them. */
function fromHere(command: string): string {
  const folder = `${process.cwd().replace(/\/$/, '')}/`;
  const end = command.indexOf(' --filter ');
  const [files, rest] = end < 0 ? [command, ''] : [command.slice(0, end), command.slice(end)];
  // A name that begins with a dash would be a flag.
  const near = [' ', " '"].reduce(
    (text, start) =>
      text
        .split(`${start}${folder}`)
        .reduce((before, after) => `${before}${start}${after.startsWith('-') ? './' : ''}${after}`),
    files,
  );
  return near + rest;
}

/** Each rule with its verdict, and how it was judged where that is asked for. */
function listRules(rules: readonly CheckedRule[], style: ReportStyle, explained: boolean): string[] {
  return [heading('Rules', '', style), ...rulesWithin(rules, style, explained)];
}

export function explainRules(rules: readonly CheckedRule[], style: ReportStyle): string[] {
  return rulesWithin(rules, style, true);
}

function rulesWithin(rules: readonly CheckedRule[], style: ReportStyle, explained: boolean): string[] {
  const width = Math.max(...rules.map(({ verdict }) => RULE_WORDS[verdict].length));
  return rules.flatMap((rule) => {
    const { verdict, text, source, arithmetic } = rule;
    const remark = verdict === 'note' ? FAILS_NOTHING : '';
    const lines = wrapText(`${printable(rule.rule)}: ${printable(text)}${remark}`, style.width - width - 4);
    return [
      ...lines.map((line, at) => `  ${(at === 0 ? RULE_WORDS[verdict] : '').padEnd(width)}  ${line}`),
      ...(explained ? explain([arithmetic, ...sayMoves(rule), ...reasonOf(rule.rule, source)], width, style) : []),
    ];
  });
}

/** "moved: make (a.py) → keep (b.py:12), 5.00 MiB, in all unchanged: …". */
function sayMoves({ moved, measure }: CheckedRule): string[] {
  return moved.map(
    (row) => `moved: ${sayMove(row, measure as ComparedMeasure)}; together unchanged. Inferred: ${sayMoveBasis(row)}`,
  );
}

function explain(texts: readonly string[], width: number, style: ReportStyle): string[] {
  const indent = ' '.repeat(width + 4);
  return texts
    .flatMap((text) => wrapText(printable(text), style.width - indent.length))
    .map((line) => style.palette.faint(`${indent}${line}`));
}

function reasonOf(text: string, source: CheckedRule['source']): string[] {
  return source === 'default' ? DEFAULT_RULES.filter(({ rule }) => rule.text === text).map(({ reason }) => reason) : [];
}

/** The default rules by themselves, for whoever asks what a gate that is told none goes by. */
export function drawDefaultRules(rules: readonly DefaultRule[], style: ReportStyle): string[] {
  return joinSections([
    ['The rules of a gate that is told none:'],
    ...rules.map(({ rule, severity, reason }) => [
      `  ${rule.text}${severity === 'note' ? '   (a note, fails nothing)' : ''}`,
      ...wrapText(reason, style.width - 6).map((line) => style.palette.faint(`      ${line}`)),
    ]),
  ]);
}
