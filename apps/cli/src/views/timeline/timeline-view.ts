/**
 * `memscope timeline`: from a profile to its memory records and who held the memory, as a chart with a table or bands,
 * as the document `memscope.timeline/1`, or as CSV.
 */
import {
  BAND_GROUPINGS,
  formatIsoTime,
  originOf,
  thinTicks,
  windowDocument,
  type BandGrouping,
  type CsvCell,
  type CsvTable,
  type TimelineDocument,
  type ViewQuery,
} from '@memscope/model';
import {
  compareTimelines,
  drawTimeline,
  findBands,
  selectionPart,
  type FoundBands,
  type OpenRun,
} from '@memscope/query';

import { memscopeVersion } from '../../beside-program.js';
import { UsageError } from '../../exit-code.js';
import type { View } from '../run-view.js';
import { asUsage, viewBy } from '../selection-request.js';
import type { ViewFlags } from '../view-options.js';
import {
  describeCompared,
  drawCompared,
  nameSides,
  tabulateCompared,
  type ComparedAnswer,
} from './compared-timeline.js';
import { countRuns, describeBand, highestOfSteps, kindOf } from './timeline-bands.js';
import { describeTicks, type TimelineAnswer } from './timeline-table.js';

const DEFAULT_TOP = 6;

export interface TimelineFlags extends ViewFlags {
  readonly by: BandGrouping | null;
  /** Bands besides the rest; null: `DEFAULT_TOP`. */
  readonly top: number | null;
}

/** Throws `UsageError`. */
export function timelineView(flags: TimelineFlags): View<Answer> {
  const view = viewBy(flags, 'timeline', flags.by, BAND_GROUPINGS);
  if (flags.top !== null && flags.by === null)
    throw new UsageError('--top changes nothing without --by: it is how many bands there are');
  if (flags.by !== null && flags.base.length > 0)
    throw new UsageError(
      '--by shows the bands of one side: leave out --base, or see memscope table --by for both sides of each',
    );
  return {
    ask: (run) => asUsage(() => askTimeline(run, view, flags)),
    defaultCount: 40,
    lines: (answer, style) =>
      answer.compared === null
        ? describeTicks(answer, view.filter, style)
        : drawCompared(answer.compared, view.filter, style),
    document: (answer, count) => ({
      ...timelineDocument(answer, count, view),
      ...(answer.compared === null ? {} : describeCompared(answer.compared, count)),
    }),
    table: (answer, count) => {
      if (answer.compared !== null) return tabulateCompared(answer.compared, count);
      return answer.bands === null ? tickTable(answer, count) : bandTable(answer, answer.bands, count);
    },
  };
}

interface Answer extends TimelineAnswer {
  /** Null without a base. */
  readonly compared: ComparedAnswer | null;
}

function askTimeline(run: OpenRun, view: ViewQuery, flags: TimelineFlags): Answer {
  if (run.set.base.length === 0) return { ...askOne(run, view, flags), compared: null };
  const compared = { ...compareTimelines(run, view), names: nameSides(run.set) };
  return { ...compared.head, profilePath: run.profile.path, bands: null, compared };
}

function askOne(run: OpenRun, view: ViewQuery, { by, top }: TimelineFlags): TimelineAnswer {
  const timeline = drawTimeline(run, view.window);
  const { window } = timeline;
  const bands =
    by === null && view.filter === null ? null : findBands(run, view, { by, top: top ?? DEFAULT_TOP, window });
  return { ...timeline, profilePath: run.profile.path, bands };
}

function timelineDocument(answer: TimelineAnswer, count: number | null, view: ViewQuery): TimelineDocument {
  const { capture, recording, notes, ticks, totals, firstTick, window, bands } = answer;
  const date = dateOf(answer);
  const most = count ?? ticks.length;
  return {
    schema: 'memscope.timeline/1',
    memscopeVersion: memscopeVersion(),
    profilePath: answer.profilePath,
    capture: {
      path: capture.path,
      layout: capture.layout,
      complete: capture.complete,
      startMs: capture.startMs,
      startTime: capture.startMs === null ? null : date(capture.startMs),
      endMs: capture.endMs,
      endTime: date(capture.endMs),
    },
    ...describeSet(answer),
    window: windowDocument(window, recording.clock),
    peak: {
      bytes: totals.peakBytes,
      tick: totals.peakTick === null ? null : firstTick + totals.peakTick,
      timeMs: totals.peakTimeMs,
      time: date(totals.peakTimeMs),
    },
    rssPeak: {
      bytes: totals.rssPeakBytes,
      timeMs: totals.rssPeakTimeMs,
      time: date(totals.rssPeakTimeMs),
    },
    memoryRecords: notes.memoryRecords,
    ticks: ticks.length,
    steps: { ...thinTicks(ticks, most), ...runsOfSteps(answer, most) },
    tail: { heapBytes: notes.tailHeapBytes, peakBytes: notes.tailPeakBytes },
    ...(bands === null ? {} : { bands: bandsDocument(answer, bands, most, view) }),
  };
}

/** Times since the start of each of several runs are no dates. */
function dateOf({ recording }: TimelineAnswer): (ms: number | null) => string | null {
  return recording.clock === 'start' ? () => null : formatIsoTime;
}

/** What is added up, and how; nothing of one run. */
function describeSet({ recording, runs }: TimelineAnswer): Pick<TimelineDocument, 'clock' | 'stepMs' | 'runs'> {
  const { clock, stepMs } = recording;
  if (clock === 'own' || stepMs === null) return {};
  return {
    clock,
    stepMs,
    runs: runs.map(({ name, capturePath, startMs, endMs, peakBytes }) => ({
      run: name,
      capturePath,
      startMs,
      endMs,
      peakBytes,
    })),
  };
}

function runsOfSteps(answer: TimelineAnswer, most: number): { readonly runs?: number[] } {
  const runs = countRuns(answer, most);
  return runs === null ? {} : { runs };
}

function bandsDocument(
  answer: TimelineAnswer,
  bands: FoundBands,
  most: number,
  view: ViewQuery,
): NonNullable<TimelineDocument['bands']> {
  const { notes, ticks, totals, firstTick } = answer;
  const shown = highestOfSteps(answer, most);
  return {
    by: bands.by,
    selection: selectionPart(bands.selection, view),
    groups: bands.groups,
    ticks: Array.from(shown, (tick) => firstTick + tick),
    list: bands.bands.map((band) => ({
      kind: kindOf(band, bands),
      ...describeBand(band, bands),
      highestBytes: band.liveBytes.reduce((all, bytes) => Math.max(all, bytes), 0),
      peakBytes: band.liveBytes[totals.peakTick ?? 0] ?? 0,
      liveBytes: Array.from(shown, (tick) => band.liveBytes[tick]!),
      tailBytes: notes.tailHeapBytes === null ? null : (band.liveBytes[ticks.length] ?? null),
    })),
  };
}

function tickTable(answer: TimelineAnswer, count: number | null): CsvTable {
  const { capture, ticks } = answer;
  const date = dateOf(answer);
  const most = count ?? ticks.length;
  const { timeMs, rssBytes, heapBytes, peakBytes } = thinTicks(ticks, most);
  const runs = countRuns(answer, most);
  const ofSet = runs === null ? [] : ['runs'];
  return {
    columns: ['time_ms', 'time', 'since_start_ms', 'rss_bytes', 'heap_bytes', 'peak_bytes', ...ofSet],
    rows: timeMs.map((ms, step): CsvCell[] => [
      ms,
      date(ms),
      ms - originOf(capture),
      rssBytes[step] ?? null,
      heapBytes[step] ?? null,
      peakBytes?.[step] ?? null,
      ...(runs === null ? [] : [runs[step]!]),
    ]),
  };
}

/** Columns in the order of `describeBand`. */
const KEYS_OF_BANDS: Readonly<Record<BandGrouping, readonly string[]>> = {
  module: ['module'],
  owner: ['owner_kind', 'owner_function', 'owner_file'],
  application: ['application_function', 'application_file', 'application_line', 'of'],
  library: ['library', 'category'],
  category: ['category'],
  thread: ['thread', 'thread_name', 'threads'],
  allocator: ['allocator'],
  run: ['run'],
};

/** A row for each step and band: names as columns would clash with each other and with any other column. */
function bandTable(answer: TimelineAnswer, bands: FoundBands, count: number | null): CsvTable {
  const { capture, ticks, firstTick } = answer;
  const date = dateOf(answer);
  const most = count ?? ticks.length;
  const { timeMs } = thinTicks(ticks, most);
  const shown = highestOfSteps(answer, most);
  const described = bands.bands.map((band) => [kindOf(band, bands), ...Object.values(describeBand(band, bands))]);
  const keys = bands.by === null ? [] : KEYS_OF_BANDS[bands.by];
  return {
    columns: ['time_ms', 'time', 'since_start_ms', 'tick', 'band', ...keys, 'live_bytes'],
    rows: timeMs.flatMap((ms, step) =>
      bands.bands.map(({ liveBytes }, band): CsvCell[] => [
        ms,
        date(ms),
        ms - originOf(capture),
        firstTick + shown[step]!,
        ...described[band]!,
        liveBytes[shown[step]!]!,
      ]),
    ),
  };
}
