/**
 * `memscope leaks`: what grows, and what is live at the end by line of the application, with age, curve and verdict; for people, as the
 * document `memscope.leaks/1`, or as CSV.
 */
import { describePlace, type CsvCell, type CsvTable, type LeaksDocument, type ViewQuery } from '@memscope/model';
import { findLeaks, readLeak, selectionPart, sumVerdicts } from '@memscope/query';

import { memscopeVersion } from '../../beside-program.js';
import { describeAnyFrame, describeOwner } from '../frame-label.js';
import type { View } from '../run-view.js';
import { asUsage, viewOf } from '../selection-request.js';
import type { ViewFlags } from '../view-options.js';
import { drawLeaks, type LeakAnswer } from './leak-lines.js';

export interface LeaksFlags extends ViewFlags {
  readonly measure: 'leaked';
  /** A share, a time or a tick; null: none. */
  readonly warmUp: string | null;
}

export function leaksView(flags: LeaksFlags): View<LeakAnswer> {
  const view = viewOf(flags);
  return {
    defaultCount: 20,
    ask: (run) => ({
      capturePath: run.profile.capture.path,
      ...asUsage(() => findLeaks(run, view, flags.warmUp)),
    }),
    lines: (answer, style) => drawLeaks(answer, view, style, flags.count !== null),
    document: (answer, count) => leaksDocument(answer, count, view),
    table: leaksTable,
  };
}

function sumOf(column: Float64Array): number {
  return column.reduce((all, each) => all + each, 0);
}

function leaksDocument(answer: LeakAnswer, count: number | null, view: ViewQuery): LeaksDocument {
  const { capturePath, selection, leaks, warmUp, growth, attached, arenas, reserved, startMs, tickEndMs } = answer;
  const { stepTicks, order } = leaks;
  return {
    schema: 'memscope.leaks/1',
    memscopeVersion: memscopeVersion(),
    capture: { path: capturePath },
    selection: selectionPart(selection, view),
    warmUp,
    attached,
    arenas,
    reserved,
    growth: growth.map(({ rule, title, text, bytes, location }) => ({
      rule,
      title,
      text,
      bytes,
      location: location === null ? null : describePlace(location),
    })),
    bytes: leaks.totalBytes,
    count: leaks.totalCount,
    ...(leaks.base === null
      ? {}
      : { baseBytes: sumOf(leaks.base.bytes), baseCount: sumOf(leaks.base.count), gone: leaks.base.gone }),
    verdicts: sumVerdicts(leaks).filter(({ rows }) => rows > 0),
    stepTicks: [...stepTicks],
    stepMs: Array.from(stepTicks, (tick) => tickEndMs[tick]! - startMs),
    rowCount: order.length,
    rows: Array.from(order.subarray(0, count ?? order.length), (row) => ({
      ...describeLeak(row, answer),
      liveBytes: [...readLeak(row, answer).liveBytes],
    })),
  };
}

function leaksTable(answer: LeakAnswer, count: number | null): CsvTable {
  const { order, base } = answer.leaks;
  return {
    columns: [
      'kind',
      'function',
      'file',
      'line',
      'module',
      'library',
      'category',
      'source',
      'application_function',
      'application_file',
      'application_line',
      'of',
      'sites',
      'bytes',
      'count',
      ...(base === null ? [] : ['base_bytes', 'base_count']),
      'first_born_tick',
      'last_born_tick',
      'first_born_ms',
      'last_born_ms',
      'verdict',
    ],
    rows: Array.from(order.subarray(0, count ?? order.length), (row): CsvCell[] =>
      Object.values(describeLeak(row, answer)),
    ),
  };
}

/** Keys in the order of the columns of the CSV. */
function describeLeak(row: number, answer: LeakAnswer): Omit<LeaksDocument['rows'][number], 'liveBytes'> {
  const { selection, startMs } = answer;
  const leak = readLeak(row, answer);
  const line = describeAnyFrame(leak.line, selection);
  return {
    ...describeAnyFrame(leak.innermost, selection),
    ...describeOwner(leak.site, selection),
    applicationFunction: line.function,
    applicationFile: line.file,
    applicationLine: line.line,
    of: leak.kind,
    sites: leak.sites,
    bytes: leak.bytes,
    count: leak.count,
    ...(leak.base === null ? {} : { baseBytes: leak.base.bytes, baseCount: leak.base.count }),
    firstBornTick: leak.firstBornTick,
    lastBornTick: leak.lastBornTick,
    firstBornMs: leak.firstBornMs - startMs,
    lastBornMs: leak.lastBornMs - startMs,
    verdict: leak.verdict.name,
  };
}
