/** What the page suite measured to plain text: one table per profile, targets beside medians and 95th percentiles. */
import { formatBytes } from '@memscope/model';

import type { InteractionResult, PageProfileResult, PageResult } from './page-suite.js';
import { median } from './statistics.js';
import type { Verdict } from './targets.js';
import { renderTable, type Column } from './text-table.js';

const COLUMNS: readonly Column[] = [
  { title: 'interaction', align: 'left' },
  { title: 'times', align: 'right' },
  { title: 'median ms', align: 'right' },
  { title: '95 % ms', align: 'right' },
  { title: 'most ms', align: 'right' },
  { title: 'targets', align: 'left' },
];

export function renderPage({ browser, script, profiles }: PageResult): string[][] {
  const head = `page: ${browser}; script ${formatBytes(script.measured)} gzipped (${renderVerdict(script)})`;
  return [[head], ...profiles.map(renderProfile)];
}

function renderProfile({
  name,
  ready,
  paint,
  paintVerdict,
  interactions,
  all,
  heap,
  load,
}: PageProfileResult): string[] {
  return [
    `page of ${name}; load at the end ${load.toFixed(2)}`,
    `  first paint ${milliseconds(paintVerdict.measured)} ms after serve said ready, at most ` +
      `${milliseconds(Math.max(...paint))} ms (${renderVerdict(paintVerdict)}); ready ${median(ready).toFixed(2)} s ` +
      `after its start; JavaScript heap ${formatBytes(heap.measured)} (${renderVerdict(heap)})`,
    ...renderTable(COLUMNS, [...interactions, all].map(renderInteraction)),
  ];
}

function renderInteraction({ name, samples, median: middle, slow }: InteractionResult): string[] {
  return [
    name,
    String(samples.length),
    milliseconds(middle.measured),
    milliseconds(slow.measured),
    milliseconds(Math.max(...samples)),
    [middle, slow].map(renderVerdict).join(', '),
  ];
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(0);
}

function renderVerdict({ label, met }: Verdict): string {
  return `${label}: ${met ? 'met' : 'missed'}`;
}
