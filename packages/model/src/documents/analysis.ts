/** What `memscope analyze --json` prints of a capture, and of several; the page's overview is the same. */
import { Type } from 'typebox';

import { FINDING_RULES } from '../analysis/findings/finding.js';
import { PYTHON_MODULE_KINDS } from '../analysis/module-of-file.js';
import { MEASURES } from '../analysis/usage-sum.js';
import { SITE_MEASURES } from '../view/view-choices.js';
import { capture, damage, totals } from './capture-parts.js';
import {
  allocatorName,
  filterSuggestion,
  libraryCategory,
  place,
  runColumns,
  sharedClock,
  timelineColumns,
  timeWindow,
  usageColumns,
} from './common-parts.js';
import {
  document,
  epochMs,
  flag,
  integer,
  isoTime,
  listOf,
  oneOf,
  orNull,
  record,
  sharedBy,
  text,
  whole,
  type Declared,
} from './vocabulary.js';

const scope = record({
  window: orNull(timeWindow, 'Null: the whole recording.'),
  filter: orNull(text('In canonical form.')),
  suggestion: filterSuggestion,
});

export const findingView = record({
  view: oneOf(['tree', 'table', 'leaks', 'timeline']),
  measure: orNull(oneOf(SITE_MEASURES)),
  window: orNull(text()),
  filter: orNull(text()),
  exact: flag("Its number is the finding's; else it shows all of its place, or all there is."),
});

export const findingSeverity = oneOf(['warning', 'note']);

const finding = record({
  rule: oneOf(FINDING_RULES),
  severity: findingSeverity,
  title: text(),
  text: text(),
  bytes: whole('What it explains, by which findings are ranked; 0 where it is about what numbers mean.'),
  location: orNull(place),
  way: listOf(place, 'From the outermost frame that matters to where the memory was allocated.'),
  view: orNull(findingView, 'The view that shows it.'),
  command: orNull(text('What to type to see that view.')),
  evidence: listOf(
    record({ name: text(), value: integer() }),
    'The measured numbers, with the unit as suffix of the name.',
  ),
});

const timeline = record(
  {
    ticks: whole("Time steps of the profile; more than the columns' length where they were thinned out."),
    ...timelineColumns,
  },
  'Columns of equal length, at most 1000.',
);

const moduleKind = oneOf(PYTHON_MODULE_KINDS);

const location = record({
  function: orNull(text()),
  file: orNull(text()),
  line: integer('1-based; 0 = unknown.'),
  module: text(),
  kind: moduleKind,
  category: libraryCategory,
  ...usageColumns,
});

const allocator = record({
  allocator: allocatorName,
  family: oneOf(['malloc', 'pymalloc', 'mmap']),
  ...usageColumns,
});

const records = listOf(
  record({ allocator: allocatorName, count: whole(), bytes: orNull(whole()) }),
  'Records read by allocator, deallocators included; null in an aggregated capture.',
);

const thread = record({
  name: text('With numbers taken out where several threads are called so: worker-*. As `thread:` filters take it.'),
  threads: whole('How many are called so.'),
  tid: orNull(
    Type.Union([whole(), Type.String({ pattern: '^[0-9]+$' })]),
    'An integer; its decimal digits beyond 2^53 - 1. Null of several threads.',
  ),
  ...usageColumns,
});

const library = record({
  library: orNull(text('Null: nothing is on the stack.')),
  category: orNull(libraryCategory),
  application: orNull(
    place,
    "The application's innermost Python frame that most of it was reached from; null where there is none.",
  ),
  through: orNull(
    text(
      'What that frame called first on the way: a package with its next level (torch.nn), or a library of native code.',
    ),
  ),
  ...usageColumns,
  mappedBytes: whole('Of peakBytes: in mappings of 4 MiB or more each.'),
  mappedCount: whole(),
});

const sizes = record(
  {
    exact: flag('False where only the lower bounds of sizes are known.'),
    buckets: listOf(
      record({
        fromBytes: whole(),
        toBytes: whole('Inclusive.'),
        count: whole(),
        bytes: orNull(whole('Sum of the sizes; null where it is not known exactly.')),
      }),
    ),
  },
  'Allocations by powers of two of their size; null in an aggregated capture.',
);

const runOfSeveral = record({
  ...runColumns,
  profilePath: text(),
  startMs: orNull(epochMs(), 'Null where the format does not say.'),
  startTime: isoTime(),
  endMs: orNull(epochMs(), 'Null where the end was not recorded.'),
  endTime: isoTime(),
  complete: flag(),
  damage: orNull(damage),
  peakBytes: whole('Its own greatest heap.'),
  rssPeakBytes: orNull(whole()),
  leakedBytes: whole(),
  leakedCount: whole(),
  bytesAllocated: orNull(whole()),
  allocations: orNull(whole()),
});

/** What is summed where several captures are taken as one. */
export const severalRuns = {
  ...sharedClock,
  runs: listOf(runOfSeveral, 'What is summed.'),
  held: orNull(
    record({ bytes: whole(), timeMs: epochMs(), time: isoTime() }),
    'The most that they held together, at most, in the step that ends then; null where no two were recorded at the same time, or where it is not known.',
  ),
};

export const AnalysisDocument = document(
  'analysis',
  'What `memscope analyze --json` prints for one capture. Sizes are bytes; null where the capture cannot answer.',
  {
    profilePath: text(),
    capture,
    totals,
    scope: orNull(
      scope,
      'The part of the capture that totals and lists are about; null for all of it. `capture`, `damage` and `records` are of the whole.',
    ),
    damage: orNull(damage, 'Where and why reading stopped early; null when it did not.'),
    findings: listOf(finding),
    limitations: listOf(text(), 'In words, what the capture cannot answer.'),
    timeline,
    sort: oneOf(MEASURES),
    locationCount: whole('Locations there are; `locations` holds no more than were asked for.'),
    locations: listOf(location, 'By innermost Python frame; function and file are null without one.'),
    moduleCount: whole(),
    modules: listOf(record({ name: text(), kind: moduleKind, ...usageColumns })),
    allocators: listOf(allocator),
    records: orNull(records),
    threadCount: whole(),
    threadGroupCount: whole('Threads with one name, but for numbers, are one.'),
    threads: listOf(thread),
    libraryCount: whole(),
    libraries: listOf(
      library,
      'Whose memory it is, in the order of `sort`: by the innermost library on the joined stack that does not work for its callers.',
    ),
    reservedBytes: orNull(
      whole(
        "At least so many bytes of the peak's mappings were never resident: likely reservations. Null where nothing tells so.",
      ),
    ),
    usedPeakBytes: orNull(
      whole(
        'The most that the heap held at once without what was only reserved. Null where nothing was, and of a part or of several captures.',
      ),
    ),
    sizes: orNull(sizes),
    together: Type.Optional(
      record(
        severalRuns,
        'Of several captures as one: totals and lists are sums; `peakBytes` sums what each held at its own peak, and those were other moments. Left out of one.',
      ),
    ),
  },
);
export type AnalysisDocument = Declared<typeof AnalysisDocument>;

export const AnalysisListDocument = document(
  'analysis-list',
  'What `memscope analyze --json` prints for several captures.',
  {
    analyses: listOf(sharedBy(AnalysisDocument)),
    failures: listOf(record({ path: text(), code: text(), message: text() }), 'Captures that could not be read.'),
  },
);
export type AnalysisListDocument = Declared<typeof AnalysisListDocument>;
