/**
 * Two timelines over the time since the start of each → a chart of both, and a row for each stretch of time; the columns
 * of both for programs and spreadsheets.
 */
import {
  formatBytes,
  formatDuration,
  formatIsoTime,
  listRuns,
  nameRuns,
  signedChange,
  spanOfRecording,
  windowDocument,
  type CsvTable,
  type RunSet,
  type TimelineDocument,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { ComparedTimelines, Timeline } from '@memscope/query';

import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { layOutTable, type TableColumn } from '../../terminal/text-table.js';
import { chartColumns, drawTimeline } from '../../terminal/timeline-chart.js';

const CHART_ROWS = 10;
const UNKNOWN = '–';
/** From this width on there is room for RSS beside heap. */
const WIDE = 100;

interface SideNames {
  readonly head: readonly string[];
  readonly base: readonly string[];
}

export interface ComparedAnswer extends ComparedTimelines {
  readonly names: SideNames;
}

export function drawCompared(answer: ComparedAnswer, filter: string | null, style: ReportStyle): string[] {
  const { durationMs, names } = answer;
  const { head } = answer.passing;
  const { palette, width } = style;
  const side = (all: readonly string[]): string => (all.length === 1 ? printable(all[0]!) : listRuns(all));
  const chart = answer.steps(chartColumns(width));
  const what = filter === null ? 'heap' : 'what passes the filter';
  const key = `${palette.heap('█')} ${palette.faint(`${what} of the head`)}   ${palette.rss('⠒⠒')} ${palette.faint('of the base')}`;
  return [
    palette.heading('Timeline of both sides'),
    ...paragraph(
      `Head: ${side(names.head)}. Base: ${side(names.base)}. Each since its own start${head.window === null ? '' : ', or that of its window'}.`,
      style,
    ),
    ...(filter === null ? [] : paragraph(`Filter: ${printable(filter)}`, style)),
    '',
    `${heading('Timeline', '', style)}  ${key}`,
    ...drawTimeline(
      {
        startMs: 0,
        endMs: durationMs,
        heapBytes: chart.head.heapBytes.map((bytes) => bytes ?? 0),
        otherBytes: chart.base.heapBytes,
      },
      {
        rows: CHART_ROWS,
        rssRows: 0,
        palette,
        peak: { name: 'peak of the head', bytes: head.totals.peakBytes, timeMs: peakSince(head) },
      },
    ),
    '',
    ...listSteps(answer, style),
  ];
}

function listSteps(answer: ComparedAnswer, style: ReportStyle): string[] {
  const { head, base } = answer.passing;
  const { palette } = style;
  const count = Math.min(style.count, answer.mostSteps);
  const steps = answer.steps(count);
  const wide = style.width >= WIDE;
  const right = (title: string): TableColumn => ({ title, align: 'right' });
  const amount = (bytes: number | null): string => (bytes === null ? UNKNOWN : formatBytes(bytes));
  const marks = [
    { name: 'peak of the base', at: peakSince(base) },
    { name: 'peak of the head', at: peakSince(head) },
  ];
  const stepOf = (ms: number): number => Math.min(count - 1, Math.max(0, Math.ceil(ms / steps.stepMs) - 1));
  const rows = Array.from({ length: count }, (_, step) => {
    const [now, before] = [steps.head.heapBytes[step]!, steps.base.heapBytes[step]!];
    const here = marks.flatMap(({ name, at }) => (at !== null && stepOf(at) === step ? [name] : []));
    return [
      formatDuration((step + 1) * steps.stepMs),
      now === null || before === null ? UNKNOWN : signedChange(now - before, formatBytes),
      amount(before),
      amount(now),
      ...(wide ? [amount(steps.base.rssBytes[step]!), amount(steps.head.rssBytes[step]!)] : []),
      here.join(', '),
    ];
  });
  return [
    heading(
      'Steps',
      `of ${formatDuration(steps.stepMs)}, the highest of each${count < answer.mostSteps ? '; -n shows more' : ''}`,
      style,
    ),
    ...layOutTable(
      [
        right('After'),
        { ...right('Change'), paint: palette.number },
        right('Base'),
        { ...right('Head'), paint: palette.heap },
        ...(wide ? [right('RSS base'), { ...right('RSS head'), paint: palette.rss }] : []),
        { title: '', paint: palette.warning, shorten: 'end' },
      ],
      rows,
      { width: style.width, titlePaint: palette.faint },
    ),
  ];
}

/** Since the start of the side. */
function peakSince({ totals, span, capture, ticks }: Timeline): number | null {
  const { startMs } = spanOfRecording(span ?? capture, ticks);
  return totals.peakTimeMs === null ? null : Math.max(0, totals.peakTimeMs - startMs);
}

/** Names of the runs of both sides, apart from each other. */
export function nameSides({ head, base }: RunSet): SideNames {
  const names = nameRuns([...head, ...base].map((profile) => ({ profile })));
  return { head: names.slice(0, head.length), base: names.slice(head.length) };
}

/** What the document has besides that of the head. */
export function describeCompared(
  answer: ComparedAnswer,
  count: number | null,
): Pick<TimelineDocument, 'base' | 'compared'> {
  const { base, names } = answer;
  const { capture, totals, window, recording, ticks } = base;
  const { stepMs, ...sides } = answer.steps(Math.min(count ?? MOST_STEPS, answer.mostSteps));
  return {
    base: {
      runs: names.base.map((run, at) => ({ run, capturePath: base.runs[at]?.capturePath ?? capture.path })),
      window: windowDocument(window, recording.clock),
      startMs: capture.startMs,
      startTime: recording.clock === 'start' ? null : formatIsoTime(capture.startMs),
      endMs: capture.endMs,
      peakBytes: totals.peakBytes,
      peakTimeMs: totals.peakTimeMs,
      rssPeakBytes: totals.rssPeakBytes,
      ticks: ticks.length,
    },
    compared: {
      stepMs,
      sinceStartMs: sides.head.heapBytes.map((_, step) => (step + 1) * stepMs),
      peakBytes: [...sides.head.heapBytes],
      basePeakBytes: [...sides.base.heapBytes],
      rssBytes: [...sides.head.rssBytes],
      baseRssBytes: [...sides.base.rssBytes],
    },
  };
}

const MOST_STEPS = 1_000;

export function tabulateCompared(answer: ComparedAnswer, count: number | null): CsvTable {
  const { stepMs, head, base } = answer.steps(Math.min(count ?? MOST_STEPS, answer.mostSteps));
  return {
    columns: ['since_start_ms', 'peak_bytes', 'base_peak_bytes', 'rss_bytes', 'base_rss_bytes'],
    rows: head.heapBytes.map((bytes, step) => [
      Math.round((step + 1) * stepMs),
      bytes,
      base.heapBytes[step]!,
      head.rssBytes[step]!,
      base.rssBytes[step]!,
    ]),
  };
}
