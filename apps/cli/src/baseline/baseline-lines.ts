/** A baseline file → lines for people: totals with their spread, then who holds most; and what an update changed in it. */
import { isDeepStrictEqual } from 'node:util';
import {
  countNoun,
  formatBytes,
  formatChange,
  formatGated,
  signedChange,
  summarise,
  type GatedMeasure,
  type MeasuredOwner,
  type MeasuredRuns,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { heading, joinSections, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';
import { wrapText } from '../terminal/wrap-text.js';
import type { AnyBaseline } from './read-baseline.js';

/** Names of the lists of numbers, as measures of rules. */
const TOTALS = [
  ['peak', 'peak'],
  ['own-peak', 'ownPeak'],
  ['leaked', 'leaked'],
  ['total', 'total'],
  ['temporary', 'temporary'],
  ['count', 'count'],
  ['rss', 'rss'],
  ['duration', 'durationMs'],
] as const satisfies readonly (readonly [GatedMeasure, keyof MeasuredRuns['totals']])[];

export function drawBaseline(document: AnyBaseline, path: string, style: ReportStyle): string[] {
  if (document.schema === 'memscope.baseline/1') {
    return joinSections([
      wrapText(`${printable(path)}: ${describeRuns(document)}`, style.width),
      totalLines(document, style),
      ownerLines(document, style),
    ]);
  }
  const tests = document.tests.toSorted((a, b) => middle(b.totals.peak) - middle(a.totals.peak));
  const rows = tests
    .slice(0, style.count)
    .map(({ test, totals, runs }) => [
      printable(test),
      formatBytes(middle(totals.peak)),
      spreadOf('peak', totals.peak),
      formatBytes(middle(totals.leaked)),
      String(runs),
    ]);
  const columns: TableColumn[] = [
    { title: 'test', shorten: 'middle', least: 20 },
    { title: 'peak', align: 'right' },
    { title: 'spread', align: 'right' },
    { title: 'leaked', align: 'right' },
    { title: 'runs', align: 'right' },
  ];
  return joinSections([
    wrapText(`${printable(path)}: ${countNoun(tests.length, 'test')}`, style.width),
    [
      heading('Tests', tests.length > rows.length ? `the ${rows.length} with the highest peaks` : '', style),
      ...layOutTable(columns, rows, { width: style.width, titlePaint: style.palette.faint }),
    ],
  ]);
}

function describeRuns({
  runs,
  together,
  pythonVersion,
  owners,
  rest,
  least,
  tracePythonAllocators,
}: MeasuredRuns): string {
  const left = rest === null || least === null ? '' : `, others below ${formatBytes(least.held)} as one`;
  return [
    together ? 'the sum of several processes' : countNoun(runs, 'run'),
    ...(pythonVersion === null ? [] : [`Python ${printable(pythonVersion)}`]),
    ...(tracePythonAllocators === true ? ['Python’s allocators traced'] : []),
    `${countNoun(owners.length, 'function')}${left}`,
  ].join(', ');
}

function totalLines({ totals, runs }: MeasuredRuns, style: ReportStyle): string[] {
  const rows = TOTALS.flatMap(([measure, name]) => {
    const values = totals[name];
    if (values === null) return [];
    return [[measure, formatGated(measure, middle(values)), runs === 1 ? '' : spreadOf(measure, values)]];
  });
  const columns: TableColumn[] = [
    { title: '' },
    { title: runs === 1 ? '' : 'median', align: 'right' },
    { title: runs === 1 ? '' : 'spread', align: 'right' },
  ];
  return [
    heading('Totals', runs === 1 ? 'of one run: how far unchanged runs lie apart is not known' : '', style),
    ...layOutTable(columns, rows, { width: style.width, titlePaint: style.palette.faint }),
  ];
}

function ownerLines({ owners, runs }: MeasuredRuns, style: ReportStyle): string[] {
  const heaviest = owners.toSorted((a, b) => middle(b.peak) - middle(a.peak)).slice(0, style.count);
  const rows = heaviest.map((owner) => [
    printable(nameOfOwner(owner)),
    printable(shortFile(owner.file)),
    formatBytes(middle(owner.peak)),
    runs === 1 ? '' : spreadOf('peak', owner.peak),
    owner.ownPeak === null ? '' : formatBytes(middle(owner.ownPeak)),
    formatBytes(middle(owner.leaked)),
  ]);
  const columns: TableColumn[] = [
    { title: 'function', shorten: 'end', least: 12 },
    { title: 'file', shorten: 'middle', least: 12 },
    { title: 'peak', align: 'right' },
    { title: runs === 1 ? '' : 'spread', align: 'right' },
    { title: heaviest.some(({ ownPeak }) => ownPeak !== null) ? 'own peak' : '', align: 'right' },
    { title: 'leaked', align: 'right' },
  ];
  return [
    heading('Functions', owners.length > rows.length ? `the ${rows.length} that hold most at the peak` : '', style),
    ...layOutTable(columns, rows, { width: style.width, titlePaint: style.palette.faint }),
  ];
}

const OTHER_NAMES: Readonly<Record<Exclude<MeasuredOwner['kind'], 'function'>, string>> = {
  imports: 'import system',
  objects: 'Python objects',
  native: 'native code',
  none: 'no Python frame',
};

export function nameOfOwner({ kind, function: name }: MeasuredOwner): string {
  return kind === 'function' ? (name ?? '?') : OTHER_NAMES[kind];
}

/** As people know it, without where packages are. */
export function shortFile(file: string | null): string {
  return (file ?? '').replace(/^(?:site-packages|lib\/python3)\//, '');
}

function middle(values: readonly number[]): number {
  return summarise(values, false).value;
}

/** From the least to the most. */
function spreadOf(measure: GatedMeasure, values: readonly number[]): string {
  const { least, most } = summarise(values, false);
  return formatGated(measure, most - least);
}

export interface UpdatedBaseline {
  readonly before: AnyBaseline | null;
  readonly after: AnyBaseline;
  readonly path: string;
  readonly bytes: number;
}

/** What an update wrote, and which totals are others than before. */
export function drawUpdated({ before, after, path, bytes }: UpdatedBaseline, style: ReportStyle): string[] {
  const what = after.schema === 'memscope.baseline/1' ? describeRuns(after) : countNoun(after.tests.length, 'test');
  const isSame = before !== null && isDeepStrictEqual(before, after);
  const verb = before === null ? 'written' : isSame ? 'as it was' : 'updated';
  const written = `${printable(path)}: ${verb}, ${formatBytes(bytes)}: ${what}`;
  return [...wrapText(written, style.width), ...sayDifference(before, after).flatMap((line) => paragraph(line, style))];
}

function sayDifference(before: AnyBaseline | null, after: AnyBaseline): string[] {
  if (before?.schema === 'memscope.baseline/1' && after.schema === 'memscope.baseline/1') {
    return changesOf(before, after, '');
  }
  if (before?.schema !== 'memscope.baseline-tests/1' || after.schema !== 'memscope.baseline-tests/1') return [];
  const known = new Map(before.tests.map((test) => [test.test, test]));
  const fresh = after.tests.filter(({ test }) => !known.has(test)).length;
  const gone = before.tests.length - (after.tests.length - fresh);
  return [
    ...(fresh > 0 ? [`${countNoun(fresh, 'test')} new`] : []),
    ...(gone > 0 ? [`${countNoun(gone, 'test')} no longer there`] : []),
    ...after.tests.flatMap((test) => {
      const old = known.get(test.test);
      return old === undefined ? [] : changesOf(old, test, `${printable(test.test)}: `);
    }),
  ];
}

/** Of the two that most reviews are about. */
function changesOf(before: MeasuredRuns, after: MeasuredRuns, prefix: string): string[] {
  return (['peak', 'leaked'] as const).flatMap((name) => {
    const [old, now] = [middle(before.totals[name]), middle(after.totals[name])];
    if (old === now) return [];
    const change = `${signedChange(now - old, formatBytes)}, ${formatChange(old, now - old)}`;
    return [`${prefix}${name} ${formatBytes(old)} → ${formatBytes(now)} (${change})`];
  });
}
