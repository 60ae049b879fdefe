/**
 * A history → lines for people: in one sentence what moved, then each metric and the functions that hold most as a curve
 * over all runs, and every step with the commit it came with and the functions that made it.
 */
import {
  formatBytes,
  formatGated,
  formatIsoTime,
  nameOwner,
  nameRun,
  sayStep,
  signedChange,
  tellFunctions,
  tellSpikes,
  tellSteps,
  type HistoryDocument,
  type TrendRun,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { shortFile } from '../baseline/baseline-lines.js';
import { heading, joinSections, paragraph, type ReportStyle } from '../terminal/report-style.js';
import { drawSparkline } from '../terminal/sparkline.js';
import { layOutTable, type TableColumn } from '../terminal/text-table.js';
import { wrapText } from '../terminal/wrap-text.js';

const CURVE_WIDTH = 30;
const MOST_STEPS = 12;
const MOST_SPIKES = 5;

/** `why` the branch was chosen; null: it was named, or is the only one. */
export function drawHistory(history: HistoryDocument, why: string | null, style: ReportStyle): string[] {
  return joinSections([
    wrapText(`${printable(history.summary)}.`, style.width).map((line) => style.palette.number(line)),
    describeRuns(history, why, style),
    metricLines(history, style),
    stepLines(history, style),
    functionLines(history, style),
  ]);
}

function describeRuns({ history, branch, runs }: HistoryDocument, why: string | null, style: ReportStyle): string[] {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const chosen = why === null ? '' : ` (${printable(why)})`;
  const of = branch === null ? branchesOf(runs) : ` of ${printable(branch)}${chosen}`;
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  const span = dayOf(first) === dayOf(last) ? `of ${dayOf(first)}` : `from ${dayOf(first)} to ${dayOf(last)}`;
  return paragraph(`${printable(history)}: ${count}${of}, ${span}`, style);
}

/** Several branches in one curve are a thing to know. */
function branchesOf(runs: readonly TrendRun[]): string {
  const names = [...new Set(runs.map(({ branch }) => branch ?? 'no branch'))];
  if (names.length === 1) return ` of ${printable(names[0]!)}`;
  return ` of ${names.length} branches (--branch shows one)`;
}

function dayOf({ timeMs }: TrendRun): string {
  return formatIsoTime(timeMs)?.slice(0, 10) ?? '?';
}

function metricLines({ metrics, runs }: HistoryDocument, style: ReportStyle): string[] {
  const rows = metrics.map(({ measure, values }) => {
    const known = values.filter((value) => value !== null);
    const format = (value: number): string => formatGated(measure, value);
    const last = values.at(-1) ?? null;
    return [
      measure,
      drawTrend(values, CURVE_WIDTH),
      last === null ? 'not known' : format(last),
      format(Math.min(...known)),
      format(Math.max(...known)),
    ];
  });
  const columns: TableColumn[] = [
    { title: '' },
    { title: runs.length > CURVE_WIDTH ? `${runs.length} runs` : '', paint: style.palette.faint },
    { title: 'last', align: 'right' },
    { title: 'least', align: 'right' },
    { title: 'most', align: 'right' },
  ];
  return [
    heading('Trend', '', style),
    ...layOutTable(columns, rows, { width: style.width, titlePaint: style.palette.faint }),
  ];
}

/** The height of a curve is at least this of its greatest value: less of a change fills less of it. */
const LEAST_HEIGHT = 0.1;
const EIGHTHS = 8;

/** Of a level the middle; the least and the greatest value stand beside it as numbers. */
export function drawTrend(values: readonly (number | null)[], width: number): string {
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const height = Math.max(most - least, LEAST_HEIGHT * most) || 1;
  const bottom = (least + most - height) / 2;
  // From the middle of the lowest block to the middle of the highest, so that what is next to nothing rounds to a level.
  const eighths = values.map((value) =>
    value === null ? 0 : Math.min(EIGHTHS, Math.max(1, Math.round(0.5 + ((EIGHTHS - 1) * (value - bottom)) / height))),
  );
  return drawSparkline(eighths, width, EIGHTHS);
}

function stepLines(history: HistoryDocument, style: ReportStyle): string[] {
  const { runs } = history;
  const at = (position: number): string => {
    const run = runs[position]!;
    return `${printable(nameRun(run))} of ${dayOf(run)} (${position + 1} of ${runs.length})`;
  };
  const steps = tellSteps(history);
  const lines = steps.slice(0, MOST_STEPS).flatMap(({ metric, step, functions }) => {
    const { measure } = metric;
    const numbers = `${formatGated(measure, Math.round(step.before))} → ${formatGated(measure, Math.round(step.after))}`;
    const sure = step.isConfirmed ? '' : ': the last run, so that it may be a spike: not yet confirmed';
    const made = functions.map(
      ({ owner, change }) =>
        `${printable(nameOwner(owner))}${owner.file === null ? '' : ` (${printable(shortFile(owner.file))})`} ${signedChange(Math.round(change), formatBytes)}`,
    );
    return [
      ...paragraph(`${at(step.at)}: ${sayStep(metric, step)}, ${numbers}${sure}`, style),
      ...(made.length === 0
        ? []
        : paragraph(made.join(', '), { ...style, width: style.width - 2 }).map((line) => `  ${line}`)),
    ];
  });
  const alone = tellFunctions(history)
    .slice(0, MOST_STEPS)
    .flatMap(({ owner, step }) => {
      const numbers = `${formatBytes(Math.round(step.before))} → ${formatBytes(Math.round(step.after))}`;
      const file = owner.file === null ? '' : ` (${printable(shortFile(owner.file))})`;
      const sure = step.isConfirmed ? '' : ': not yet confirmed';
      return paragraph(`${at(step.at)}: ${printable(nameOwner(owner))}${file} ${numbers} at the peak${sure}`, style);
    });
  const spikes = tellSpikes(history)
    .slice(0, MOST_SPIKES)
    .flatMap(({ metric: { measure }, spike }) => {
      const isLast = spike.at === runs.length - 1;
      const went = isLast ? 'only the last run: not yet confirmed' : 'went away again';
      return paragraph(
        `${at(spike.at)}: ${measure} ${formatGated(measure, spike.value)} where ${formatGated(measure, Math.round(spike.usual))} is usual, ${went}`,
        style,
      );
    });
  return [
    ...(lines.length === 0 ? [] : [heading('Moved and stayed', 'the first run behind each step', style), ...lines]),
    ...(steps.length > MOST_STEPS ? paragraph(`and ${steps.length - MOST_STEPS} more`, style) : []),
    ...(alone.length === 0 ? [] : ['', heading('Functions that moved while the peak stayed', '', style), ...alone]),
    ...(spikes.length === 0 ? [] : ['', heading('Spikes', '', style), ...spikes]),
  ];
}

function functionLines({ functions }: HistoryDocument, style: ReportStyle): string[] {
  const rows = functions
    .filter(({ values }) => values.at(-1)! > 0)
    .slice(0, style.count)
    .map((owner) => [
      printable(nameOwner(owner)),
      printable(shortFile(owner.file)),
      drawTrend(owner.values, CURVE_WIDTH / 2),
      formatBytes(owner.values.at(-1)!),
      formatBytes(Math.min(...owner.values)),
      formatBytes(Math.max(...owner.values)),
    ]);
  const columns: TableColumn[] = [
    { title: 'function', shorten: 'end', least: 12 },
    { title: 'file', shorten: 'middle', least: 12 },
    { title: '', paint: style.palette.faint },
    { title: 'last', align: 'right' },
    { title: 'least', align: 'right' },
    { title: 'most', align: 'right' },
  ];
  return [
    heading('Functions', 'that hold most at the peak of the last run', style),
    ...layOutTable(columns, rows, { width: style.width, titlePaint: style.palette.faint }),
  ];
}
