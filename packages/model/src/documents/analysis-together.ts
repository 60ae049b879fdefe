/** What `memscope analyze --together --json` prints of several captures as one. */
import { AnalysisDocument } from './analysis.js';
import { runColumns, sharedClock } from './common-parts.js';
import { document, epochMs, flag, isoTime, listOf, orNull, record, text, whole, type Declared } from './vocabulary.js';

const { totals, scope, findings, limitations, timeline, sort, locationCount, locations, damage } =
  AnalysisDocument.properties;
const { moduleCount, modules, allocators, threadCount, threadGroupCount, threads, libraryCount, libraries } =
  AnalysisDocument.properties;
const { reservedBytes, sizes } = AnalysisDocument.properties;

const run = record({
  ...runColumns,
  profilePath: text(),
  startMs: epochMs(),
  startTime: isoTime(),
  endMs: orNull(epochMs(), 'Null where the end was not recorded.'),
  endTime: isoTime(),
  complete: flag(),
  damage,
  peakBytes: whole('Its own greatest heap.'),
  leakedBytes: whole(),
  leakedCount: whole(),
  bytesAllocated: orNull(whole()),
  allocations: orNull(whole()),
});

export const AnalysisTogetherDocument = document(
  'analysis-together',
  'What `memscope analyze --together --json` prints: several captures as one. Totals and lists are sums; `peakBytes` sums what each held at its own peak, and those were other moments.',
  {
    ...sharedClock,
    runs: listOf(run, 'What is summed.'),
    held: orNull(
      record({ bytes: whole(), timeMs: epochMs(), time: isoTime() }),
      'The most that they held together, at most, in the step that ends then; null where no two were recorded at the same time, or where it is not known.',
    ),
    totals,
    scope,
    findings: listOf(
      record({ ...findings.items.properties, capturePath: orNull(text('Which of them it is told of.')) }),
      'What stands out in one of them; the same of several is told once.',
    ),
    limitations,
    timeline,
    sort,
    locationCount,
    locations,
    moduleCount,
    modules,
    allocators,
    threadCount,
    threadGroupCount,
    threads,
    libraryCount,
    libraries,
    reservedBytes,
    sizes,
  },
);
export type AnalysisTogetherDocument = Declared<typeof AnalysisTogetherDocument>;
