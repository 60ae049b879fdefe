/** What `memscope analyze --together --json` prints of several captures as one. */
import { AnalysisDocument, severalRuns } from './analysis.js';
import { document, listOf, orNull, record, text, type Declared } from './vocabulary.js';

const { totals, scope, findings, limitations, timeline, sort, locationCount, locations } = AnalysisDocument.properties;
const { moduleCount, modules, allocators, threadCount, threadGroupCount, threads, libraryCount, libraries } =
  AnalysisDocument.properties;
const { reservedBytes, sizes } = AnalysisDocument.properties;

export const AnalysisTogetherDocument = document(
  'analysis-together',
  'What `memscope analyze --together --json` prints: several captures as one. Totals and lists are sums; `peakBytes` sums what each held at its own peak, and those were other moments.',
  {
    ...severalRuns,
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
