/**
 * The tables of source lines: who held the peak, who leaked, who allocated most. A line stands for all sites whose
 * innermost Python frame it is; packages' files are shown from their package on.
 */
import {
  canOrderBy,
  countOf,
  formatBytes,
  formatCount,
  formatShare,
  measureOf,
  NO_PYTHON_FRAME,
  orderBy,
  type Analysis,
  type AnalysisLocation,
  type Measure,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { heading, joinSections, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { whyMissing } from './report-summary.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';

const TITLES: Readonly<Record<Measure, string>> = {
  peak: 'Locations by peak',
  leaked: 'Locations by leaked',
  total: 'Locations by total',
  count: 'Locations by count',
  temporary: 'Locations by temporary',
};

/** Bytes that differ by less are the same to a reader. */
const SAME_SHARE = 0.02;

const MEANINGS: Readonly<Record<Measure, string>> = {
  peak: 'what was live when the heap was highest',
  leaked: 'what was still live at the end',
  total: 'all bytes ever allocated',
  count: 'all allocations ever made',
  temporary: 'bytes freed again almost at once',
};

/** One table per measure, each with its heading and a blank line between. */
export function listLocations(analysis: Analysis, measures: readonly Measure[], style: ReportStyle): string[] {
  const listed = measures.filter((measure) => canOrderBy(analysis, measure));
  return joinSections(listed.map((measure) => listByMeasure(analysis, measure, measures, style)));
}

function meaningOf(measure: Measure, { scope, together }: Analysis): string {
  if (measure === 'peak' && together !== null) return 'what was live when the heap of its run was highest';
  return measure === 'leaked' && scope?.window ? 'made in the window and live at its end' : MEANINGS[measure];
}

function listByMeasure(
  analysis: Analysis,
  measure: Measure,
  measures: readonly Measure[],
  style: ReportStyle,
): string[] {
  const reserved = measure === 'peak' ? sumReserved(analysis) : 0;
  const whole = wholeOf(analysis, measure) - reserved;
  const rows = locationsBy(analysis, measure).filter((row) => (measureOf(row, measure) ?? 0) > 0);
  const top = rows.slice(0, style.count);
  const meaning = reserved === 0 ? meaningOf(measure, analysis) : 'what was live then, but what is only reserved';
  const lines = [heading(TITLES[measure], `${meaning}${listed(top.length, rows.length)}`, style)];
  if (rows.length === 0) return [...lines, `  Nothing${measure === 'leaked' ? ' leaked' : ''}.`];
  const table = (shown: readonly AnalysisLocation[]): string[] =>
    layOutTable(
      columnsOf(measure, style),
      shown.map((row) => cellsOf(row, measure, whole)),
      { width: style.width, titlePaint: style.palette.faint },
    );
  if (measure === 'leaked' && measures.includes('peak')) {
    const changed = changedSincePeak(analysis, top, style.count);
    if (changed.length === 0) return [...lines, '  The same as at the peak, within 2%.'];
    if (changed.length * 2 < top.length) {
      return [...lines, '  The same as at the peak, within 2%, but for:', ...table(changed)];
    }
  }
  return [...lines, ...table(top), ...sayArenas(analysis, measure, whole, style)];
}

/** From this share on, lines that were charged with arenas would be taken for what made the objects. */
const TOLD_ARENAS = 0.1;

function sayArenas({ libraries }: Analysis, measure: Measure, whole: number, style: ReportStyle): string[] {
  const objects = libraries.find(({ category }) => category === 'pythonObjects');
  const bytes = objects === undefined || measure === 'count' ? 0 : (measureOf(objects, measure) ?? 0);
  if (bytes === 0 || bytes < TOLD_ARENAS * whole) return [];
  const text = `${formatBytes(bytes)} of all are arenas of Python objects: which line has one is chance.`;
  return paragraph(text, style).map((line) => style.palette.faint(line));
}

/** ", 10 of 61" when not all are shown. */
export function listed(shown: number, all: number): string {
  return shown < all ? `, ${formatCount(shown)} of ${formatCount(all)}` : '';
}

/** In that order; they come in that of the analysis. */
function locationsBy(analysis: Analysis, measure: Measure): readonly AnalysisLocation[] {
  const { locations, measure: order } = analysis;
  if (measure === 'peak' && sumReserved(analysis) > 0) return orderBy(withoutReserved(analysis), measure);
  return measure === order ? locations : orderBy(locations, measure);
}

function sumReserved({ usedHeap }: Analysis): number {
  return (usedHeap?.reserved ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** At the peak; lines that hold nothing else then are gone. */
function withoutReserved({ locations, usedHeap }: Analysis): AnalysisLocation[] {
  const keyOf = ({ functionName, file, line }: Pick<AnalysisLocation, 'functionName' | 'file' | 'line'>): string =>
    file === null ? '' : `${file}\n${line}\n${functionName ?? ''}`;
  const reserved = new Map<string, { bytes: number; count: number }>();
  for (const part of usedHeap?.reserved ?? []) {
    const { bytes, count } = reserved.get(keyOf(part)) ?? { bytes: 0, count: 0 };
    reserved.set(keyOf(part), { bytes: bytes + part.bytes, count: count + part.count });
  }
  return locations.map((row) => {
    const { bytes, count } = reserved.get(keyOf(row)) ?? { bytes: 0, count: 0 };
    return bytes === 0 ? row : { ...row, peakBytes: row.peakBytes - bytes, peakCount: row.peakCount - count };
  });
}

/** The lines of both tables whose bytes differ: what a second table can tell. */
function changedSincePeak(analysis: Analysis, leaked: readonly AnalysisLocation[], count: number): AnalysisLocation[] {
  const peak = locationsBy(analysis, 'peak').slice(0, count);
  const listed = new Set([...leaked, ...peak.filter((row) => row.peakBytes > 0)]);
  const changed = [...listed].filter(
    (row) => Math.abs(row.leakedBytes - row.peakBytes) > SAME_SHARE * Math.max(row.leakedBytes, row.peakBytes),
  );
  return orderBy(changed, 'leaked');
}

function columnsOf(measure: Measure, { palette }: ReportStyle): TableColumn[] {
  const bytes: TableColumn = { title: measure === 'count' ? 'Allocated' : 'Bytes', align: 'right' };
  const count: TableColumn = { title: 'Count', align: 'right' };
  const share: TableColumn = { title: 'Share', align: 'right' };
  const numbers = measure === 'count' ? [count, share, bytes] : [bytes, share, count];
  return [
    ...numbers.map((column, index) => (index === 0 ? { ...column, paint: palette.number } : column)),
    { title: 'Function', shorten: 'end', least: 10, yields: 1.4 },
    { title: 'Line', shorten: 'middle', least: 14, paint: palette.faint },
  ];
}

function cellsOf(row: AnalysisLocation, measure: Measure, whole: number): string[] {
  const bytes = formatBytes((measure === 'count' ? row.totalBytes : measureOf(row, measure)) ?? 0);
  const count = formatCount(countOf(row, measure) ?? 0);
  const share = formatShare(measureOf(row, measure) ?? 0, whole);
  const place = row.file === null ? '' : `${row.module.shortFile}${row.line > 0 ? `:${row.line}` : ''}`;
  return [
    ...(measure === 'count' ? [count, share, bytes] : [bytes, share, count]),
    row.file === null ? NO_PYTHON_FRAME : printable(row.functionName ?? '?'),
    printable(place),
  ];
}

/** What a measure's shares are shares of. */
export function wholeOf({ totals }: Analysis, measure: Measure): number {
  switch (measure) {
    case 'peak':
      return totals.peakBytes;
    case 'leaked':
      return totals.leakedBytes;
    case 'total':
      return totals.bytesAllocated ?? 0;
    case 'count':
      return totals.allocations ?? 0;
    case 'temporary':
      return totals.temporaryBytes ?? 0;
  }
}

/** In words, what a measure cannot be had for; empty when it can. */
export function explainMissing(analysis: Analysis, measures: readonly Measure[], style: ReportStyle): string[] {
  const missing = measures.filter((measure) => !canOrderBy(analysis, measure));
  if (missing.length === 0) return [];
  return ['', ...paragraph(`Locations by ${missing.join(' and by ')}: ${whyMissing(analysis)}.`, style)];
}
