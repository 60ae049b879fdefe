/** What `memscope diff --json` prints: two sides, their totals, and what grew, shrank and moved between them. */
import { COMPARED_GROUPINGS, COMPARED_MEASURES, OBSTACLES } from '../diff/compared-measures.js';
import { MOVE_BASES } from '../diff/find-moved.js';
import { CHANGE_STATUSES } from '../diff/judge-changes.js';
import { CHANGED_ROW_KINDS } from '../diff/row-groups.js';
import { place, runColumns, timeWindow } from './common-parts.js';
import {
  document,
  flag,
  integer,
  lineNumber,
  listOf,
  oneOf,
  orNull,
  record,
  text,
  whole,
  type Declared,
} from './vocabulary.js';

const run = record({ ...runColumns, window: orNull(timeWindow, 'Null: the whole recording.') });

const total = record({
  base: whole('Of several repetitions the median, of processes of one program the sum.'),
  head: whole(),
  change: integer('Head less base.'),
  baseSpread: whole('Median absolute deviation of the repetitions; 0 where there is one run.'),
  headSpread: whole(),
  distinct: orNull(
    flag(),
    'Whether it differs: the ranges of the repetitions do not touch, or, of many, ranks tell them apart. Null where a side has one run that lies outside of what the other ranges over, which cannot tell.',
  ),
});
export type DiffTotal = Declared<typeof total>;

const known = (description: string) => orNull(total, `${description} Null where a side cannot tell.`);

const totals = record({
  peak: total,
  reserved: known('Of the peak, address space that RSS never backed.'),
  ownPeaks: known('The most that each function held at once, added up.'),
  leaked: total,
  total: known('Bytes ever allocated.'),
  temporary: known('Bytes freed almost at once.'),
  count: known('Allocations ever made.'),
  rss: known('The highest resident memory.'),
  threads: orNull(total, 'Null of runs that are kept without their stacks.'),
  durationMs: total,
});
export type DiffTotals = Declared<typeof totals>;

const functionName = record({ function: orNull(text()), file: orNull(text()) });

export const DiffRow = record({
  kind: oneOf(
    CHANGED_ROW_KINDS,
    "`objects`: arenas of Python's allocator, whoever needed them; `imports`: the import system's own frames; `reserved`: address space that RSS never backed.",
  ),
  name: text('What the row stands for; of a function its name.'),
  function: orNull(text()),
  file: orNull(text('As the head has it, where the head has it.')),
  line: orNull(lineNumber('The line of the function that changed most.')),
  way: orNull(
    place,
    'The line of the application that leads there; null where there is none, or it is the row itself.',
  ),
  caller: orNull(
    place,
    'Of a site that moved: the first frame outwards at which its stack is another than that in the base; null of other rows, and where the stack ends before.',
  ),
  from: orNull(
    record({
      function: orNull(text()),
      file: orNull(text()),
      name: text(),
      caller: orNull(place, 'Of a site: what `caller` was in the base.'),
    }),
    'What held this memory in the base; null unless it moved.',
  ),
  basis: orNull(
    oneOf(MOVE_BASES),
    'What it was told by that it moved. size: one has gone, the other is new, and both hold the same; name: so they have, and the name is the same; callers: so they have, and the same functions call them; calls: one calls the other; allocations: below one caller and by one allocator there are as many of them as before; measures: one has gone, and the other has as much more by each measure; file: one has gone, the other is new in the same file and makes as many allocations; peak: it moved so at the peak. Null unless it moved.',
  ),
  suggestion: orNull(
    functionName,
    'Of a function that only one side has: the one of the other side that it seems to be under another name, since callers and callees are the same. Nothing was matched by it.',
  ),
  base: whole(),
  head: whole(),
  change: integer(
    'Head less base. Of what moved, `base` and `head` are what moved, and the rest is in `grew` or `shrank`.',
  ),
  status: oneOf(CHANGE_STATUSES),
  aboveNoise: flag('More than unchanged runs differ by, and with repetitions the ranges of both sides do not touch.'),
});
export type DiffRow = Declared<typeof DiffRow>;

const lists = {
  grew: listOf(
    DiffRow,
    'Largest change first, as in every list. The changes of all lists, with those left out, add up to that of the totals.',
  ),
  shrank: listOf(DiffRow),
  moved: listOf(
    DiffRow,
    'The same bytes, allocated by another function now: of the same library, or one that it calls or is called by.',
  ),
  peakMoved: listOf(
    DiffRow,
    'What the peak holds more or less of only because it lies at another moment: what it holds at most did not change so.',
  ),
};

const others = record({ rows: whole(), change: integer('Of all of them.') });

const leftOut = record(
  { grew: others, shrank: others, moved: others, peakMoved: others },
  'Rows beyond those that are listed: `--rows` says how many are, else at most 10,000 of each list.',
);

const beside = record({
  measure: oneOf(COMPARED_MEASURES),
  grew: listOf(DiffRow),
  shrank: listOf(DiffRow),
});

export const DiffDocument = document('diff', 'What `memscope diff --json` prints.', {
  base: listOf(run, 'The runs of the base.'),
  head: listOf(run),
  together: flag('True: the runs of a side are processes of one program and added up; false: they are repetitions.'),
  measure: oneOf(COMPARED_MEASURES),
  by: oneOf(COMPARED_GROUPINGS),
  filter: orNull(text('In the filter language; null: none.')),
  obstacles: listOf(
    record({ name: oneOf(OBSTACLES), text: text() }),
    'Why some numbers of the two sides cannot be compared.',
  ),
  notes: listOf(text(), 'What whoever reads the numbers should know first, as that both sides are the same file.'),
  summary: text('What changed, in one sentence.'),
  totals,
  ...lists,
  leftOut,
  renamed: listOf(
    record({ from: functionName, to: functionName }),
    'Functions that seem to have another name now: one is gone, one came, and callers and callees are the same. A suggestion: nothing was matched by it (--map does).',
  ),
  threadGroups: listOf(
    record({ name: text(), base: whole(), head: whole() }),
    'Threads by name, without its numbers, of which there are more or fewer.',
  ),
  beside: listOf(
    beside,
    'What grew and shrank by other measures alone, above what unchanged runs differ by: what is kept, and what was held at most beside the peak. Empty unless the measure is the peak and rows are functions.',
  ),
});
export type DiffDocument = Declared<typeof DiffDocument>;
