/** What changed between two sides → the file that the overview saves. */
import { writeCsv, type ComparedMeasure, type DiffDocument, type DiffRow } from '@memscope/model';

/** All rows of all lists. */
export function comparedCsv({ grew, shrank, moved, peakMoved, beside, measure }: DiffDocument): string {
  const lists: [string, ComparedMeasure, readonly DiffRow[]][] = [
    ['grew', measure, grew],
    ['shrank', measure, shrank],
    ['moved', measure, moved],
    ['peak_moved', measure, peakMoved],
    ...beside.flatMap(({ measure: other, ...rows }): [string, ComparedMeasure, readonly DiffRow[]][] => [
      ['grew', other, rows.grew],
      ['shrank', other, rows.shrank],
    ]),
  ];
  return writeCsv({
    columns: ['list', 'measure', 'name', 'file', 'line', 'base', 'head', 'change', 'status', 'above_noise'],
    rows: lists.flatMap(([list, of, rows]) =>
      rows.map(({ name, file, line, base, head, change, status, aboveNoise }) => [
        list,
        of,
        name,
        file,
        line,
        base,
        head,
        change,
        status,
        aboveNoise ? 1 : 0,
      ]),
    ),
  });
}
