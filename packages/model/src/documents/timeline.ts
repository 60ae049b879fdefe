/** What `memscope timeline --json` prints: memory records in steps, and who held the memory. */
import { Type } from 'typebox';

import { BAND_GROUPINGS } from '../view/groupings.js';
import {
  allocatorName,
  applicationColumns,
  functionOwnerColumns,
  libraryCategory,
  runColumns,
  sharedClock,
  threadColumns,
  timeWindow,
  timelineColumns,
} from './common-parts.js';
import { SelectionPart } from './selection.js';
import {
  document,
  epochMs,
  flag,
  isoTime,
  listOf,
  oneOf,
  orNull,
  record,
  sharedBy,
  text,
  whole,
} from './vocabulary.js';
import type { Declared } from './vocabulary.js';

const capture = record({
  path: text('Absolute path, or - for standard input; of several runs that of the first.'),
  layout: oneOf(['all', 'aggregated'], 'Of several runs aggregated where one is.'),
  complete: flag('False where the capture was cut, damaged, or its process killed.'),
  startMs: orNull(epochMs(), 'Null where the format does not say: times are since the start then.'),
  startTime: isoTime(),
  endMs: orNull(epochMs(), 'Null where the end was not recorded.'),
  endTime: isoTime(),
});

const peak = record(
  {
    bytes: whole(),
    tick: orNull(whole('The tick it lies in; equal to the number of ticks where it lies after the last one.')),
    timeMs: orNull(epochMs('End of that tick, in milliseconds since the epoch.')),
    time: isoTime(),
  },
  'The greatest heap.',
);

/** On the clock of all of them. */
const run = record({ ...runColumns, startMs: epochMs(), endMs: epochMs(), peakBytes: whole('Its own greatest heap.') });

/** What a band is of, by the grouping; null in the rest. */
const bandNames = {
  module: Type.Optional(orNull(text('With `by` module; null: the rest, or no frame is shown.'))),
  library: Type.Optional(
    orNull(text('With `by` library: who owns the memory; null: the rest, or nothing is on the stack.')),
  ),
  category: Type.Optional(orNull(libraryCategory, 'With `by` library or category.')),
  thread: Type.Optional(orNull(text('With `by` thread, as are `threadName` and `threads`. Null of several threads.'))),
  threadName: Type.Optional(threadColumns.threadName),
  threads: Type.Optional(orNull(threadColumns.threads)),
  ownerKind: Type.Optional(
    orNull(functionOwnerColumns.kind, 'With `by` owner, as are `ownerFunction` and `ownerFile`.'),
  ),
  ownerFunction: Type.Optional(functionOwnerColumns.function),
  ownerFile: Type.Optional(functionOwnerColumns.file),
  applicationFunction: Type.Optional(applicationColumns.applicationFunction),
  applicationFile: Type.Optional(applicationColumns.applicationFile),
  applicationLine: Type.Optional(applicationColumns.applicationLine),
  of: Type.Optional(orNull(applicationColumns.of, 'With `by` application.')),
  allocator: Type.Optional(orNull(allocatorName, 'With `by` allocator.')),
  run: Type.Optional(orNull(text('With `by` run.'))),
};

const band = record({
  kind: oneOf(['group', 'rest', 'filtered']),
  ...bandNames,
  highestBytes: whole('The most at the greatest heap of any tick.'),
  peakBytes: whole('When the whole heap was at its greatest.'),
  liveBytes: listOf(whole(), 'By step.'),
  tailBytes: orNull(whole('At the greatest heap after the last tick; null where a window ends before.')),
});

const bands = record(
  {
    by: orNull(oneOf(BAND_GROUPINGS), 'Null: one band of all that passes the filter.'),
    selection: sharedBy(SelectionPart),
    groups: whole('Groups that live within these ticks, those in the rest among them.'),
    ticks: listOf(whole(), 'For each of `steps` the tick whose greatest heap `liveBytes` shows.'),
    list: listOf(
      band,
      'Heaviest over time first, the rest last. Without a filter they add up to the greatest heap of each step.',
    ),
  },
  'Live bytes of groups over time; only with --by or a filter.',
);

const highest = (description: string) => listOf(orNull(whole()), description);

const base = record(
  {
    runs: Type.Array(record(runColumns), { minItems: 1 }),
    window: orNull(timeWindow, 'Null: the whole recording.'),
    startMs: orNull(epochMs('On the clock of its runs.')),
    startTime: isoTime(),
    endMs: orNull(epochMs(), 'Null where the end was not recorded.'),
    peakBytes: whole(),
    peakTimeMs: orNull(epochMs()),
    rssPeakBytes: orNull(whole()),
    ticks: whole(),
  },
  'What the capture is compared with (--base); left out where nothing is.',
);

const compared = record(
  {
    stepMs: Type.Number({ minimum: 0, description: 'How long each step is.' }),
    sinceStartMs: listOf(Type.Number(), 'End of each step, since the start of each side.'),
    peakBytes: highest('Greatest heap of the head in each step; null after its end. With a filter what passes it.'),
    basePeakBytes: highest('The same of the base.'),
    rssBytes: highest('Greatest RSS of the head.'),
    baseRssBytes: highest('Greatest RSS of the base.'),
  },
  'With a base: columns of equal length over the time since the start of each side, or of its window.',
);

export const TimelineDocument = document(
  'timeline',
  'What `memscope timeline --json` prints. Sizes are bytes; null where the capture cannot answer.',
  {
    profilePath: text(),
    capture,
    ...sharedClock,
    runs: Type.Optional(Type.Array(run, { description: 'What is added up (--together).', minItems: 2 })),
    window: orNull(timeWindow, 'Null: the whole recording.'),
    peak,
    rssPeak: record(
      { bytes: orNull(whole()), timeMs: orNull(epochMs()), time: isoTime() },
      'Of several runs that of the one with the most: RSS is not summed.',
    ),
    memoryRecords: whole('In the capture; more than ticks where they were merged.'),
    ticks: whole("In the profile, or in the window; more than the columns' length where -n asked for fewer."),
    steps: record(
      {
        ...timelineColumns,
        runs: Type.Optional(listOf(whole(), 'Of several runs: how many were recorded in each step, at the most.')),
      },
      'Columns of equal length, ascending in time. Each step is as many ticks, but the last may have fewer.',
    ),
    tail: record(
      { heapBytes: orNull(whole('Heap at the end.')), peakBytes: orNull(whole('Greatest heap.')) },
      'After the last tick; null where a window ends before.',
    ),
    bands: Type.Optional(bands),
    base: Type.Optional(base),
    compared: Type.Optional(compared),
  },
);
export type TimelineDocument = Declared<typeof TimelineDocument>;
