/**
 * A timeline on a canvas. A row of the answer holds what its ticks had at least and at most, so each row is drawn as
 * wide as its time: a spike of one tick stays as high as it was at any zoom.
 */
import { formatBytes } from '@memscope/model';

import type { BandsAnswer, TimelineAnswer } from '../api/question.js';
import { byteTicks, formatAxisTime, timeTicks } from './axis-ticks.js';
import type { StackedBand } from './stack-bands.js';
import { rowAt, startOfRow } from './tick-times.js';
import type { TimeLayout } from './time-layout.js';

export interface TimelineColours {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly heap: string;
  readonly heapFill: string;
  readonly rss: string;
  readonly rssFill: string;
  /** Of all of the heap, behind a part of it. */
  readonly ghost: string;
  readonly ghostFill: string;
}

type Context = CanvasRenderingContext2D;

export function drawAxes(context: Context, layout: TimeLayout, startMs: number, colours: TimelineColours): void {
  const { plot, x, y } = layout;
  const [fromMs, toMs] = x.domain() as [number, number];
  context.font = '11px system-ui, sans-serif';
  context.lineWidth = 1;
  context.strokeStyle = colours.grid;
  context.fillStyle = colours.muted;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  // As close to each other as they can be read.
  for (const bytes of byteTicks(y.domain()[1]!, Math.max(2, Math.min(10, Math.floor((plot.bottom - plot.top) / 40))))) {
    const at = Math.round(y(bytes)) + 0.5;
    line(context, plot.left, at, plot.right, at);
    context.fillText(bytes === 0 ? '0' : formatBytes(bytes), plot.left - 8, at);
  }
  if (layout.rss !== undefined) drawLane(context, layout.rss);
  context.textBaseline = 'top';
  const ticks = timeTicks(fromMs - startMs, toMs - startMs, Math.max(2, Math.floor((plot.right - plot.left) / 90)));
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : toMs - fromMs;
  for (const ms of ticks) {
    const at = Math.round(x(ms + startMs)) + 0.5;
    line(context, at, plot.bottom, at, plot.bottom + 4);
    context.textAlign = at > plot.right - 30 ? 'right' : at < plot.left + 20 ? 'left' : 'center';
    context.fillText(formatAxisTime(ms, step), at, plot.bottom + 8);
  }
}

/** The axis of RSS by itself. */
function drawLane(context: Context, { plot, y }: TimeLayout): void {
  for (const bytes of byteTicks(y.domain()[1]!, 2)) {
    const at = Math.round(y(bytes)) + 0.5;
    line(context, plot.left, at, plot.right, at);
    context.fillText(bytes === 0 ? '0' : formatBytes(bytes), plot.left - 8, at);
  }
}

/** Which lane is which, where RSS has one of its own. */
export function drawLaneTitles(context: Context, { plot, rss }: TimeLayout, colours: TimelineColours): void {
  if (rss === undefined) return;
  context.font = '600 11px system-ui, sans-serif';
  context.fillStyle = colours.text;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText('RSS', plot.left + 6, rss.plot.top + 4);
  context.fillText('Heap', plot.left + 6, plot.top + 4);
}

/** From the top band down, so that each is as one piece, with a thin line of the surface between them. */
export function drawBands(
  context: Context,
  layout: TimeLayout,
  answer: BandsAnswer,
  bands: readonly StackedBand[],
  look: { readonly startMs: number; readonly colourOf: (index: number) => string; readonly surface: string },
): void {
  const times = answer.column['timeMs'];
  if (times === undefined || answer.length === 0) return;
  const { plot, x, y } = layout;
  withClip(context, layout, () => {
    for (const [index, band] of [...bands.entries()].toReversed()) {
      context.beginPath();
      context.moveTo(x(look.startMs), plot.bottom);
      let left = x(look.startMs);
      for (let row = 0; row < answer.length; row++) {
        const right = x(times[row]!);
        const height = y(band.top[row]!);
        context.lineTo(left, height);
        context.lineTo(right, height);
        left = right;
      }
      context.lineTo(left, plot.bottom);
      context.closePath();
      context.fillStyle = look.colourOf(index);
      context.fill();
      context.strokeStyle = look.surface;
      context.lineWidth = 0.75;
      context.stroke();
    }
  });
}

/** The greatest heap of each row as an outline, filled below unless bands are; rows that fell lower get a fainter foot. */
export function drawHeap(
  context: Context,
  layout: TimeLayout,
  answer: TimelineAnswer,
  colours: TimelineColours,
  options: { readonly filled: boolean },
): void {
  const { timeMs, heapMost, heapLeast } = answer.column;
  if (timeMs === undefined || heapMost === undefined || answer.length === 0) return;
  withClip(context, layout, () => {
    if (options.filled) {
      fillSteps(context, layout, answer, heapMost, colours.heapFill);
      if (heapLeast !== undefined) fillSteps(context, layout, answer, heapLeast, colours.heapFill);
    }
    context.beginPath();
    const { x, y } = layout;
    context.moveTo(x(startOfRow(answer, 0)), y(heapMost[0]!));
    for (let row = 0; row < answer.length; row++) {
      const height = y(heapMost[row]!);
      context.lineTo(x(startOfRow(answer, row)), height);
      context.lineTo(x(timeMs[row]!), height);
    }
    context.strokeStyle = colours.heap;
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    context.stroke();
  });
}

/** Between the heaps of two sides, where both were recorded: by the side that holds more. */
export function drawDifference(
  context: Context,
  layout: TimeLayout,
  head: TimelineAnswer,
  base: TimelineAnswer,
  colours: { readonly more: string; readonly less: string },
): void {
  const [now, before] = [head.column.heapMost, base.column.heapMost];
  if (now === undefined || before === undefined || head.length === 0 || base.length === 0) return;
  const { plot, x, y } = layout;
  const last = Math.min(head.column.timeMs!.at(-1)!, base.column.timeMs!.at(-1)!);
  withClip(context, layout, () => {
    for (let left = Math.floor(plot.left); left < Math.min(plot.right, x(last)); left++) {
      const ms = x.invert(left + 0.5);
      const [one, other] = [now[rowAt(head, ms)]!, before[rowAt(base, ms)]!];
      context.fillStyle = one > other ? colours.more : colours.less;
      context.fillRect(left, y(Math.max(one, other)), 1, y(Math.min(one, other)) - y(Math.max(one, other)));
    }
  });
}

/** RSS is a sample at the end of each tick: a line between samples, and what a row holds as a band around it. */
export function drawRss(context: Context, layout: TimeLayout, answer: TimelineAnswer, colours: TimelineColours): void {
  const { timeMs, rssLeast, rssMost } = answer.column;
  if (timeMs === undefined || rssMost === undefined || rssLeast === undefined) return;
  const { x, y } = layout;
  withClip(context, layout, () => {
    context.fillStyle = colours.rssFill;
    context.strokeStyle = colours.rss;
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    context.setLineDash([5, 3]);
    context.beginPath();
    let isOpen = false;
    for (let row = 0; row < answer.length; row++) {
      const [least, most] = [rssLeast[row]!, rssMost[row]!];
      if (Number.isNaN(most)) {
        isOpen = false;
        continue;
      }
      if (isOpen) context.lineTo(x(timeMs[row]!), y(most));
      else context.moveTo(x(timeMs[row]!), y(most));
      isOpen = true;
      if (least < most) {
        const left = x(startOfRow(answer, row));
        context.fillRect(left, y(most), Math.max(1, x(timeMs[row]!) - left), y(least) - y(most));
      }
    }
    context.stroke();
    context.setLineDash([]);
  });
}

/** A thin line at a time with a flag that says what was there. */
export function drawMark(
  context: Context,
  layout: TimeLayout,
  ms: number,
  title: string,
  colours: { readonly line: string; readonly surface: string; readonly text: string },
  row: number,
): void {
  const { plot, x } = layout;
  const at = Math.round(x(ms)) + 0.5;
  if (at < plot.left - 1 || at > plot.right + 1) return;
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  line(context, at, plot.top, at, plot.bottom);
  context.setLineDash([]);
  context.font = '600 11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  const width = context.measureText(title).width + 12;
  const left = Math.max(plot.left, Math.min(plot.right - width, at - width / 2));
  const top = plot.top + 4 + row * 20;
  context.fillStyle = colours.surface;
  context.beginPath();
  context.roundRect(left, top, width, 17, 4);
  context.fill();
  context.strokeStyle = colours.line;
  context.stroke();
  context.fillStyle = colours.text;
  context.textAlign = 'left';
  context.fillText(title, left + 6, top + 9);
}

function fillSteps(
  context: Context,
  { x, y, plot }: TimeLayout,
  answer: TimelineAnswer,
  column: Float64Array,
  colour: string,
): void {
  const times = answer.column.timeMs!;
  context.beginPath();
  context.moveTo(x(startOfRow(answer, 0)), plot.bottom);
  for (let row = 0; row < answer.length; row++) {
    const height = y(column[row] || 0);
    context.lineTo(x(startOfRow(answer, row)), height);
    context.lineTo(x(times[row]!), height);
  }
  context.lineTo(x(times[answer.length - 1]!), plot.bottom);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function withClip(context: Context, { plot }: TimeLayout, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top);
  context.clip();
  draw();
  context.restore();
}

function line(context: Context, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
