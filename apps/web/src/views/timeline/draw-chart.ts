/** The timeline's answers → the chart's layout and its drawing: all but the window and the pointer. */
import { formatBytes, formatDuration } from '@memscope/model';

import { readToken } from '../../controls/theme.js';
import type { TimelineAnswer } from '../../api/question.js';
import {
  drawAxes,
  drawBands,
  drawDifference,
  drawHeap,
  drawMark,
  drawRss,
  type TimelineColours,
} from '../../drawing/draw-timeline.js';
import { endOfTick, startOfRow, startOfTick } from '../../drawing/tick-times.js';
import { layoutTime, mostOf, type TimeLayout } from '../../drawing/time-layout.js';
import type { ShownTimeline } from './shown-timeline.js';

export function chartLayout(
  { timeline, whole, bands, base, frame }: ShownTimeline,
  width: number,
  height: number,
): TimeLayout {
  const { visible } = frame.state.timeline;
  const span =
    visible === null
      ? { fromMs: startOfRow(whole, 0), toMs: Math.max(whole.head.endMs, base?.head.endMs ?? 0) }
      : { fromMs: startOfTick(exact(visible.from - 1), visible.from), toMs: endOfTick(exact(visible.to), visible.to) };
  const { rssMost, heapMost } = timeline.column;
  const { showRss } = frame.state.timeline;
  const most = mostOf(
    showRss ? rssMost : undefined,
    heapMost,
    bands?.stacked.at(-1)?.top,
    showRss ? base?.column.rssMost : undefined,
    base?.column.heapMost,
  );
  const plot = { left: width < 500 ? 56 : 72, top: 8, right: width - 12, bottom: height - 28 };
  return layoutTime({ width, height }, plot, span, most);

  function exact(tick: number): ShownTimeline['whole'] {
    return tick >= timeline.head.fromTick && tick <= timeline.head.toTick ? timeline : whole;
  }
}

/** Everything but the window and the pointer. */
export function drawChart(context: CanvasRenderingContext2D, shown: ShownTimeline, layout: TimeLayout): void {
  const { timeline, bands, base } = shown;
  const { head } = timeline;
  const colours = readColours();
  drawAxes(context, layout, head.startMs, colours);
  if (base !== null) {
    drawCompared(context, shown, base, layout, colours);
    return;
  }
  if (bands !== null) {
    drawBands(context, layout, bands.answer, bands.stacked, {
      startMs:
        timeline.head.fromTick === 0 ? startOfRow(timeline, 0) : (bands.answer.column['timeMs']?.[0] ?? head.startMs),
      colourOf: (index) => bands.colours[index]!,
      surface: colours.surface,
    });
  }
  drawHeap(context, layout, timeline, colours, { filled: bands === null });
  const { showRss } = shown.frame.state.timeline;
  if (showRss) drawRss(context, layout, timeline, colours);
  const mark = { surface: colours.surface, text: colours.text };
  if (showRss && head.rssPeakTimeMs !== null && head.rssPeakBytes !== null) {
    drawMark(
      context,
      layout,
      head.rssPeakTimeMs,
      `peak RSS ${formatBytes(head.rssPeakBytes)}`,
      { ...mark, line: colours.rss },
      1,
    );
  }
  if (head.peakTimeMs !== null) {
    drawMark(
      context,
      layout,
      head.peakTimeMs,
      `peak heap ${formatBytes(head.peakBytes)}`,
      { ...mark, line: colours.heap },
      0,
    );
  }
}

/** Both heaps and what lies between them, both RSS, and both peaks. */
function drawCompared(
  context: CanvasRenderingContext2D,
  { timeline, frame }: ShownTimeline,
  base: TimelineAnswer,
  layout: TimeLayout,
  colours: TimelineColours,
): void {
  const ofBase = { ...colours, heap: readToken('--base'), rss: readToken('--base-rss'), rssFill: 'transparent' };
  drawDifference(context, layout, timeline, base, {
    more: readToken('--grown-soft'),
    less: readToken('--shrunk-soft'),
  });
  drawHeap(context, layout, base, ofBase, { filled: false });
  drawHeap(context, layout, timeline, colours, { filled: false });
  if (frame.state.timeline.showRss) {
    drawRss(context, layout, base, ofBase);
    drawRss(context, layout, timeline, { ...colours, rssFill: 'transparent' });
  }
  const mark = { surface: colours.surface, text: colours.text };
  const flag = (title: string, { head }: TimelineAnswer, line: string, row: number): void => {
    if (head.peakTimeMs === null) return;
    drawMark(context, layout, head.peakTimeMs, `${title} ${formatBytes(head.peakBytes)}`, { ...mark, line }, row);
  };
  flag('base: peak heap', base, ofBase.heap, 1);
  flag('head: peak heap', timeline, colours.heap, 0);
}

function readColours(): TimelineColours {
  return {
    surface: readToken('--surface'),
    text: readToken('--text'),
    muted: readToken('--text-muted'),
    grid: readToken('--grid'),
    heap: readToken('--heap'),
    heapFill: readToken('--heap-fill'),
    rss: readToken('--rss'),
    rssFill: readToken('--rss-fill'),
  };
}

export function chartSentence({ timeline: { head }, base }: ShownTimeline): string {
  if (base !== null) {
    const side = ({ startMs, endMs, peakBytes }: typeof head): string =>
      `at most ${formatBytes(peakBytes)} over ${formatDuration(endMs - startMs)}`;
    return `Heaps of both sides since their start: base ${side(base.head)}, head ${side(head)}.`;
  }
  const rss = head.rssPeakBytes === null ? 'RSS is not known' : `RSS at most ${formatBytes(head.rssPeakBytes)}`;
  return `Heap and RSS over ${formatDuration(head.endMs - head.startMs)}: heap at most ${formatBytes(head.peakBytes)}, ${rss}.`;
}
