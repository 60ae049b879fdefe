/** Several captures side by side, one line each, those that could not be read included. */
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { formatBytes, formatDuration, type Analysis } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { nameTests } from '../check/pytest/list-tests.js';
import { captureName, capturePath } from '../terminal/capture-name.js';
import { heading, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';

export type CombinedRow = { readonly analysis: Analysis } | Failure;

interface Failure {
  readonly path: string;
  readonly failure: string;
}

const UNKNOWN = '–';

export function combineCaptures(rows: readonly CombinedRow[], style: ReportStyle): string[] {
  const analyses = rows.flatMap((row) => ('analysis' in row ? [row.analysis] : []));
  const failures = rows.flatMap((row) => ('analysis' in row ? [] : [row]));
  const tests = nameTests(analyses.map(({ capture }) => capture.path));
  const lines = [heading(`${rows.length} ${tests === null ? 'captures' : 'tests'}`, '', style)];
  if (analyses.length > 0) lines.push(...compare(analyses, tests, style));
  if (failures.length > 0) lines.push('', ...listFailures(failures, style));
  return lines;
}

/** `tests`: what each path is a test of; null where they are others. */
function compare(
  analyses: readonly Analysis[],
  tests: ReadonlyMap<string, string> | null,
  { width, palette }: ReportStyle,
): string[] {
  const ofPaths = nameCaptures(analyses.map(({ capture }) => capture.path));
  const nameOf = (path: string): string => (tests === null ? ofPaths(path) : printable(tests.get(join(path)) ?? path));
  const rows = analyses.map((analysis) => [
    nameOf(analysis.capture.path),
    durationOf(analysis),
    formatBytes(analysis.totals.peakBytes),
    formatBytes(analysis.totals.leakedBytes),
    known(analysis.totals.bytesAllocated),
    known(analysis.totals.rssPeakBytes),
    remarkOf(analysis),
  ]);
  const right = (title: string): TableColumn => ({ title, align: 'right' });
  const columns: TableColumn[] = [
    { title: tests === null ? 'Capture' : 'Test', shorten: 'middle', least: 12 },
    right('Duration'),
    { ...right('Peak'), paint: palette.number },
    right('At end'),
    right('Total'),
    right('Peak RSS'),
  ];
  if (rows.some((row) => row.at(-1) !== '')) columns.push({ title: 'Remark' });
  const table = layOutTable(columns, rows, { width, titlePaint: palette.faint });
  const gaps = rows.some((row) => row.includes(UNKNOWN));
  return gaps ? [...table, palette.faint(`  ${UNKNOWN} not recorded`)] : table;
}

/** Standard error says more of each. */
function listFailures(failures: readonly Failure[], { width, palette }: ReportStyle): string[] {
  const columns: TableColumn[] = [{ title: 'Not read', shorten: 'middle', least: 12 }, { title: '' }];
  const rows = failures.map(({ path, failure }) => [printable(path), failure]);
  return layOutTable(columns, rows, { width, titlePaint: palette.warning });
}

function known(bytes: number | null): string {
  return bytes === null ? UNKNOWN : formatBytes(bytes);
}

/** By file names, or, where two are the same, by paths without the folders that all of them share. */
function nameCaptures(paths: readonly string[]): (path: string) => string {
  if (new Set(paths.map((path) => basename(path))).size === paths.length) return captureName;
  const folders = paths.filter((path) => path !== '-').map((path) => dirname(resolve(path)));
  let shared = folders[0] ?? '';
  for (const folder of folders) {
    while (folder !== shared && !folder.startsWith(shared.endsWith(sep) ? shared : shared + sep)) {
      shared = dirname(shared);
    }
  }
  return (path) => capturePath(path, relative(shared, resolve(path)));
}

/** Of a recording without an end at least what its memory records show. */
function durationOf({ totals }: Analysis): string {
  if (totals.durationMs === 0) return UNKNOWN;
  return `${totals.durationIsLeast ? '≥ ' : ''}${formatDuration(totals.durationMs)}`;
}

/** Nothing of a capture that is whole. */
function remarkOf({ capture, notes }: Analysis): string {
  return notes.damage?.kind ?? (capture.complete ? '' : 'no end');
}
