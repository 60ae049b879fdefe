/** The verdict of a gate → Markdown for a pull request: the verdict, what failed, and the rules folded. */
import {
  formatGated,
  parseRule,
  signedChange,
  type CheckedRow,
  type CheckedRule,
  type RuleVerdict,
} from '@memscope/model';
import type { CheckedRuns } from '@memscope/query';

import { code, escapeText, markdownTable } from '../diff/diff-markdown.js';
import { placeOf } from '../diff/diff-lines.js';
import { sayIdle, VERDICT_WORDS } from './check-lines.js';
import type { CheckedTests } from './pytest/check-tests.js';

const ICONS: Readonly<Record<RuleVerdict, string>> = {
  fail: '❌',
  note: 'ℹ️',
  noise: '〰️',
  suppressed: '🔇',
  unknown: '❔',
  pass: '✅',
};

export function writeCheckMarkdown(checked: CheckedRuns, count: number): string {
  const { verdict, summary, rules, obstacles, suppressions, notes } = checked;
  const failed = rules.filter((rule) => rule.verdict === 'fail' || rule.verdict === 'note');
  const parts = [
    `**memscope: ${VERDICT_WORDS[verdict]}** ${escapeText(summary)}`,
    ...obstacles.map(({ text }) => `> ⚠ ${escapeText(text)}`),
    ...failed.map((rule) => listRows(rule, count)),
    `<details><summary>${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}</summary>\n\n${listRules(rules)}\n\n</details>`,
    ...[...sayIdle(suppressions), ...notes].map((note) => escapeText(note)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Of captures that could not be read, so that there is no verdict. */
export function writeUnreadMarkdown(why: string): string {
  return `**memscope: ${VERDICT_WORDS.notComparable}** ${escapeText(why)}`;
}

/** Of a folder of tests: each that failed, or could not be judged. */
export function writeTestsMarkdown({ verdict, summary, tests, notes }: CheckedTests, count: number): string {
  const failed = tests.filter((test) => test.verdict === 'fail');
  return [
    `**memscope: ${VERDICT_WORDS[verdict]}** ${escapeText(summary)}`,
    ...failed.flatMap(({ test, rules }) => [
      `#### ${code(test)}`,
      ...rules.filter((rule) => rule.verdict === 'fail').map((rule) => listRows(rule, count)),
    ]),
    ...tests
      .filter((test) => test.verdict === 'notComparable')
      .map(({ test, summary: why }) => `${ICONS.unknown} ${code(test)}: ${escapeText(why ?? '')}`),
    ...notes.map((note) => escapeText(note)),
  ].join('\n\n');
}

function listRows({ rule, measure, verdict, text, functions }: CheckedRule, count: number): string {
  const title = `${ICONS[verdict]} ${code(rule)}`;
  if (functions.length === 0) return `${title}: ${escapeText(text)}`;
  const format = (value: number): string => formatGated(measure, value);
  const isBudget = parseRule(rule).limit.kind === 'budget';
  const rows = functions
    .slice(0, count)
    .map((row) => [
      code(row.name),
      placeCell(row),
      ...(isBudget ? [format(row.head)] : [format(row.base), format(row.head), signedChange(row.change, format)]),
    ]);
  const titles = isBudget ? ['', 'place', 'holds'] : ['', 'place', 'base', 'head', 'change'];
  const more = functions.length > count ? `\n\nand ${functions.length - count} more` : '';
  return `${title}\n\n${markdownTable(titles, rows, isBudget ? 'llr' : 'llrrr')}${more}`;
}

/** With the line of the application that leads there, which is where a reader can change something. */
function placeCell({ file, line, way }: CheckedRow): string {
  const own = file === null ? [] : [code(placeOf({ file, line }))];
  return [...own, ...(way === null ? [] : [`from ${code(placeOf(way))}`])].join(' ');
}

function listRules(rules: readonly CheckedRule[]): string {
  const rows = rules.map(({ rule, verdict, text }) => [ICONS[verdict], code(rule), escapeText(text)]);
  return markdownTable(['', 'rule', 'found'], rows, 'lll');
}
