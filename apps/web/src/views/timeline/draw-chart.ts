/** The timeline's answers → the chart's layout and its drawing: all but the window and the pointer. */
import { formatBytes, formatDuration } from '@memscope/model';

import { readToken } from '../../controls/theme.js';
import type { TimelineAnswer } from '../../api/question.js';
import {
  drawAxes,
  drawBands,
  drawDifference,
  drawHeap,
  drawLaneTitles,
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
  const { rss } = frame.state.timeline;
  const mostRss = mostOf(rssMost, base?.column.rssMost);
  const mostHeap = mostOf(heapMost, base?.column.heapMost);
  const most = Math.max(rss === 'together' ? mostRss : 0, mostOfPart(bands, mostHeap) ?? mostHeap);
  const plot = { left: width < 500 ? 56 : 72, top: 8, right: width - 12, bottom: height - 28 };
  if (rss !== 'apart' || mostRss === 0) return layoutTime({ width, height }, plot, span, most);
  const end = plot.top + Math.round(LANE_SHARE * (plot.bottom - plot.top));
  return {
    ...layoutTime({ width, height }, { ...plot, top: end + LANE_GAP }, span, most),
    rss: layoutTime({ width, height }, { ...plot, bottom: end }, span, mostRss),
  };

  function exact(tick: number): ShownTimeline['whole'] {
    return tick >= timeline.head.fromTick && tick <= timeline.head.toTick ? timeline : whole;
  }
}

/** Of the height, for RSS by itself; and pixels between it and the heap. */
const LANE_SHARE = 0.24;
const LANE_GAP = 12;
/** A part of less than this share of the heap has a scale of its own: nothing would be seen of it. */
const LEAST_PART = 1 / 6;

/** The most of the bands where they are but a small part of the heap; null otherwise. */
export function mostOfPart(bands: ShownTimeline['bands'], mostHeap: number): number | null {
  if (bands === null || !bands.isPart) return null;
  const most = mostOf(bands.stacked.at(-1)?.top);
  return most > 0 && most < LEAST_PART * mostHeap ? most : null;
}

/** Everything but the window and the pointer. */
export function drawChart(context: CanvasRenderingContext2D, shown: ShownTimeline, layout: TimeLayout): void {
  const { timeline, bands, base } = shown;
  const { head } = timeline;
  const colours = readColours();
  drawAxes(context, layout, head.startMs, colours);
  if (base !== null) {
    drawCompared(context, shown, base, layout, colours);
    drawLaneTitles(context, layout, colours);
    return;
  }
  // Of a part all of the heap shows as a ghost behind it.
  const whole = { ...colours, heap: colours.ghost, heapFill: colours.ghostFill };
  if (bands?.isPart === true) drawHeap(context, layout, timeline, whole, { filled: true });
  if (bands !== null) {
    drawBands(context, layout, bands.answer, bands.stacked, {
      startMs:
        timeline.head.fromTick === 0 ? startOfRow(timeline, 0) : (bands.answer.column['timeMs']?.[0] ?? head.startMs),
      colourOf: (index) => bands.colours[index]!,
      surface: colours.surface,
    });
  }
  if (bands?.isPart !== true) drawHeap(context, layout, timeline, colours, { filled: bands === null });
  const showsRss = shown.frame.state.timeline.rss !== 'off';
  const rssLayout = layout.rss ?? layout;
  if (showsRss) drawRss(context, rssLayout, timeline, colours);
  drawLaneTitles(context, layout, colours);
  const mark = { surface: colours.surface, text: colours.text };
  if (showsRss && head.rssPeakTimeMs !== null && head.rssPeakBytes !== null) {
    drawMark(
      context,
      rssLayout,
      head.rssPeakTimeMs,
      `peak RSS ${formatBytes(head.rssPeakBytes)}`,
      { ...mark, line: colours.rss },
      layout.rss === undefined ? 1 : 0,
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
  if (frame.state.timeline.rss !== 'off') {
    drawRss(context, layout.rss ?? layout, base, ofBase);
    drawRss(context, layout.rss ?? layout, timeline, { ...colours, rssFill: 'transparent' });
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
    ghost: readToken('--ghost'),
    ghostFill: readToken('--ghost-fill'),
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
