/**
 * What `memscope baseline update` writes: the numbers of one run, or of several repetitions, or of many tests, for review
 * in a repository. Nothing in it changes unless a number does: neither times, nor folders of a machine, nor versions.
 */
import { Type } from 'typebox';

import { OWNED_ROW_KINDS } from '../diff/row-groups.js';
import { flag, listOf, namedDocument, oneOf, orNull, record, text, whole, type Declared } from './vocabulary.js';

const ofRuns = (description?: string) => listOf(whole(), description);
const known = (description?: string) => orNull(listOf(whole()), description);

const measures = {
  peak: ofRuns('Bytes held when the heap was highest, without address space that is reserved and not used.'),
  ownPeak: known('The most that it held at once; null of aggregated captures.'),
  leaked: ofRuns(),
  total: known('Null of aggregated captures, as the next two.'),
  temporary: known(),
  count: known('Allocations ever made.'),
};

const totals = record({
  ...measures,
  ownPeak: known('The sum of what functions held at most; null of aggregated captures.'),
  rss: known('The highest resident memory; null where it was not recorded, or not kept, as the next.'),
  durationMs: known(),
});

const owner = record({
  file: orNull(text('From the project’s folder, or as its library has it; else as it was recorded.')),
  function: orNull(text()),
  kind: oneOf(OWNED_ROW_KINDS, 'objects: the arenas in which Python keeps small objects. imports: the import system.'),
  threads: whole('On how many threads it allocated, at most in one run.'),
  ...measures,
});
export type MeasuredOwner = Declared<typeof owner>;

const least = record({
  held: whole('Bytes, by peak, own peak and leaked.'),
  total: whole('Bytes, by total and temporary.'),
  count: whole(),
});
export type LeastMeasured = Declared<typeof least>;

const measuredRuns = {
  runs: whole('How many repetitions; every list of numbers has one for each, in the same order.'),
  together: flag('Each number is the sum of several processes.'),
  pythonVersion: orNull(text('Major and minor.')),
  tracePythonAllocators: orNull(flag()),
  nativeTraces: flag(),
  totals,
  least: orNull(least, 'Functions that reach none of these in any run are summed in `rest`; null: all are listed.'),
  owners: listOf(owner, 'By file and function.'),
  rest: orNull(record(measures), 'Null where nothing was left out.'),
};
const measured = record(measuredRuns);
/** What is kept of runs where their captures are not: numbers by function. */
export type MeasuredRuns = Declared<typeof measured>;

const { $id, title, schema } = namedDocument('baseline');

export const BaselineDocument = Type.Object(
  { schema, ...measuredRuns },
  { $id, title, description: 'What `memscope baseline update` writes.', additionalProperties: false },
);
export type BaselineDocument = Declared<typeof BaselineDocument>;

const test = record({
  test: text('Its id as pytest has it, else the name of its file.'),
  name: text('Of its file, without what is random in it.'),
  isCut: flag('The name was too long for a file.'),
  hasId: flag('`test` is its id.'),
  ...measuredRuns,
});
export type MeasuredTest = Declared<typeof test>;

const ofTests = namedDocument('baseline-tests');

export const BaselineTestsDocument = Type.Object(
  { schema: ofTests.schema, tests: listOf(test, 'By name.') },
  {
    $id: ofTests.$id,
    title: ofTests.title,
    description: 'What `memscope baseline update` writes of a folder of tests.',
    additionalProperties: false,
  },
);
export type BaselineTestsDocument = Declared<typeof BaselineTestsDocument>;
