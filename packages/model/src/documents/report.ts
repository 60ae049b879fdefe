/**
 * What a report file holds of one run set: what of its profiles stands beside it, and, where that is not all, answers of
 * the API to a bounded set of questions. Labels of functions stand
 * once in `labels`; elsewhere a label is a position in it. Texts may have been cut, and what was cut has no `function` by
 * which it could be asked for.
 */
import { Type, type TSchema } from 'typebox';

import { AnalysisDocument } from './analysis.js';
import { ApiError, BandsHead, Run, SourceAnswer, TimelineHead } from './api-answers.js';
import { DiffDocument } from './diff.js';
import { flameHead, leaksPage, sandwichAnswer, tablePage } from './labelled-answers.js';
import { FlameLabel } from './labels.js';
import { listOf, mapOf, orNull, record, sharedBy, sharedPart, text, whole, type Declared } from './vocabulary.js';
import { ViewQuery } from './view-query.js';

const position = whole('Position in `labels`.');

const columnValues = mapOf(listOf(orNull(Type.Number())), 'Of one length; null is what is not known.');

function columns<Head extends TSchema>(head: Head) {
  return record({ head, columns: columnValues });
}

const limits = record(
  {
    columns: whole('Columns of time.'),
    share: whole('Nodes of a flame graph that weigh less than a part in so many of the whole were folded.'),
    nodes: whole(),
    rows: whole('Of a table, by own bytes and as many by inclusive ones.'),
    leaks: whole(),
    functions: whole('With callers and callees, for each measure.'),
    labelText: whole('UTF-16 units of all labels together.'),
    text: whole('UTF-16 units of any other text.'),
  },
  'What was kept of each answer at the most.',
);
export type ReportLimits = Declared<typeof limits>;

const flame = record(flameHead(position));
const table = tablePage(position);
const leaks = leaksPage(position);
const sandwich = sandwichAnswer(position);

const held = record(
  {
    sites: whole('As they were recorded; what the others hold counts at their callers.'),
    ofSites: whole(),
    share: Type.Number({ description: 'Of the bytes of each measure at the least, what those sites hold: 0 to 1.' }),
    ticksPerStretch: orNull(whole('Windows begin and end every so many ticks; null where it holds no lifetimes.')),
  },
  'What of the profile of a run stands in the file beside this.',
);

const answer = Type.Union([
  record({ error: ApiError }),
  record({ overview: sharedBy(AnalysisDocument) }),
  record({ timeline: columns(TimelineHead) }),
  record({ bands: columns(BandsHead) }),
  record({ flame: columns(flame) }),
  record({ table }),
  record({ leaks }),
  record({ sandwich }),
  record({ source: SourceAnswer }),
  record({ diff: sharedBy(DiffDocument) }),
]);

/** Columns of one length; null is what is not known. */
export interface EmbeddedColumns<Head> {
  readonly head: Head;
  readonly columns: Declared<typeof columnValues>;
}
export type EmbeddedAnswer = Declared<typeof answer>;
export type EmbeddedFlameHead = Declared<typeof flame>;
/** `rowCount` rows there are; those that were left out weigh less than any that is here. */
export type EmbeddedTable = Declared<typeof table>;
export type EmbeddedLeaks = Declared<typeof leaks>;
export type EmbeddedSandwich = Declared<typeof sandwich>;
export type EmbeddedTree = EmbeddedSandwich['callers'];

export const EmbeddedReport = sharedPart('report', 'report', 'What the page in a file of `memscope report` reads.', {
  version: Type.Literal(1),
  memscopeVersion: text(),
  runs: record({
    head: Type.Array(Run, { minItems: 1 }),
    base: listOf(Run, 'What the head is compared with; empty: with nothing.'),
    others: listOf(Run, 'Held beside them, to be chosen instead.'),
  }),
  view: ViewQuery,
  limits,
  held: listOf(held, 'By run, the head’s first; empty where no profile had room.'),
  labels: listOf(sharedBy(FlameLabel)),
  answers: mapOf(
    answer,
    'By the question; what is not among them is asked of the profiles. Empty where these are whole.',
  ),
});
export type EmbeddedReport = Declared<typeof EmbeddedReport>;
