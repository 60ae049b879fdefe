/** The tables of modules, allocators and threads: peak, leaked and total side by side. */
import {
  formatBytes,
  formatCount,
  formatShare,
  measureOf,
  nameWithThreads,
  type AllocatorFamily,
  type Analysis,
  type Usage,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { listed, wholeOf } from './report-locations.js';
import { heading, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';
import { wrapText } from '../terminal/wrap-text.js';

const FAMILY_TITLES: Readonly<Record<AllocatorFamily, string>> = {
  malloc: 'malloc family',
  pymalloc: 'pymalloc',
  mmap: 'mmap',
};

export function listModules(analysis: Analysis, style: ReportStyle): string[] {
  const top = analysis.modules.slice(0, style.count);
  const remark = `by innermost Python frame, shares of ${analysis.measure}${listed(top.length, analysis.modules.length)}`;
  const rows = top.map((row) => [printable(row.name), ...usageCells(row, analysis)]);
  return [heading('Modules', remark, style), ...layOutUsage('Module', rows, analysis, style)];
}

export function listAllocators(analysis: Analysis, style: ReportStyle): string[] {
  const rows: string[][] = [];
  for (const { family, members, ...usage } of analysis.families) {
    const only = members.length === 1 ? members[0] : undefined;
    rows.push([only?.allocator ?? FAMILY_TITLES[family], ...usageCells(usage, analysis)]);
    if (only !== undefined) continue;
    for (const member of members) rows.push([`  ${member.allocator}`, ...usageCells(member, analysis)]);
  }
  const lines = [
    heading('Allocators', `shares of ${analysis.measure}`, style),
    ...layOutUsage('Allocator', rows, analysis, style),
  ];
  if (analysis.families.some(({ family }) => family === 'mmap')) {
    const remark = 'mmap counts address space; it costs memory only where pages are touched.';
    lines.push(...wrapText(remark, style.width - 2).map((line) => style.palette.faint(`  ${line}`)));
  }
  return lines;
}

export function listThreads(analysis: Analysis, style: ReportStyle): string[] {
  const threads = analysis.threads.filter((row) => row.peakBytes > 0 || row.leakedBytes > 0 || row.totalCount !== 0);
  const top = threads.slice(0, style.count);
  const rows = top.map((row) => {
    return [printable(nameWithThreads(row)), ...usageCells(row, analysis)];
  });
  const remark = `shares of ${analysis.measure}${listed(top.length, threads.length)}`;
  return [heading('Threads', remark, style), ...layOutUsage('Thread', rows, analysis, style)];
}

/**
 * Peak, leaked (or, where rows are ordered by it, temporary), share of the ordering measure, and, where known, total
 * and count.
 */
function usageCells(usage: Usage, analysis: Analysis): string[] {
  const share = formatShare(measureOf(usage, analysis.measure) ?? 0, wholeOf(analysis, analysis.measure));
  const second = analysis.measure === 'temporary' ? (usage.temporaryBytes ?? 0) : usage.leakedBytes;
  const cells = [formatBytes(usage.peakBytes), formatBytes(second)];
  if (usage.totalBytes !== null && usage.totalCount !== null) {
    cells.push(formatBytes(usage.totalBytes), formatCount(usage.totalCount));
  }
  return [share, ...cells];
}

function layOutUsage(
  title: string,
  rows: readonly (readonly string[])[],
  analysis: Analysis,
  { width, palette }: ReportStyle,
): string[] {
  const right = (name: string): TableColumn => ({ title: name, align: 'right' });
  const columns: TableColumn[] = [
    { title, shorten: 'middle', least: 9 },
    { ...right('Share'), paint: palette.number },
    right('Peak'),
    right(analysis.measure === 'temporary' ? 'Temporary' : 'At end'),
  ];
  if (analysis.totals.bytesAllocated !== null) columns.push(right('Total'), right('Count'));
  return layOutTable(columns, rows, { width, titlePaint: palette.faint });
}
