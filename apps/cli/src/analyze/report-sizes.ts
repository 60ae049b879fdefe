/** The histogram of allocation sizes: bars by number of allocations, neighbours merged until it is short enough. */
import { formatBytes, formatCount, formatShare, type Analysis, type SizeBucket } from '@memscope/model';

import { heading, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable } from '../terminal/text-table.js';

const MOST_ROWS = 12;
const GREATEST_BAR = 24;
/** The other columns and their gaps. */
const BESIDE_BAR = 50;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const;

export function drawSizes({ sizes }: Analysis, style: ReportStyle): string[] {
  if (sizes === null || sizes.buckets.length === 0) return [];
  const buckets = mergeBuckets(sizes.buckets, Math.ceil(sizes.buckets.length / MOST_ROWS));
  const most = Math.max(...buckets.map(({ count }) => count));
  const all = buckets.reduce((sum, { count }) => sum + count, 0);
  const barWidth = Math.max(0, Math.min(GREATEST_BAR, style.width - BESIDE_BAR));
  const rows = buckets.map(({ fromBytes, toBytes, count, bytes }) => [
    bound(fromBytes),
    toBytes === 0 ? '' : `– ${bound(toBytes + 1)}`,
    formatCount(count),
    formatShare(count, all),
    bytes === null ? '' : formatBytes(bytes),
    bar(count / most, barWidth),
  ]);
  const table = layOutTable(
    [
      { title: 'From', align: 'right' },
      { title: '– below', align: 'left' },
      { title: 'Count', align: 'right', paint: style.palette.number },
      { title: 'Share', align: 'right' },
      { title: sizes.exact ? 'Bytes' : '', align: 'right' },
      { title: '', paint: style.palette.heap },
    ],
    rows,
    { width: style.width, titlePaint: style.palette.faint },
  );
  return [heading('Sizes', 'how many allocations asked for how much', style), ...table];
}

function mergeBuckets(buckets: readonly SizeBucket[], factor: number): SizeBucket[] {
  const merged: SizeBucket[] = [];
  for (let first = 0; first < buckets.length; first += factor) {
    merged.push(
      buckets.slice(first, first + factor).reduce((sum, next) => ({
        fromBytes: sum.fromBytes,
        toBytes: next.toBytes,
        count: sum.count + next.count,
        bytes: sum.bytes === null || next.bytes === null ? null : sum.bytes + next.bytes,
      })),
    );
  }
  return merged;
}

/** A power of two in its unit: "512 B", "4 KiB". */
function bound(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : formatBytes(bytes).replace(/\.0+ /, ' ');
}

function bar(share: number, width: number): string {
  if (share <= 0 || width === 0) return '';
  const eighths = Math.max(1, Math.round(share * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
