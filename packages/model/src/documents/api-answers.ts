/**
 * What the routes of the API answer (`api.ts` lists them): JSON, or the part `head` of an Arrow stream. An answer that
 * names functions is declared by how it names them, since a report holds each label once and has positions instead.
 */
import { Type, type TSchema } from 'typebox';

import { LEAK_ROW_KINDS } from '../view/leak-places.js';
import { GROWTH_RULES } from '../analysis/findings/grows.js';
import { LEAK_RULES } from '../view/leak-verdict.js';
import { BAND_GROUPINGS, GROUPINGS } from '../view/groupings.js';
import { COMPARED_WEIGHTS } from '../view/view-choices.js';
import { AnalysisDocument } from './analysis.js';
import { filterSuggestion, runColumns, selfAndInclusive, sharedClock } from './common-parts.js';
import { FlameLabel } from './labels.js';
import { HistoryPage } from './history.js';
import {
  type Declared,
  epochMs,
  flag,
  integer,
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
      ['waiting', 'reading', 'writing', 'recording', 'ready', 'failed', 'gone'],
      '`recording`: a process still writes it; it is looked at again and again. `gone`: its file is there no more; told once, to who follows the runs.',
    ),
    readBytes: whole(),
    totalBytes: orNull(whole()),
    message: orNull(text('Why it failed, or has gone.')),
    startMs: orNull(epochMs('Milliseconds since the epoch, as all that follows known once it is ready.')),
    durationMs: orNull(whole()),
    durationIsLeast: flag('Nobody recorded its end.'),
    peakBytes: orNull(whole()),
    commandLine: orNull(text()),
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
    bands: listOf(record({ name: text(), rest: flag() }), 'Heaviest first; the rest last, with `rest`.'),
    ...roundedMark,
  },
  "Columns `b0`, `b1`, …: live bytes of each band at the greatest heap of the row's ticks; and `timeMs`, `tick`.",
);
export type BandsHead = Declared<typeof BandsHead>;

/** Of what passes the filter, and of the capture before it; with a base all of it is the head's but what says so. */
const totals = {
  bytes: measuredBytes('Of all that passes the filter.'),
  count: whole(),
  baseBytes: orNull(measuredBytes(), 'What of the base passes the filter. Null without a base.'),
  baseCount: orNull(whole()),
};
const wholes = { wholeBytes: measuredBytes('Before the filter.'), wholeCount: whole(), suggestion: filterSuggestion };

export function flameHead<Label extends TSchema>(label: Label) {
  return {
    labels: listOf(label),
    rootBytes: measuredBytes('Of the shown root.'),
    rootCount: whole(),
    ...totals,
    ...wholes,
    foldedNodes: whole('Children that are not shown, since they were below a pixel.'),
    foldedBytes: measuredBytes('What they weigh with all that is below them; with a base by `weigh`.'),
    weigh: orNull(oneOf(COMPARED_WEIGHTS), 'By which nodes of two sides were drawn. Null without a base.'),
    ...roundedMark,
  };
}

const changedRows = record({ rows: whole(), bytes: measuredBytes('Together, never netted.'), count: whole() });

const changes = record(
  { grew: changedRows, shrank: changedRows, new: whole('Rows that the base has not.'), gone: whole() },
  'Of all rows before the search, by what they allocated themselves.',
);
export type TableChanges = Declared<typeof changes>;

export function tablePage<Label extends TSchema>(label: Label) {
  return record({
    by: oneOf(GROUPINGS),
    rowCount: whole('After the search, and of the change that was asked for.'),
    ...totals,
    ...wholes,
    changes: orNull(changes, 'Null without a base.'),
    ...roundedMark,
    rows: listOf(
      record({
        label: orNull(label),
        thread: orNull(text('Of a site, or of the row.')),
        allocator: orNull(text('Of a site, or of the row.')),
        selfBytes: measuredBytes(),
        selfCount: whole(),
        bytes: orNull(measuredBytes('Null where rows do not nest.')),
        count: orNull(whole()),
        baseSelfBytes: orNull(measuredBytes(), 'Of the base: null without one.'),
        baseSelfCount: orNull(whole()),
        baseBytes: orNull(measuredBytes()),
        baseCount: orNull(whole()),
      }),
    ),
  });
}

export function smallTree<Label extends TSchema>(label: Label) {
  return record(
    {
      parent: listOf(integer('-1 of the root.')),
      label: listOf(label),
      bytes: listOf(measuredBytes()),
      count: listOf(whole()),
      compared: orNull(
        record({
          baseBytes: listOf(measuredBytes()),
          baseCount: listOf(whole()),
          grownBytes: listOf(measuredBytes('Summed over paths, never netted.')),
          grownCount: listOf(whole()),
        }),
        'With a base, when `bytes` and `count` are of the head; null without.',
      ),
    },
    'A small tree in columns: nodes, callers first.',
  );
}

export function sandwichAnswer<Label extends TSchema>(label: Label) {
  return record({
    function: label,
    bytes: measuredBytes(),
    count: whole(),
    selfBytes: measuredBytes(),
    selfCount: whole(),
    base: orNull(
      record({ bytes: measuredBytes(), count: whole(), selfBytes: measuredBytes(), selfCount: whole() }),
      'The same of the base; null without one.',
    ),
    callers: smallTree(label),
    callees: smallTree(label),
    ...roundedMark,
  });
}

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

const verdictName = oneOf(LEAK_RULES.map(({ name }) => name));

export function leaksPage<Label extends TSchema>(label: Label) {
  return record({
    growth: listOf(
      record({ rule: oneOf(GROWTH_RULES), title: text(), text: text(), bytes: whole() }),
      'What grows, or grew and is flat, in the words of the overview; none where a part of the capture is asked for.',
    ),
    attached: orNull(text('Says that the recording began while the program ran.')),
    arenas: orNull(text('Says that Python objects are hidden in arenas.')),
    suggestion: filterSuggestion,
    ...roundedMark,
    rowCount: whole(),
    bytes: whole(),
    count: whole(),
    base: orNull(
      record({
        bytes: whole(),
        count: whole(),
        gone: record({ lines: whole(), bytes: whole(), count: whole() }, 'Where the head keeps nothing.'),
      }),
      'What the base keeps; null without one.',
    ),
    stepMs: listOf(epochMs()),
    verdicts: listOf(record({ name: verdictName, title: text(), rule: text(), bytes: whole(), lines: whole() })),
    rows: listOf(
      record({
        kind: oneOf(LEAK_ROW_KINDS),
        label: orNull(label, 'The line; null for Python objects in arenas, and where no Python frame is on the stack.'),
        innermost: orNull(label, 'Where most of it was allocated.'),
        sites: whole(),
        bytes: whole(),
        count: whole(),
        base: orNull(
          record({ bytes: whole(), count: whole() }),
          'What the base keeps at the same line: 0 of what is new. Null without a base.',
        ),
        firstBornMs: epochMs(),
        lastBornMs: epochMs(),
        liveBytes: listOf(whole()),
        verdict: verdictName,
      }),
      'A line of the application each.',
    ),
  });
}

export const SearchAnswer = record(
  {
    ...roundedMark,
    matchedBytes: measuredBytes(),
    matchedCount: whole(),
    baseMatchedBytes: orNull(measuredBytes('The same in the base; null without one.')),
    baseMatchedCount: orNull(whole()),
    functions: listOf(text(), 'Functions that match, for highlighting; at most 1,000.'),
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
  LeaksPage,
  SearchAnswer,
  HistoryPage: orNull(HistoryPage, 'Null where no history is served.'),
});
