/** What `memscope history show --json` prints: runs in order, their metrics and functions, and where those moved. */
import { OWNED_ROW_KINDS } from '../diff/row-groups.js';
import { TREND_MEASURES } from '../history/trend-measures.js';
import {
  document,
  epochMs,
  flag,
  listOf,
  mapOf,
  oneOf,
  orNull,
  record,
  sharedBy,
  text,
  whole,
  type Declared,
} from './vocabulary.js';
import { Type } from 'typebox';

const run = record({
  run: whole('Its number in the history.'),
  commit: orNull(text()),
  branch: orNull(text()),
  timeMs: epochMs('Milliseconds since the epoch: of the commit, else of the recording.'),
  labels: mapOf(text()),
  repetitions: whole(),
  capturePath: orNull(text('Where its first capture was.')),
});
export type TrendRun = Declared<typeof run>;

const position = (description: string) => whole(`Position in \`runs\`: ${description}`);

const step = record({
  at: position('the first behind the step.'),
  before: Type.Number({ description: 'Mean since the step before, or since the beginning.' }),
  after: Type.Number({ description: 'Mean until the next step, or until the end.' }),
  chance: Type.Number({ description: 'p of the t-test: how likely such means are where nothing changed.' }),
  isConfirmed: flag('False where only the last run shows it, which may be a spike.'),
});
export type TrendStep = Declared<typeof step>;

const spike = record({
  at: position('the only one that has it.'),
  value: Type.Number(),
  usual: Type.Number({ description: 'Median around it.' }),
});
export type TrendSpike = Declared<typeof spike>;

const ofRuns = listOf(orNull(whole()), 'By run the median of its repetitions; null where it is not known.');

const metric = record({ measure: oneOf(TREND_MEASURES), values: ofRuns, steps: listOf(step), spikes: listOf(spike) });
export type TrendMetric = Declared<typeof metric>;

const owner = record({
  kind: oneOf(OWNED_ROW_KINDS),
  function: orNull(text()),
  file: orNull(text()),
  values: listOf(
    whole(),
    'Bytes at the peak by run, the median of its repetitions; 0 where it was too small to be kept.',
  ),
  steps: listOf(step),
});
export type TrendFunction = Declared<typeof owner>;

export const HistoryDocument = document('history', 'What `memscope history show --json` prints.', {
  history: text('The file.'),
  branch: orNull(text('Null: of any.')),
  runs: listOf(run, 'By time.'),
  summary: text('What moved last, in one sentence.'),
  metrics: listOf(metric),
  functions: listOf(owner, 'Those that moved or hold most, by what they hold in the last run.'),
});
export type HistoryDocument = Declared<typeof HistoryDocument>;

/** What the page's view of a history shows. */
export const HistoryPage = record({
  history: sharedBy(HistoryDocument),
  branches: listOf(text(), 'That the history has runs of, by name.'),
  runIds: listOf(orNull(text('Of the run, where it is served.')), 'By run of the history.'),
});
export type HistoryPage = Declared<typeof HistoryPage>;
