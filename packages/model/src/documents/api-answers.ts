/** What the routes of the API answer (`api.ts` lists them): JSON, or the part `head` of an Arrow stream. */
import { Type } from 'typebox';

import { BAND_GROUPINGS } from '../view/groupings.js';
import { AnalysisDocument } from './analysis.js';
import { runColumns, selfAndInclusive, sharedClock } from './common-parts.js';
import { HistoryPage } from './history.js';
import { FlameLabel } from './labels.js';
import { answers } from './capture-parts.js';
import { flameHead, leaksPage, sandwichAnswer, siteAnswer, tablePage } from './labelled-answers.js';
import {
  type Declared,
  epochMs,
  flag,
  listOf,
  measuredBytes,
  namedParts,
  oneOf,
  orNull,
  record,
  roundedMark,
  sharedBy,
  text,
  whole,
} from './vocabulary.js';

export const ApiError = record({
  code: oneOf([
    'syntax',
    'pattern',
    'slow',
    'outside',
    'cannotAnswer',
    'notFound',
    'notReady',
    'forbidden',
    'internal',
  ]),
  message: text(),
  position: orNull(whole("Place in the filter's text, where it is about that.")),
  length: orNull(whole()),
});
export type ApiError = Declared<typeof ApiError>;

export const Run = record(
  {
    id: text('Opaque; says nothing of the path.'),
    name: text("For people: the file's name, with as much of its folder as tells it from the others."),
    state: oneOf(
      ['waiting', 'reading', 'resolving', 'writing', 'recording', 'ready', 'failed', 'gone'],
      '`resolving`: its native frames are being named. `recording`: a process still writes it; it is looked at again and again. `gone`: its file is there no more; told once, to who follows the runs.',
    ),
    readBytes: whole(),
    totalBytes: orNull(whole()),
    message: orNull(text('Why it failed, or has gone.')),
    startMs: orNull(epochMs('Milliseconds since the epoch, as all that follows known once it is ready.')),
    durationMs: orNull(whole()),
    durationIsLeast: flag('Nobody recorded its end.'),
    peakBytes: orNull(whole()),
    commandLine: orNull(text()),
    answers: orNull(answers),
    parent: orNull(text('Id of the run that this one is a process of: of a child that was followed into a fork.')),
  },
  'A capture or profile that the user named, or that lies in a folder that they named.',
);
export type Run = Declared<typeof Run>;

export const TimelineHead = record({
  startMs: epochMs(),
  endMs: epochMs(),
  ticks: whole('Of the whole recording; what follows the last memory record is one more tick.'),
  fromTick: whole(),
  toTick: whole(),
  peakTick: orNull(whole()),
  peakTimeMs: orNull(epochMs()),
  peakBytes: whole(),
  rssPeakTick: orNull(whole()),
  rssPeakTimeMs: orNull(epochMs()),
  rssPeakBytes: orNull(whole('Of several runs that of the one with the most, as the columns: RSS is not summed.')),
  ...sharedClock,
  runs: Type.Optional(
    listOf(
      record({ run: runColumns.run, startMs: epochMs(), endMs: epochMs(), peakBytes: whole('Its own greatest heap.') }),
      'Of several runs: what is summed, on the clock that they share.',
    ),
  ),
  ...roundedMark,
});
export type TimelineHead = Declared<typeof TimelineHead>;

export const BandsHead = record(
  {
    by: oneOf(BAND_GROUPINGS),
    bands: listOf(
      record({
        name: text(),
        rest: flag(),
        category: orNull(text('Of libraries, as rules name it; null where a band is of none.')),
        filter: orNull(text('Passes what the band holds; null where no filter says that.')),
      }),
      'Heaviest first; the rest last, with `rest`.',
    ),
    ...roundedMark,
  },
  "Columns `b0`, `b1`, …: live bytes of each band at the greatest heap of the row's ticks; and `timeMs`, `tick`.",
);
export type BandsHead = Declared<typeof BandsHead>;

export const SourceAnswer = record({
  file: orNull(text()),
  source: orNull(listOf(text()), 'Null where the source is not there, with the reason in `message`.'),
  firstLine: whole(),
  message: orNull(text()),
  ...roundedMark,
  lines: listOf(
    record({
      line: whole('1-based; 0 = unknown.'),
      text: orNull(text('What a symbol bundle brought of a file that is not there.')),
      ...selfAndInclusive('Allocated by the line itself.', 'With all that it called.'),
      baseSelfBytes: orNull(measuredBytes('What the line of that number holds in the base; null without one.')),
      baseSelfCount: orNull(whole()),
      baseBytes: orNull(measuredBytes()),
      baseCount: orNull(whole()),
    }),
    'With a base numbers of lines are those of each side: where the file changed, the same number may be another line.',
  ),
});
export type SourceAnswer = Declared<typeof SourceAnswer>;

export const SearchAnswer = record(
  {
    ...roundedMark,
    matchedBytes: measuredBytes(),
    matchedCount: whole(),
    baseMatchedBytes: orNull(measuredBytes('The same in the base; null without one.')),
    baseMatchedCount: orNull(whole()),
    functions: listOf(text(), 'Functions that match, for highlighting; at most 1,000.'),
    modules: listOf(text(), 'Modules of which frames without a function match, for highlighting.'),
  },
  'What a search matches: bytes of the paths that any matching frame is on.',
);
export type SearchAnswer = Declared<typeof SearchAnswer>;

const label = sharedBy(FlameLabel);

export const FlameHead = record({
  ...flameHead(label),
  path: listOf(record({ id: whole(), label }), 'Ids from the root of everything to the shown root, for going back.'),
});
export type FlameHead = Declared<typeof FlameHead>;

export const TablePage = tablePage(label);
export type TablePage = Declared<typeof TablePage>;
export type TableRow = TablePage['rows'][number];

export const SandwichAnswer = sandwichAnswer(label);
export type SandwichAnswer = Declared<typeof SandwichAnswer>;
export type SmallTree = SandwichAnswer['callers'];

export const SiteAnswer = siteAnswer(label);
export type SiteAnswer = Declared<typeof SiteAnswer>;

export const LeaksPage = leaksPage(label);
export type LeaksPage = Declared<typeof LeaksPage>;

/** All of them by name, as the part `$defs` of one schema. */
export const ApiAnswers = namedParts('api', "memscope's HTTP API", 'What the routes below /api/ answer, by name.', {
  ApiError: record({ error: ApiError }),
  Run,
  Runs: listOf(Run),
  AnalysisDocument: sharedBy(AnalysisDocument),
  TimelineHead,
  BandsHead,
  FlameHead,
  TablePage,
  SandwichAnswer,
  SourceAnswer,
  SiteAnswer,
  LeaksPage,
  SearchAnswer,
  HistoryPage: orNull(HistoryPage, 'Null where no history is served.'),
});
