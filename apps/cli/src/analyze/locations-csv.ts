/** Analyses → the rows of a spreadsheet: every source line that allocated, in the order of the report, all measures. */
import type { Analysis, CsvCell, CsvTable } from '@memscope/model';

const COLUMNS = [
  'capture',
  'function',
  'file',
  'line',
  'module',
  'kind',
  'peak_bytes',
  'peak_count',
  'leaked_bytes',
  'leaked_count',
  'total_bytes',
  'total_count',
  'temporary_bytes',
  'temporary_count',
] as const;

/** At most `count` rows of each; null for all. */
export function tableLocations(analyses: readonly Analysis[], count: number | null): CsvTable {
  const rows = analyses.flatMap(({ capture, together, locations }) =>
    locations
      .slice(0, count ?? locations.length)
      .map((row): CsvCell[] => [
        together === null ? capture.path : null,
        row.functionName,
        row.file,
        row.line > 0 ? row.line : null,
        row.module.name,
        row.module.kind,
        row.peakBytes,
        row.peakCount,
        row.leakedBytes,
        row.leakedCount,
        row.totalBytes,
        row.totalCount,
        row.temporaryBytes,
        row.temporaryCount,
      ]),
  );
  return { columns: COLUMNS, rows };
}
