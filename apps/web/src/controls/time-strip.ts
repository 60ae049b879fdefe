/**
 * A slim timeline above every other view: heap over the whole recording, with the window that is looked at. A drag
 * selects another window, a double click all of it.
 */
import { askBaseTimeline, askTimeline, type Question, type TimelineAnswer } from '../api/question.js';
import { prepareCanvas } from '../dom/canvas.js';
import { element } from '../dom/element.js';
import { drawHeap } from '../drawing/draw-timeline.js';
import { shiftTimeline } from '../drawing/shift-timeline.js';
import { layoutTime, mostOf, type TimeLayout } from '../drawing/time-layout.js';
import { startOfRow, tickAt } from '../drawing/tick-times.js';
import { spanOfWindow, windowOfTicks, windowOfTimes } from '../drawing/window-text.js';
import { canSetAnswer } from '../state/can-answer.js';
import { withQuery } from '../state/change.js';
import { brush } from '../views/timeline/time-brush.js';
import { markBusy } from '../views/notice.js';
import type { Frame, Page } from '../views/view.js';
import { currentTheme, readToken } from './theme.js';

const HEIGHT = 44;

export class TimeStrip {
  readonly #canvas = element('canvas', {
    role: 'img',
    'aria-label': 'Heap over the whole recording; the timeline view has it in full',
  });
  readonly root: HTMLElement = element(
    'section',
    { class: 'time-strip', 'aria-label': 'Window of time' },
    this.#canvas,
  );
  #shown: {
    readonly answer: TimelineAnswer;
    readonly layout: TimeLayout;
    readonly window: string | null;
    /** On the clock of the head; null where it is not there yet, or nothing is compared. */
    readonly base: TimelineAnswer | null;
    readonly isCompared: boolean;
  } | null = null;
  #drawn: unknown[] = [];

  constructor(page: Page) {
    brush(this.#canvas, {
      selection: () => this.#selection(),
      axisTop: () => Infinity,
      onPreview: (left, right) => this.#draw([left, right]),
      onSelect: (left, right) => {
        const window = this.#windowOf(left, right);
        if (window !== null) page.change((state) => withQuery(state, { window }));
      },
      onZoom: () => undefined,
      onPan: () => undefined,
      onHover: () => undefined,
      onReset: () => page.change((state) => withQuery(state, { window: null })),
    });
  }

  questions({ set, width }: Omit<Frame, 'read'>): readonly Question<unknown>[] {
    const whole = askTimeline('whole', set, null, width);
    return set.base.length === 0 ? [whole] : [whole, askBaseTimeline(set, width)];
  }

  draw({ state, set, width, read }: Frame): void {
    const answer = read(askTimeline('whole', set, null, width));
    markBusy(this.root, answer.state === 'loading');
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    if (value === null || value.length === 0) {
      this.root.hidden ||= answer.state !== 'loading';
      return;
    }
    const isCompared = set.base.length > 0;
    const ofBase = isCompared ? read(askBaseTimeline(set, width)) : null;
    const base = ofBase?.state === 'ready' ? shiftTimeline(ofBase.value, value.head.startMs) : null;
    const baseValue = ofBase?.state === 'ready' ? ofBase.value : null;
    const drawn = [value, baseValue, state.query.window, width, currentTheme().scheme];
    if (drawn.every((each, index) => each === this.#drawn[index])) return;
    this.#drawn = drawn;
    const plot = { left: 0, top: 4, right: width, bottom: HEIGHT };
    const span = { fromMs: startOfRow(value, 0), toMs: Math.max(value.head.endMs, base?.head.endMs ?? 0) };
    const most = mostOf(value.column.heapMost, base?.column.heapMost);
    this.root.classList.toggle('is-fixed', !canSetAnswer(set, 'lifetimes'));
    this.#shown = {
      answer: value,
      layout: layoutTime({ width, height: HEIGHT }, plot, span, most),
      window: state.query.window,
      base,
      isCompared,
    };
    this.#draw(this.#selection());
  }

  #draw(selection: readonly [number, number] | null): void {
    if (this.#shown === null) return;
    const { answer, layout, base } = this.#shown;
    const context = prepareCanvas(this.#canvas, layout.width, HEIGHT);
    if (context === null) return;
    const colours = {
      surface: readToken('--surface'),
      text: readToken('--text'),
      muted: readToken('--text-muted'),
      grid: readToken('--grid'),
      // Beside a base as the sides are marked above it.
      heap: readToken(base === null ? '--accent' : '--heap'),
      heapFill: readToken('--strip-fill'),
      rss: readToken('--rss'),
      rssFill: 'transparent',
      ghost: 'transparent',
      ghostFill: 'transparent',
    };
    drawHeap(context, layout, answer, colours, { filled: true });
    if (base !== null) drawHeap(context, layout, base, { ...colours, heap: readToken('--base') }, { filled: false });
    if (selection === null) return;
    const [left, right] = [Math.max(0, selection[0]), Math.min(layout.width, Math.max(selection[1], selection[0] + 2))];
    context.fillStyle = readToken('--veil');
    context.fillRect(0, 0, left, HEIGHT);
    context.fillRect(right, 0, layout.width - right, HEIGHT);
    context.strokeStyle = readToken('--accent');
    context.lineWidth = 2;
    context.strokeRect(left + 1, 1, Math.max(1, right - left - 2), HEIGHT - 2);
  }

  #selection(): readonly [number, number] | null {
    if (this.#shown === null || this.#shown.window === null) return null;
    const { answer, layout, window } = this.#shown;
    const span = spanOfWindow(window, answer);
    return span === null ? null : [layout.x(span.fromMs), layout.x(span.toMs)];
  }

  #windowOf(left: number, right: number): string | null {
    if (this.#shown === null) return null;
    const { answer, layout, isCompared } = this.#shown;
    const tick = (at: number): number => tickAt(answer, layout.x.invert(Math.max(0, Math.min(layout.width, at))));
    const [from, to] = [tick(left), tick(right)];
    return isCompared ? windowOfTimes(from, to, answer) : windowOfTicks(from, to);
  }
}
