/** The head of a report: what was profiled, and the totals with what they mean. */
import {
  attachedSentence,
  canAnswer,
  countNoun,
  formatBytes,
  formatCount,
  formatDuration,
  formatLocalTime,
  formatShare,
  isFollowedChild,
  originOf,
  programOf,
  spanOfRecording,
  type Analysis,
  type CaptureRow,
  type ObjectLifetimes,
  type TickTable,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { countUnnamed } from '../reading/warn-symbols.js';
import { captureName } from '../terminal/capture-name.js';
import { padEnd, padStart, shortenEnd, shortenMiddle } from '../terminal/display-width.js';
import { NOT_RECORDED, type ReportStyle } from '../terminal/report-style.js';
import { momentOfPeaks } from './report-together.js';
import { wrapText } from '../terminal/wrap-text.js';

const LABEL_WIDTH = 12;
/** Of several runs. */
const RSS_OF_ONE = 'of the one with the most: pages that they share would count once for each';
/** Releases of memray by the header version that they write. */
const RELEASES: Readonly<Record<number, string>> = {
  6: '1.0',
  7: '1.1',
  8: '1.2–1.3',
  9: '1.4–1.6',
  10: '1.7–1.10',
  11: '1.11–1.18',
  12: '1.19',
  13: '1.20',
};
const MOST_COMMAND_LINES = 3;
/** With fewer native frames without a name nothing is missed. */
const LEAST_UNNAMED = 0.01;

export function describeCapture({ capture, ticks, profilePath }: Analysis, style: ReportStyle): string[] {
  const { palette, width } = style;
  const room = width - LABEL_WIDTH - 2;
  const lines: string[] = [palette.heading(shortenMiddle(captureName(capture.path), width))];
  const add = (label: string, text: string, most = Number.POSITIVE_INFINITY): void => {
    const wrapped = wrapText(shortenEnd(text, room * Math.min(most, 20)), room);
    for (const [index, line] of wrapped.slice(0, most).entries()) {
      lines.push(`  ${palette.label(padEnd(index === 0 ? label : '', LABEL_WIDTH))}${line}`.trimEnd());
    }
  };
  add('Command', capture.commandLine ? printable(capture.commandLine) : 'not recorded', MOST_COMMAND_LINES);
  const start = startOf(capture);
  add('Recorded', `${start}, ${durationOf(capture, ticks)}${processOf(capture)}`);
  add('Python', describePython(capture));
  add('Capture', describeFile(capture));
  if (capture.path !== '-') add('', shortenMiddle(printable(capture.path), room));
  add('Profile', shortenMiddle(printable(profilePath), room));
  return lines;
}

function startOf({ startMs }: CaptureRow): string {
  if (startMs === null) return 'at a time that is not known';
  return formatLocalTime(startMs) ?? 'at an impossible time';
}

function processOf({ pid }: CaptureRow): string {
  return pid === null ? 'process not known' : `process ${pid}`;
}

function durationOf(capture: CaptureRow, ticks: TickTable): string {
  const { startMs, endMs } = spanOfRecording(capture, ticks);
  if (capture.endMs !== null) return endMs > startMs ? `for ${formatDuration(endMs - startMs)}, ` : '';
  // Nobody closes the file of a child that ends by os._exit, as workers do.
  const why = isFollowedChild(capture) ? 'a forked child writes no end' : 'no end recorded';
  return endMs > startMs ? `for at least ${formatDuration(endMs - startMs)} (${why}), ` : 'end not recorded, ';
}

/** NaN without memory records. */
function lastTickMs(ticks: TickTable): number {
  return ticks.timeMs.at(-1) ?? Number.NaN;
}

function describePython(capture: CaptureRow): string {
  const { pythonVersion, pythonAllocator: allocator, tracePythonAllocators: traced } = capture;
  const pooled = /^(?:py|mi)malloc/.test(allocator);
  const tracing = traced === null || !pooled ? '' : traced ? ' (every object traced)' : ' (arenas traced, not objects)';
  return `${printable(pythonVersion ?? 'version not recorded')}, allocator ${printable(allocator)}${tracing}`;
}

function describeFile(capture: CaptureRow): string {
  return [
    formatBytes(capture.totalBytes),
    `${capture.format} ${RELEASES[capture.formatVersion] ?? ''} (header version ${capture.formatVersion})`,
    capture.layout === 'aggregated' ? 'aggregated' : 'all allocations',
    capture.compression === 'lz4' ? 'LZ4' : 'not compressed',
    capture.nativeTraces ? 'with native traces' : 'no native traces',
    !capture.complete ? 'NOT COMPLETE' : capture.endMs === null ? 'not closed' : 'complete',
  ].join(', ');
}

/** The name, the command and when it ran, a line each. */
export function briefCapture({ capture, ticks }: Analysis, { palette, width }: ReportStyle): string[] {
  const room = width - LABEL_WIDTH - 2;
  const row = (label: string, text: string): string =>
    `  ${palette.label(padEnd(label, LABEL_WIDTH))}${shortenEnd(text, room)}`.trimEnd();
  const start = startOf(capture);
  return [
    palette.heading(shortenMiddle(captureName(capture.path), width)),
    row('Program', capture.commandLine ? printable(programOf(capture.commandLine)) : 'not recorded'),
    // How long a recording without an end lasted is not to be cut out.
    ...wrapText(`${start}, ${durationOf(capture, ticks)}${processOf(capture)}`, room).map((line, index) =>
      row(index === 0 ? 'Recorded' : '', line),
    ),
  ];
}

/** What decides: the peak, what is left, what was asked for, RSS, and whether names are missing. */
export function briefTotals(analysis: Analysis, style: ReportStyle): string[] {
  return describeTotals(analysis, style, ['Peak heap', 'Not freed', 'Allocated', 'Peak RSS', 'No names']);
}

/** `labels`: the only rows that are shown; all by default. */
export function describeTotals(analysis: Analysis, style: ReportStyle, labels?: readonly string[]): string[] {
  const { capture, notes, totals, scope, together } = analysis;
  const { palette, width } = style;
  const lines: string[] = [];
  const valueWidth = 10;
  const add = (label: string, value: string, remark: string): void => {
    if (labels?.includes(label) === false) return;
    const left = 2 + LABEL_WIDTH + valueWidth + 2;
    const wrapped = wrapText(remark, width - left);
    lines.push(
      `  ${palette.label(padEnd(label, LABEL_WIDTH))}${palette.number(padStart(value, valueWidth))}  ${wrapped[0] ?? ''}`.trimEnd(),
    );
    for (const line of wrapped.slice(1)) lines.push(' '.repeat(left) + line);
  };
  add(
    'Peak heap',
    formatBytes(totals.peakBytes),
    together === null ? `${momentOfPeak(analysis)}${sayUsed(analysis)}` : momentOfPeaks(together),
  );
  const end = together === null ? 'the end' : 'the end of each';
  const ending = capture.complete ? `live at ${end}` : 'live when it broke off';
  const leaked = scope?.window ? 'made in the window and live at its end' : ending;
  add('Not freed', formatBytes(totals.leakedBytes), `${countNoun(totals.leakedCount, 'allocation')} ${leaked}`);
  if (totals.bytesAllocated === null || totals.allocations === null) {
    add('Allocated', '–', whyMissing(analysis));
  } else {
    const frees = totals.deallocations === null ? '' : `, ${countNoun(totals.deallocations, 'deallocation')}`;
    const isAttached = attachedSentence(capture) !== null;
    const hasMore = (totals.deallocations ?? 0) > totals.allocations;
    const before =
      scope !== null
        ? ''
        : isAttached
          ? ': what lived before the recording is not in it'
          : hasMore
            ? ': some are of what was allocated before the recording'
            : '';
    add(
      'Allocated',
      formatBytes(totals.bytesAllocated),
      `in ${countNoun(totals.allocations, 'allocation')}${frees}${before}`,
    );
  }
  if (totals.temporaryBytes === null || totals.temporaryCount === null) {
    add('Temporary', '–', whyMissing(analysis));
  } else {
    const all = totals.allocations ?? 0;
    const share = all === 0 ? 'none' : formatShare(totals.temporaryCount, all);
    const further =
      totals.temporaryThreshold === 0
        ? 'another was'
        : countNoun(totals.temporaryThreshold + 1, 'more was', 'more were');
    add('Temporary', formatBytes(totals.temporaryBytes), `${share} of allocations, freed before ${further} made`);
  }
  if (totals.rssPeakBytes === null) {
    add('Peak RSS', '–', 'no memory records');
  } else {
    add(
      'Peak RSS',
      formatBytes(totals.rssPeakBytes),
      [
        after(totals.rssPeakTimeMs, capture),
        compareToHeap(totals.rssPeakGapBytes, totals.rssPeakHeapBytes),
        together === null ? '' : RSS_OF_ONE,
      ]
        .filter((part) => part !== '')
        .join('; '),
    );
  }
  const unnamed = notes.symbols === null ? null : countUnnamed(notes.symbols);
  if (unnamed !== null && unnamed.without > 0 && unnamed.without >= LEAST_UNNAMED * unnamed.frames) {
    add('No names', formatShare(unnamed.without, unnamed.frames), 'of native frames: memscope symbols list says why');
  }
  if (totals.rssEndBytes !== null) {
    add('RSS at end', formatBytes(totals.rssEndBytes), compareToHeap(totals.rssEndGapBytes, totals.heapEndBytes));
  }
  if (notes.objects !== null && scope === null) {
    add('Objects', formatCount(notes.objects.surviving), describeObjects(notes.objects));
  }
  return lines;
}

/** Beside the peak of all: what was really used at most, which need not be then. */
function sayUsed({ usedHeap, reservedBytes, totals, capture }: Analysis): string {
  if (usedHeap === null || reservedBytes === null) return '';
  const { peakBytes, peakTimeMs } = usedHeap;
  if (formatBytes(peakBytes) === formatBytes(totals.peakBytes)) return '';
  const used = `; ${formatBytes(peakBytes)} without what is only reserved`;
  return peakTimeMs === null || peakTimeMs === totals.peakTimeMs ? used : `${used}, ${after(peakTimeMs, capture)}`;
}

function describeObjects({ surviving, created, fromBefore }: ObjectLifetimes): string {
  const noun = surviving === 1 ? 'Python object survives' : 'Python objects survive';
  if (created === null) return `${noun}; how many were created was not recorded`;
  const before = fromBefore
    ? `; ${countNoun(fromBefore, 'destroyed one was', 'destroyed ones were')} created before the recording`
    : '';
  return `${noun} of ${formatCount(created)} created${before}`;
}

/** In words, why an analysis has no totals. */
export function whyMissing({ scope, capture }: Pick<Analysis, 'scope' | 'capture'>): string {
  return scope?.window && canAnswer(capture, 'lifetimes') ? 'not known of a window of time' : NOT_RECORDED;
}

/** A tick is as exact as it gets; behind the last one only its bounds are known. */
function momentOfPeak({ capture, totals, ticks, scope }: Analysis): string {
  if (scope?.window) return after(scope.window.peakMs, capture);
  if (!canAnswer(capture, 'lifetimes')) return `when is ${NOT_RECORDED}`;
  if (totals.peakTick === null || totals.peakBytes === 0) return '';
  if (ticks.length === 0) return 'when is not known: no memory records';
  if (totals.peakTick < ticks.length) return after(totals.peakTimeMs, capture);
  const last = lastTickMs(ticks) - originOf(capture);
  const end = (capture.endMs ?? originOf(capture)) - originOf(capture);
  if (end <= last) return `after ${formatDuration(last)} or later`;
  const [from, to] = [formatDuration(Math.max(0, last)), formatDuration(end)];
  return from === to ? `after ${to}` : `between ${from} and ${to}`;
}

function after(timeMs: number | null, capture: CaptureRow): string {
  return timeMs === null ? '' : `after ${formatDuration(Math.max(0, timeMs - originOf(capture)))}`;
}

function compareToHeap(gapBytes: number | null, heapBytes: number | null): string {
  if (gapBytes === null || heapBytes === null) return '';
  const heap = `heap then ${formatBytes(heapBytes)}`;
  return gapBytes >= 0 ? `${heap}, gap ${formatBytes(gapBytes)}` : `${heap}, ${formatBytes(-gapBytes)} above RSS`;
}
