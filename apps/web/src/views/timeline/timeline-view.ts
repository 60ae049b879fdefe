/**
 * The timeline: heap and RSS over time, what the heap was made of in stacked bands, the peaks, and the window that all
 * other views follow. The chart's rows are as many as it has pixels; zooming asks for the visible ticks anew.
 */
import { formatBytes, formatDuration } from '@memscope/model';

import type { Answer } from '../../api/answers.js';
import { askBands, askBaseTimeline, askTimeline, type BandsAnswer, type TimelineAnswer } from '../../api/question.js';
import { element, icon } from '../../dom/element.js';
import { segmented } from '../../dom/segmented.js';
import { isChosen } from '../../controls/choice-legend.js';
import { currentTheme } from '../../controls/theme.js';
import { bandColours } from '../../drawing/owner-colour.js';
import { shiftTimeline } from '../../drawing/shift-timeline.js';
import { stackBands } from '../../drawing/stack-bands.js';
import { mostOf } from '../../drawing/time-layout.js';
import { windowOfTicks } from '../../drawing/window-text.js';
import { canSetAnswer, WITHOUT_TIMES } from '../../state/can-answer.js';
import { withQuery, withTimeline } from '../../state/change.js';
import { ALL_SHOWN, type BandsBy, type PageState, type RssChoice } from '../../state/page-state.js';
import { errorNotice, markBusy, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { mostOfPart } from './draw-chart.js';
import { saveTimeline } from './save-timeline.js';
import type { ShownTimeline } from './shown-timeline.js';
import { TimeChart } from './time-chart.js';
import { keyOfBand, timelineLegend } from './timeline-legend.js';

const TOP_BANDS = 6;
const SELECT_HINT = 'Drag to select a window: every other view then shows that window.';
const ZOOM_HINT = 'Wheel or Shift-drag zooms, dragging the time axis pans, a double click or Esc goes back.';

const BANDS_BY = [
  ['library', 'Library', 'Whose memory it is'],
  ['category', 'Category', 'What kind of library it belongs to'],
  ['owner', 'Function', 'The innermost function of Python, which asked for it'],
  ['application', 'Line', 'The line of the application that leads to it'],
  ['module', 'Module', 'Of the innermost frame'],
  ['thread', 'Thread'],
  ['allocator', 'Allocator'],
  ['run', 'Run'],
] as const satisfies readonly (readonly [BandsBy, string, string?])[];

export class TimelineView implements View {
  readonly #page: Page;
  readonly #by;
  readonly #byTitle = element('span', { class: 'tool-title' }, 'Live bytes by');
  readonly #chart: TimeChart;
  readonly #stage = element('div', { class: 'timeline-stage' });
  readonly #legend = element('ul', { class: 'legend band-legend', 'aria-label': 'Bands' });
  readonly #trouble = element('div', { class: 'bands-trouble' });
  readonly #jumps = element('div', { class: 'jumps' });
  readonly #rss;
  readonly #hint = element('p', { class: 'fine-print screen-only' });
  readonly #scaleNote = element('p', { class: 'fine-print', hidden: true });
  readonly root: HTMLElement;
  #shown: ShownTimeline | null = null;

  constructor(page: Page) {
    this.#page = page;
    this.#by = segmented<BandsBy>('Bands by', BANDS_BY, (by) =>
      page.change((state) => withTimeline(state, { by, legend: ALL_SHOWN })),
    );
    this.#rss = segmented<RssChoice>(
      'RSS',
      [
        ['apart', 'Apart', 'RSS by itself above the heap, each on its own scale'],
        ['together', 'One scale', 'RSS and heap on one scale'],
        ['off', 'Off', 'The heap alone'],
      ],
      (rss) => page.change((state) => withTimeline(state, { rss })),
    );
    this.#chart = new TimeChart(page, () => this.#shown);
    this.root = element(
      'section',
      { class: 'view timeline', 'aria-label': 'Timeline' },
      element('h1', { class: 'visually-hidden' }, 'Timeline'),
      element(
        'div',
        { class: 'tool-row' },
        this.#byTitle,
        this.#by.root,
        element('span', { class: 'tool-title' }, 'RSS'),
        this.#rss.root,
        element('span', { class: 'spacer' }),
        this.#jumps,
      ),
      this.#stage,
      this.#trouble,
      this.#legend,
      this.#scaleNote,
      this.#hint,
    );
  }

  questions(frame: Omit<Frame, 'read'>): ReturnType<View['questions']> {
    const own = [this.#askWhole(frame), this.#askVisible(frame)];
    if (frame.set.base.length > 0) return [...own, askBaseTimeline(frame.set, frame.width)];
    return canSetAnswer(frame.set, 'lifetimes') ? [...own, this.#askBands(frame)] : own;
  }

  draw(frame: Frame): void {
    const { state } = frame;
    const hasTimes = canSetAnswer(frame.set, 'lifetimes');
    this.#by.draw(state.timeline.by, {
      ...(frame.set.head.length > 1 ? {} : { run: 'One run is shown' }),
      ...(hasTimes ? {} : Object.fromEntries(BANDS_BY.map(([by]) => [by, WITHOUT_TIMES]))),
    });
    this.#hint.textContent = `${hasTimes ? SELECT_HINT : `${WITHOUT_TIMES}: of the heap only its height is known.`} ${ZOOM_HINT}`;
    this.#rss.draw(state.timeline.rss);
    const whole = frame.read(this.#askWhole(frame));
    const timeline = frame.read(this.#askVisible(frame));
    const isCompared = frame.set.base.length > 0;
    const bands = isCompared || !hasTimes ? null : frame.read(this.#askBands(frame));
    const base = isCompared ? frame.read(askBaseTimeline(frame.set, frame.width)) : null;
    const isBusy = [timeline, bands, base].some((each) => each?.state === 'loading');
    for (const part of [this.#byTitle, this.#by.root]) part.hidden = isCompared;
    const wholeValue = whole.state === 'ready' ? whole.value : whole.state === 'loading' ? whole.stale : null;
    const value =
      timeline.state === 'failed' ? null : timeline.state === 'ready' ? timeline.value : (timeline.stale ?? wholeValue);
    markBusy(this.root, isBusy);
    const failed = [bands, base].find((each) => each?.state === 'failed');
    this.#trouble.replaceChildren(
      ...(failed?.state === 'failed' && value !== null ? [errorNotice(failed.error, this.#page)] : []),
    );
    if (value === null || wholeValue === null || value.length === 0) {
      this.#shown = null;
      this.#legend.replaceChildren();
      valueOrNotice(this.#stage, timeline.state === 'failed' ? timeline : whole, this.#page);
      return;
    }
    const answer = shownOf(bands);
    const baseValue = shownOf(base);
    const by = answer?.head.by ?? state.timeline.by;
    this.#shown = {
      whole: wholeValue,
      timeline: value,
      bands: answer === null ? null : shownBands(answer, state, by),
      base: baseValue === null ? null : shiftTimeline(baseValue, wholeValue.head.startMs),
      frame,
    };
    if (this.#chart.root.parentNode !== this.#stage) this.#stage.replaceChildren(this.#chart.root);
    this.#chart.draw();
    this.#drawJumps(value, state);
    this.#legend.replaceChildren(...timelineLegend(this.#shown, this.#page));
    this.#sayScale(value);
  }

  onKey(event: KeyboardEvent): boolean {
    return this.#chart.onKey(event);
  }

  savable(): Savable {
    return this.#shown === null ? { name: 'timeline' } : saveTimeline(this.#shown, this.#chart, this.#legend);
  }

  #askWhole({ set, width }: Pick<Frame, 'set' | 'width'>): ReturnType<typeof askTimeline> {
    return askTimeline('whole', set, null, width);
  }

  #askVisible({ state, set, width }: Omit<Frame, 'read'>): ReturnType<typeof askTimeline> {
    const { visible: range } = state.timeline;
    return range === null ? this.#askWhole({ set, width }) : askTimeline('visible', set, withLead(range), width);
  }

  #askBands({ state, set, width }: Omit<Frame, 'read'>): ReturnType<typeof askBands> {
    const { by, visible: range } = state.timeline;
    // Bands show what lived when, so the window that other views follow does not cut them.
    const query = { ...state.query, window: null };
    const lead = range === null ? null : withLead(range);
    return askBands(set, query, { by, top: TOP_BANDS, visible: lead, width });
  }

  /** With a base each side goes to its own peak. */
  #drawJumps({ head }: TimelineAnswer, state: PageState): void {
    const { set } = this.#shown!.frame;
    const isCompared = set.base.length > 0;
    if (!canSetAnswer(set, 'lifetimes')) {
      this.#jumps.replaceChildren();
      return;
    }
    const jump = (
      title: string,
      place: 'peak' | 'rss-peak',
      tick: number | null,
      ms: number | null,
      bytes: number | null,
    ): HTMLElement | null => {
      const window = tick === null || isCompared ? place : windowOfTicks(tick, tick);
      return tick === null || bytes === null
        ? null
        : element(
            'button',
            {
              type: 'button',
              class: 'button',
              'aria-pressed': String(state.query.window === window),
              title: isCompared
                ? 'Each side at its own'
                : ms === null
                  ? 'Select the tick of it'
                  : `${formatDuration(ms - head.startMs)} after the start: select its tick`,
              onclick: () => this.#page.change((each) => withQuery(each, { window })),
            },
            icon('M8 1v3M8 12v3M1 8h3M12 8h3M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6'),
            element(
              'span',
              {},
              element('span', { class: 'wide-only' }, 'Jump to '),
              isCompared ? title : `${title} ${formatBytes(bytes)}`,
            ),
          );
    };
    const jumps = [
      jump('peak heap', 'peak', head.peakTick, head.peakTimeMs, head.peakBytes),
      jump('peak RSS', 'rss-peak', head.rssPeakTick, head.rssPeakTimeMs, head.rssPeakBytes),
    ];
    this.#jumps.replaceChildren(...jumps.filter((each) => each !== null));
  }

  /** A small part is drawn larger than all of the heap would let it be. */
  #sayScale({ column }: TimelineAnswer): void {
    const { bands } = this.#shown!;
    const most = mostOf(column.heapMost);
    const part = mostOfPart(bands, most);
    this.#scaleNote.hidden = part === null;
    this.#scaleNote.textContent =
      part === null
        ? ''
        : `The scale is that of what is shown, at most ${formatBytes(part)}; all of the heap reaches ${formatBytes(most)}.`;
  }
}

function shownBands(answer: BandsAnswer, { query, timeline }: PageState, by: BandsBy): ShownTimeline['bands'] {
  const isShown = answer.head.bands.map((band) => isChosen(timeline.legend, keyOfBand(band)));
  const colours = bandColours(answer.head.bands, currentTheme().palette, by === 'category');
  return {
    answer,
    stacked: stackBands(answer, isShown),
    colours: colours.filter((_, index) => isShown[index]),
    isPart: query.filter !== null || isShown.includes(false),
    by,
  };
}

/** What can be drawn of an answer, which may be an old one. */
function shownOf<Value>(answer: Answer<Value> | null): Value | null {
  return answer?.state === 'ready' ? answer.value : answer?.state === 'loading' ? answer.stale : null;
}

/** With the tick before, at whose end the first visible one begins. */
function withLead({ from, to }: { readonly from: number; readonly to: number }): {
  readonly from: number;
  readonly to: number;
} {
  return { from: Math.max(0, from - 1), to };
}
