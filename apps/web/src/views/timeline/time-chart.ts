/**
 * The chart of the timeline: a canvas for what was recorded, a second one above it for the window, the pointer and the
 * keyboard's cursor, which change with every move and must not draw the first one again.
 */
import { readToken } from '../../controls/theme.js';
import { prepareCanvas } from '../../dom/canvas.js';
import { element, styled } from '../../dom/element.js';
import { Tooltip } from '../../dom/floating.js';
import type { TimeLayout } from '../../drawing/time-layout.js';
import { rowAt, startOfRow, tickAt, tickOfRow } from '../../drawing/tick-times.js';
import { spanOfWindow, windowOfTicks, windowOfTimes } from '../../drawing/window-text.js';
import { canSetAnswer } from '../../state/can-answer.js';
import { withQuery, withTimeline } from '../../state/change.js';
import type { PageState } from '../../state/page-state.js';
import type { Page } from '../view.js';
import { readoutElement, readoutSentence } from './readout.js';
import { brush } from './time-brush.js';
import type { ShownTimeline } from './shown-timeline.js';
import { chartLayout, chartSentence, drawChart } from './draw-chart.js';

/** Pixels: above the chart until it stands, for the legend below it, and what is more than enough. */
const TOP = 200;
const BELOW = 110;
const MOST_HEIGHT = 1000;

export class TimeChart {
  readonly #page: Page;
  readonly #shown: () => ShownTimeline | null;
  readonly #ground = element('canvas', { role: 'img', 'aria-label': 'Heap and RSS over time' });
  readonly #over = element('canvas', { 'aria-hidden': 'true' });
  readonly #tooltip = new Tooltip();
  readonly root: HTMLElement;
  #layout: TimeLayout | null = null;
  /** Row under the pointer or the keyboard's cursor. */
  #cursor: number | null = null;
  #preview: readonly [number, number, 'select' | 'zoom'] | null = null;
  #panStart: { readonly from: number; readonly to: number } | null = null;

  constructor(page: Page, shown: () => ShownTimeline | null) {
    this.#page = page;
    this.#shown = shown;
    this.root = element(
      'div',
      {
        class: 'time-chart',
        tabindex: 0,
        role: 'group',
        'aria-label':
          'Timeline. Left and right arrows move over time, with Shift they select a window, plus and minus zoom.',
      },
      this.#ground,
      this.#over,
    );
    this.#listen();
  }

  layout(): TimeLayout | null {
    return this.#layout;
  }

  canvas(): HTMLCanvasElement {
    return this.#ground;
  }

  draw(): void {
    const shown = this.#shown();
    if (shown === null) return;
    const { width } = shown.frame;
    const height = this.#heightOf();
    styled(this.root, { height: `${height}px` });
    const context = prepareCanvas(this.#ground, width, height);
    if (context === null) return;
    this.#layout = chartLayout(shown, width, height);
    drawChart(context, shown, this.#layout);
    this.#ground.setAttribute('aria-label', chartSentence(shown));
    this.#drawOver();
  }

  /** What the window has below the tools, but for the legend. */
  #heightOf(): number {
    const top = this.root.isConnected ? this.root.getBoundingClientRect().top + scrollY : TOP;
    return Math.round(Math.max(260, Math.min(MOST_HEIGHT, innerHeight - top - BELOW)));
  }

  onKey(event: KeyboardEvent): boolean {
    const shown = this.#shown();
    if (shown === null) return false;
    const { timeline, frame } = shown;
    const last = timeline.length - 1;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const step = event.key === 'ArrowLeft' ? -1 : 1;
      const from = this.#cursor ?? (step < 0 ? last + 1 : -1);
      const to = Math.max(0, Math.min(last, from + step));
      if (to === this.#cursor && !event.shiftKey) return false;
      if (event.shiftKey) this.#extendWindow(tickOfRow(timeline, to));
      this.#moveCursor(to);
      this.#page.announce(readoutSentence(shown, to));
      return true;
    }
    if (event.key === '+' || event.key === '=' || event.key === '-') {
      const { left, right } = this.#layout!.plot;
      this.#zoomAround(
        this.#cursor === null ? (left + right) / 2 : this.#xOfRow(this.#cursor),
        event.key === '-' ? 1.6 : 1 / 1.6,
      );
      return true;
    }
    if (event.key === 'Enter' && this.#cursor !== null) {
      const tick = tickOfRow(timeline, this.#cursor);
      this.#setWindow(() => this.#windowOf(tick, tick));
      return true;
    }
    if (event.key === '0' && frame.state.timeline.visible !== null) {
      this.#change((state) => withTimeline(state, { visible: null }));
      return true;
    }
    return false;
  }

  #listen(): void {
    brush(this.#over, {
      selection: () => this.#windowPixels(),
      axisTop: () => this.#layout?.plot.bottom ?? Infinity,
      onPreview: (left, right, purpose) => {
        this.#preview = [left, right, purpose];
        this.#drawOver();
      },
      onSelect: (left, right) => {
        this.#preview = null;
        const [from, to] = this.#ticksOf(left, right);
        this.#setWindow(() => this.#windowOf(from, to));
        this.#drawOver();
      },
      onZoom: (left, right) => {
        this.#preview = null;
        const [from, to] = this.#ticksOf(left, right);
        this.#change((state) => withTimeline(state, { visible: { from, to } }));
      },
      onPan: (pixels, isDone) => this.#pan(pixels, isDone),
      onWheel: (x, factor) => this.#zoomAround(x, factor),
      onHover: (x, y) => this.#hover(x, y),
      onReset: () =>
        this.#change((state) =>
          state.timeline.visible === null ? withQuery(state, { window: null }) : withTimeline(state, { visible: null }),
        ),
    });
    this.root.addEventListener('blur', () => this.#moveCursor(null));
  }

  #change(next: (state: PageState) => PageState, how: 'push' | 'replace' = 'push'): void {
    this.#page.change(next, how);
  }

  #hover(x: number | null, y: number): void {
    const [shown, layout] = [this.#shown(), this.#layout];
    if (x === null || shown === null || layout === null || y > layout.plot.bottom) {
      this.#moveCursor(null);
      return;
    }
    const row = rowAt(shown.timeline, layout.x.invert(Math.max(layout.plot.left, Math.min(layout.plot.right, x))));
    this.#moveCursor(row);
  }

  #moveCursor(row: number | null): void {
    this.#cursor = row;
    this.#drawOver();
    const shown = this.#shown();
    if (row === null || shown === null || row >= shown.timeline.length) {
      this.#tooltip.hide();
      return;
    }
    const box = this.#over.getBoundingClientRect();
    this.#tooltip.show(box.left + this.#xOfRow(row), box.top + 30, readoutElement(shown, row));
  }

  #xOfRow(row: number): number {
    const { timeline } = this.#shown()!;
    return this.#layout!.x((startOfRow(timeline, row) + timeline.column.timeMs![row]!) / 2);
  }

  #windowPixels(): readonly [number, number] | null {
    const [shown, layout] = [this.#shown(), this.#layout];
    const text = shown?.frame.state.query.window ?? null;
    if (shown === null || layout === null || text === null) return null;
    const span = spanOfWindow(text, shown.timeline.head.fromTick === 0 ? shown.whole : preferVisible(text, shown));
    return span === null ? null : [layout.x(span.fromMs), layout.x(span.toMs)];
  }

  #ticksOf(left: number, right: number): readonly [number, number] {
    const { timeline } = this.#shown()!;
    const { x, plot } = this.#layout!;
    const clamp = (at: number): number => Math.max(plot.left, Math.min(plot.right, at));
    const from = tickAt(timeline, x.invert(clamp(left)));
    return [from, Math.max(from, tickAt(timeline, x.invert(clamp(right))))];
  }

  #extendWindow(tick: number): void {
    const { whole } = this.#shown()!;
    this.#setWindow((before) => {
      const span = before === null ? null : spanOfWindow(before, whole);
      const [from, to] = span === null ? [tick, tick] : [tickAt(whole, span.fromMs + 1e-3), tickAt(whole, span.toMs)];
      return tick < from ? this.#windowOf(tick, to) : this.#windowOf(from, tick);
    }, 'replace');
  }

  /** Nothing where the capture cannot answer for a window. */
  #setWindow(next: (before: string | null) => string, how: 'push' | 'replace' = 'push'): void {
    if (!canSetAnswer(this.#shown()!.frame.set, 'lifetimes')) return;
    this.#change((state) => withQuery(state, { window: next(state.query.window) }), how);
  }

  /** Ticks, but with a base times since the start, as its ticks are others. */
  #windowOf(from: number, to: number): string {
    const { whole, frame } = this.#shown()!;
    return frame.set.base.length === 0 ? windowOfTicks(from, to) : windowOfTimes(from, to, whole);
  }

  #visibleTicks(): { readonly from: number; readonly to: number } {
    const { whole, frame } = this.#shown()!;
    return frame.state.timeline.visible ?? { from: 0, to: whole.head.toTick };
  }

  #zoomAround(x: number, factor: number): void {
    const { whole } = this.#shown()!;
    const { plot } = this.#layout!;
    const { from, to } = this.#visibleTicks();
    const share = Math.max(0, Math.min(1, (x - plot.left) / (plot.right - plot.left)));
    const length = Math.max(4, Math.round((to - from) * factor));
    if (length >= whole.head.toTick) this.#change((state) => withTimeline(state, { visible: null }), 'replace');
    else {
      const middle = from + share * (to - from);
      this.#showTicks(Math.round(middle - share * length), length);
    }
  }

  #pan(pixels: number, isDone: boolean): void {
    this.#panStart ??= this.#visibleTicks();
    const { from, to } = this.#panStart;
    const { plot } = this.#layout!;
    this.#showTicks(from + Math.round((pixels / (plot.right - plot.left)) * (to - from)), to - from);
    if (isDone) this.#panStart = null;
  }

  #showTicks(from: number, length: number): void {
    const { toTick } = this.#shown()!.whole.head;
    const first = Math.max(0, Math.min(toTick - length, from));
    const visible = first === 0 && length >= toTick ? null : { from: first, to: Math.min(toTick, first + length) };
    this.#change((state) => withTimeline(state, { visible }), 'replace');
  }

  #drawOver(): void {
    const [shown, layout] = [this.#shown(), this.#layout];
    if (shown === null || layout === null) return;
    const context = prepareCanvas(this.#over, layout.width, layout.height);
    if (context === null) return;
    const plot = { ...layout.plot, top: (layout.rss ?? layout).plot.top };
    const span = this.#preview ?? this.#windowPixels();
    if (span !== null) {
      const left = Math.max(plot.left, Math.min(plot.right, span[0]));
      const right = Math.max(left + 1, Math.min(plot.right, span[1]));
      context.fillStyle = readToken('--veil');
      context.fillRect(plot.left, plot.top, left - plot.left, plot.bottom - plot.top);
      context.fillRect(right, plot.top, plot.right - right, plot.bottom - plot.top);
      context.strokeStyle = readToken('--accent');
      context.lineWidth = 2;
      context.strokeRect(left, plot.top, right - left, plot.bottom - plot.top);
    }
    if (this.#cursor === null || this.#cursor >= shown.timeline.length) return;
    const at = Math.round(this.#xOfRow(this.#cursor)) + 0.5;
    context.strokeStyle = readToken('--text');
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(at, plot.top);
    context.lineTo(at, plot.bottom);
    context.stroke();
  }
}

/** Ticks of the visible part are known better than those of the whole. */
function preferVisible(text: string, { timeline, whole }: ShownTimeline): ShownTimeline['whole'] {
  const ticks = [...text.matchAll(/#(\d+)/g)].map((match) => Number(match[1]));
  const { fromTick, toTick } = timeline.head;
  return ticks.length > 0 && ticks.every((tick) => tick > fromTick && tick <= toTick) ? timeline : whole;
}
