/**
 * The timeline for a page: at most one row a pixel of equal time, with the least and the most that its ticks hold, so that
 * no spike is lost at any zoom. What follows the last memory record is one more tick, whose RSS is not known (NaN).
 */
import { endOfTick, spanOfRecording, ViewError, type TimelineColumn, type TimelineHead } from '@memscope/model';
import type { OpenRun } from './open-run.js';
import type { TimelineQuestion } from './question.js';
import { drawTimeline, type Timeline } from './timeline.js';

export interface TimelineAnswer {
  readonly columns: Readonly<Record<Exclude<TimelineColumn, 'tick'>, Float64Array> & Record<'tick', Uint32Array>>;
  readonly head: TimelineHead;
}

export function answerTimeline(run: OpenRun, { from, to, width }: TimelineQuestion): TimelineAnswer {
  const { capture, notes, ticks, totals, runs, recording } = drawTimeline(run, null);
  const count = ticks.length;
  const span = spanOfRecording(capture, ticks);
  const toTick = Math.min(to ?? count, count);
  if (from > toTick)
    throw new ViewError('outside', `there are no ticks #${from} to #${to ?? count}: the last is #${count}`);

  const timeAt = (tick: number): number => endOfTick(tick, ticks, span);
  const firstMs = from === 0 ? span.startMs : timeAt(from - 1);
  const perMs = width / Math.max(timeAt(toTick) - firstMs, 1e-6);
  const rows = new RowList(width + 1);
  for (let tick = from; tick <= toTick; tick++) {
    const isTail = tick === count;
    if (isTail && notes.tailHeapBytes === null) continue;
    const pixel = Math.min(width - 1, Math.max(0, Math.ceil((timeAt(tick) - firstMs) * perMs) - 1));
    const heap = isTail ? notes.tailHeapBytes! : ticks.heapBytes[tick]!;
    const most = isTail ? (notes.tailPeakBytes ?? heap) : (ticks.peakBytes?.[tick] ?? heap);
    rows.add(pixel, tick, timeAt(tick), isTail ? NaN : ticks.rssBytes[tick]!, heap, Math.max(heap, most));
  }
  let rssPeakTick: number | null = null;
  for (let tick = 0; tick < count; tick++) {
    if (rssPeakTick === null || ticks.rssBytes[tick]! > ticks.rssBytes[rssPeakTick]!) rssPeakTick = tick;
  }
  const { peakTick, peakBytes, rssPeakTimeMs, rssPeakBytes } = totals;
  return {
    columns: rows.columns(),
    head: {
      ...span,
      ticks: count,
      fromTick: from,
      toTick,
      peakTick,
      peakTimeMs: peakTick === null ? null : timeAt(peakTick),
      peakBytes,
      rssPeakTick,
      rssPeakTimeMs,
      rssPeakBytes,
      ...describeSet(recording, runs),
    },
  };
}

/** What is summed; nothing of one run. */
function describeSet(
  { clock, stepMs }: Timeline['recording'],
  runs: Timeline['runs'],
): Pick<TimelineHead, 'clock' | 'stepMs' | 'runs'> {
  if (clock === 'own' || stepMs === null) return {};
  return {
    clock,
    stepMs,
    runs: runs.map(({ name, startMs, endMs, peakBytes }) => ({ run: name, startMs, endMs, peakBytes })),
  };
}

class RowList {
  #length = 0;
  #pixel = -1;
  readonly #tick: Uint32Array;
  readonly #columns: Record<Exclude<TimelineColumn, 'tick'>, Float64Array>;

  constructor(most: number) {
    const column = (): Float64Array => new Float64Array(most);
    this.#tick = new Uint32Array(most);
    this.#columns = {
      timeMs: column(),
      rssLeast: column(),
      rssMost: column(),
      heapLeast: column(),
      heapMost: column(),
    };
  }

  /** Pixels never fall. */
  add(pixel: number, tick: number, timeMs: number, rss: number, heapLeast: number, heapMost: number): void {
    const columns = this.#columns;
    if (pixel !== this.#pixel) {
      const row = this.#length++;
      this.#pixel = pixel;
      this.#tick[row] = tick;
      columns.timeMs[row] = timeMs;
      columns.rssLeast[row] = rss;
      columns.rssMost[row] = rss;
      columns.heapLeast[row] = heapLeast;
      columns.heapMost[row] = heapMost;
      return;
    }
    const row = this.#length - 1;
    this.#tick[row] = tick;
    columns.timeMs[row] = timeMs;
    if (!Number.isNaN(rss)) {
      columns.rssLeast[row] = Math.min(columns.rssLeast[row]!, rss);
      columns.rssMost[row] = Math.max(columns.rssMost[row]!, rss);
    }
    columns.heapLeast[row] = Math.min(columns.heapLeast[row]!, heapLeast);
    columns.heapMost[row] = Math.max(columns.heapMost[row]!, heapMost);
  }

  columns(): TimelineAnswer['columns'] {
    const cut = (column: Float64Array): Float64Array => column.slice(0, this.#length);
    const { timeMs, rssLeast, rssMost, heapLeast, heapMost } = this.#columns;
    return {
      timeMs: cut(timeMs),
      tick: this.#tick.slice(0, this.#length),
      rssLeast: cut(rssLeast),
      rssMost: cut(rssMost),
      heapLeast: cut(heapLeast),
      heapMost: cut(heapMost),
    };
  }
}
