/** What `memscope check --json` prints: the verdict, and each rule with its numbers and what broke it. */
import { OBSTACLES } from '../diff/compared-measures.js';
import { RULE_SEVERITIES } from '../gate/default-rules.js';
import { GATED_MEASURES } from '../gate/rule.js';
import { place, runColumns, timeWindow } from './common-parts.js';
import { DiffRow } from './diff.js';
import { document, flag, integer, listOf, oneOf, orNull, record, text, whole, type Declared } from './vocabulary.js';
import { Type } from 'typebox';

/**
 * - `pass`: nothing exceeds the limit
 * - `fail`
 * - `note`: it would fail, but the rule only tells
 * - `noise`: more than the limit, but repetitions of both sides overlap: it cannot be told from chance
 * - `suppressed`: all that exceeds it is suppressed, with a reason
 * - `unknown`: a side cannot tell, or there is no baseline
 */
export const RULE_VERDICTS = ['fail', 'note', 'noise', 'suppressed', 'unknown', 'pass'] as const;
export type RuleVerdict = (typeof RULE_VERDICTS)[number];

/** `notComparable`: the sides differ in how they were recorded, so that no rule can say anything. */
export const CHECK_VERDICTS = ['pass', 'fail', 'notComparable'] as const;
export type CheckVerdict = (typeof CHECK_VERDICTS)[number];

export const RULE_SOURCES = ['default', 'config', 'option'] as const;
export type RuleSource = (typeof RULE_SOURCES)[number];

const run = record({ ...runColumns, window: orNull(timeWindow, 'Null: the whole recording.') });

const brokenBy = Type.Object(
  {
    ...DiffRow.properties,
    stack: listOf(place, 'The Python stack that changed most, outermost first; empty where none is known.'),
    command: orNull(
      text('What to type to see both sides of it; of repetitions, of the first; null of processes of one program.'),
    ),
  },
  { additionalProperties: false },
);
export type CheckedRow = Declared<typeof brokenBy>;

const rule = record({
  rule: text('As it is written.'),
  source: oneOf(RULE_SOURCES),
  severity: oneOf(RULE_SEVERITIES, 'note: it is said, and fails nothing.'),
  measure: oneOf(GATED_MEASURES),
  verdict: oneOf(RULE_VERDICTS),
  text: text('What was found, in one sentence.'),
  base: orNull(
    whole('Of the whole, or of what the filter passes; null of rules about each row, and without a baseline.'),
  ),
  head: orNull(whole()),
  change: orNull(integer()),
  most: orNull(
    whole(
      'Bytes, allocations or milliseconds: of a budget itself, of a change the greatest that passes: written rules fail above their limit, default ones at it.',
    ),
  ),
  arithmetic: text('How it was judged, with the numbers.'),
  functions: listOf(
    brokenBy,
    'What exceeds the limit, largest change first; of a rule about the whole, what grew most in it, or, of a budget, what holds most, without what is small beside it. `change` is what is counted: at the peak the lesser of the changes there and of the most that it ever held.',
  ),
  suppressed: listOf(brokenBy),
  moved: listOf(
    DiffRow,
    'Of a rule about each function: what other functions held in the baseline, so that it counts as no growth. `from` is which, `head` how much, and `basis` what it was inferred from.',
  ),
  aboutNothing: orNull(
    text(
      'Of a rule that passes since nothing of either side passes its filter: what was probably meant. Null: it is about something.',
    ),
  ),
});
export type CheckedRule = Declared<typeof rule>;

const suppression = record({
  function: text(),
  file: orNull(text('Null: in any file.')),
  rule: orNull(text('Null: by any rule.')),
  reason: text(),
  expires: orNull(text('The last day on which it holds, as 2026-12-31; null: it holds for ever.')),
  upTo: orNull(whole('Bytes of the greatest change, or under a budget of what is held, that it hides; null: any.')),
  status: oneOf(
    ['used', 'unused', 'expired', 'exceeded'],
    'exceeded: a function that it names grew, or holds, more than it hides.',
  ),
});
export type CheckedSuppression = Declared<typeof suppression>;

export const CheckDocument = document('check', 'What `memscope check --json` prints.', {
  verdict: oneOf(CHECK_VERDICTS),
  summary: text('The verdict and what decided it, in one sentence.'),
  base: listOf(run, 'The runs of the baseline; empty without one.'),
  head: listOf(run),
  together: flag('The runs of a side are processes of one program and added up; else they are repetitions.'),
  warmUp: orNull(
    text(
      'What was allocated before counts in no rule by leaked, nor by growing: a share, a time or a tick; null: all does.',
    ),
  ),
  filter: orNull(text('In the filter language; null: none.')),
  aboutNothing: orNull(
    text('Of a filter that nothing of either side passes, so that no rule is about anything: what was probably meant.'),
  ),
  obstacles: listOf(record({ name: oneOf(OBSTACLES), text: text(), allowed: flag('It does not decide.') })),
  rules: listOf(rule, 'Those that failed first.'),
  suppressions: listOf(suppression),
  notes: listOf(text(), 'What else whoever reads the verdict should know.'),
});
export type CheckDocument = Declared<typeof CheckDocument>;
