/** What every view is asked of: measure, bytes or counts, window, filter, and which frames are shown. */
import { formatDuration, isCounted, type SiteMeasure, type ViewQuery } from '@memscope/model';

import { askTimeline } from '../api/question.js';
import { element, icon } from '../dom/element.js';
import { segmented } from '../dom/segmented.js';
import { visible } from '../dom/visible-text.js';
import { spanOfWindow } from '../drawing/window-text.js';
import { canSetAnswer, WITHOUT_TIMES } from '../state/can-answer.js';
import { withAllFrames, withQuery } from '../state/change.js';
import { partsOfPage, queryOfPage } from '../state/parts-of-page.js';
import { filterTroubleElement, findFilterTrouble } from './filter-trouble.js';
import type { ViewName } from '../state/page-state.js';
import type { Frame, Page } from '../views/view.js';

type Flag = 'splitThreads' | 'mergeRecursion';

const FLAGS: readonly (readonly [Flag, string])[] = [
  ['splitThreads', 'Split threads'],
  ['mergeRecursion', 'Merge recursion'],
];

/** Views that are of one measure, and why the others cannot be chosen there. */
const WITHOUT_MEASURE: Readonly<Partial<Record<ViewName, string>>> = {
  timeline: 'The timeline shows what was live at each time',
  leaks: 'Leaks are what was never freed; of a window what was allocated in it and is live at its end',
};
const BYTES_ONLY: ReadonlySet<ViewName> = new Set(['timeline', 'leaks']);

const CROSS = 'M4 4l8 8M12 4l-8 8';

export class ScopeBar {
  readonly #measure;
  readonly #unit;
  readonly #stacks;
  readonly #stacksTitle = element('span', { class: 'tool-title' }, 'Stacks');
  readonly #frames;
  readonly #framesTitle = element('span', { class: 'tool-title' }, 'Python frames');
  readonly #allFrames: HTMLButtonElement;
  readonly #flags = new Map<Flag, HTMLInputElement>();
  readonly #filter: HTMLInputElement;
  readonly #window: HTMLElement;
  readonly #windowField: HTMLInputElement;
  readonly #clearWindow: HTMLButtonElement;
  readonly #options: HTMLDetailsElement;
  readonly #optionCount = element('span', { class: 'badge' });
  readonly #trouble = element('div', { class: 'filter-trouble', role: 'alert' });
  readonly root: HTMLElement;

  constructor(page: Page) {
    const set = (part: Partial<ViewQuery>): void => page.change((state) => withQuery(state, part));
    this.#measure = segmented<SiteMeasure>(
      'Measure',
      [
        ['peak', 'Peak', 'Live at the greatest heap, of the recording or of the window'],
        ['leaked', 'Live at end', 'Never freed; with a window: allocated in it and live at its end'],
        ['total', 'Total', 'Everything that was ever allocated'],
        ['temporary', 'Temporary', 'Freed again at once'],
        [
          'objects',
          'Objects',
          'Python objects that survive, where the capture tracked them: by the stack that created them',
        ],
      ],
      (measure) => set({ measure }),
    );
    this.#unit = segmented(
      'Weigh by',
      [
        ['bytes', 'Bytes'],
        ['counts', 'Counts', 'Allocations'],
      ],
      (unit) => set({ counts: unit === 'counts' }),
    );
    this.#stacks = segmented<ViewQuery['stacks']>(
      'Stacks',
      [
        ['joined', 'Joined', 'Python stacks with the native frames where they are'],
        ['python', 'Python'],
        ['native', 'Native'],
      ],
      (stacks) => set({ stacks }),
    );
    this.#frames = segmented<ViewQuery['frames']>(
      'Python frames',
      [
        ['program', 'Program', 'Without runners and the import system; an import of a library is one frame'],
        ['imports', 'Imports', 'The same with what libraries run while they are imported'],
        ['all', 'All', 'With runners (memray, runpy, threads, event loops, pytest …) and the import system'],
        ['no-standard-library', 'No standard library', 'Those of the program without the standard library’s'],
      ],
      (frames) => set({ frames }),
    );
    this.#allFrames = element(
      'button',
      {
        type: 'button',
        class: 'button all-frames',
        title: 'Show runners and the import system, which are folded into their callers (r)',
        onclick: () => page.change(withAllFrames),
      },
      'All frames',
    );
    this.#filter = element('input', {
      type: 'search',
      class: 'filter',
      placeholder: 'Filter: module:numpy -test',
      'aria-label': 'Filter of every view, in the filter language',
      'data-filter': true,
      spellcheck: 'false',
      autocomplete: 'off',
      oninput: () => this.#drawTrouble(),
      onchange: () => set({ filter: this.#filter.value.trim() || null }),
    });
    this.#windowField = element('input', {
      type: 'text',
      class: 'window-field',
      placeholder: 'whole recording',
      'aria-label': 'Window of time, such as 10%..50%, 3s..12s or peak',
      spellcheck: 'false',
      autocomplete: 'off',
      onchange: () => set({ window: this.#windowField.value.trim() || null }),
    });
    this.#clearWindow = element(
      'button',
      {
        type: 'button',
        class: 'chip-button',
        'aria-label': 'Show the whole recording',
        onclick: () => set({ window: null }),
      },
      icon(CROSS),
    );
    this.#window = element('span', { class: 'window-span quiet' });
    this.#options = this.#makeOptions(set);
    this.root = element(
      'section',
      { class: 'scope-bar', 'aria-label': 'What is shown' },
      this.#measure.root,
      this.#unit.root,
      element(
        'div',
        { class: 'window-box' },
        icon('M8 2.500a5.500 5.500 0 1 0 0 11a5.500 5.500 0 1 0 0-11M8 5v3.300l2.300 1.400'),
        this.#windowField,
        this.#window,
        this.#clearWindow,
      ),
      this.#filter,
      this.#allFrames,
      this.#options,
      this.#trouble,
    );
  }

  draw(frame: Frame): void {
    const query = queryOfPage(frame.state);
    this.#measure.draw(frame.state.view === 'leaks' ? 'leaked' : query.measure, refusedMeasures(frame));
    const bytesOnly = BYTES_ONLY.has(frame.state.view) ? 'This view is of bytes' : undefined;
    const countsOnly = isCounted(query.measure) ? 'Of objects only counts are known' : undefined;
    this.#unit.draw(
      query.counts ? 'counts' : 'bytes',
      bytesOnly !== undefined
        ? { counts: bytesOnly, bytes: bytesOnly }
        : countsOnly !== undefined
          ? { bytes: countsOnly }
          : {},
    );
    this.#stacks.draw(query.stacks);
    this.#frames.draw(query.frames);
    if (document.activeElement !== this.#filter) this.#filter.value = query.filter ?? '';
    this.#drawTrouble();
    if (document.activeElement !== this.#windowField) this.#windowField.value = query.window ?? '';
    const hasTimes = canSetAnswer(frame.set, 'lifetimes');
    this.#windowField.disabled = !hasTimes && query.window === null;
    this.#windowField.title = hasTimes ? '' : WITHOUT_TIMES;
    this.#window.textContent = windowSpanText(frame);
    this.#clearWindow.hidden = query.window === null;
    this.root.classList.toggle('has-window', query.window !== null);
    const read = partsOfPage(frame.state);
    for (const part of [this.#stacksTitle, this.#stacks.root]) part.hidden = !read.has('stacks');
    for (const part of [this.#framesTitle, this.#frames.root, this.#allFrames]) part.hidden = !read.has('frames');
    this.#allFrames.setAttribute('aria-pressed', String(query.frames === 'all'));
    let changed = query.stacks === 'joined' || !read.has('stacks') ? 0 : 1;
    if (query.frames !== 'program' && read.has('frames')) changed++;
    for (const [flag, input] of this.#flags) {
      input.checked = query[flag];
      if (input.parentElement !== null) input.parentElement.hidden = !read.has(flag);
      if (query[flag] && read.has(flag)) changed++;
    }
    this.#options.hidden = !(read.has('stacks') || read.has('frames') || FLAGS.some(([flag]) => read.has(flag)));
    this.#optionCount.textContent = String(changed);
    this.#optionCount.hidden = changed === 0;
  }

  #drawTrouble(): void {
    const trouble = findFilterTrouble(this.#filter.value);
    if (trouble === null) this.#filter.removeAttribute('aria-invalid');
    else this.#filter.setAttribute('aria-invalid', 'true');
    this.#trouble.replaceChildren(...(trouble === null ? [] : filterTroubleElement(this.#filter.value, trouble)));
  }

  #makeOptions(set: (part: Partial<ViewQuery>) => void): HTMLDetailsElement {
    const checks = FLAGS.map(([flag, title]) => {
      const input = element('input', { type: 'checkbox', onchange: () => set({ [flag]: input.checked }) });
      this.#flags.set(flag, input);
      return element('label', { class: 'check' }, input, title);
    });
    const details = element(
      'details',
      { class: 'popover' },
      element('summary', { class: 'button' }, 'Frames', this.#optionCount),
      element(
        'div',
        { class: 'popover-box' },
        this.#framesTitle,
        this.#frames.root,
        this.#stacksTitle,
        this.#stacks.root,
        ...checks,
      ),
    );
    addEventListener('pointerdown', (event) => {
      if (details.open && event.target instanceof Node && !details.contains(event.target)) details.open = false;
    });
    details.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !details.open) return;
      details.open = false;
      details.querySelector('summary')?.focus();
      event.preventDefault();
    });
    return details;
  }
}

/** Measures that some captures lack, and why. */
const NOT_ALWAYS_KNOWN = [
  ['total', WITHOUT_TIMES],
  ['temporary', WITHOUT_TIMES],
  ['objects', 'The capture does not say which Python objects survive: memray tracks them when it is asked to'],
] as const;

/** Measures that cannot be chosen, and why. */
function refusedMeasures({ state: { view, query }, set }: Frame): Readonly<Partial<Record<SiteMeasure, string>>> {
  const refused = WITHOUT_MEASURE[view];
  if (refused !== undefined) {
    return { peak: refused, leaked: refused, total: refused, temporary: refused, objects: refused };
  }
  const lacking = NOT_ALWAYS_KNOWN.filter(([measure]) => !canSetAnswer(set, measure));
  const unknown = Object.fromEntries(lacking) as Partial<Record<SiteMeasure, string>>;
  if (view === 'overview')
    return { objects: 'The overview is of memory; flame graph and tables show objects', ...unknown };
  if (query.window === null) return unknown;
  const inWindow = 'Not known of a window: profiles keep only what crossed a peak or a memory record';
  return { total: inWindow, temporary: inWindow, objects: inWindow, ...unknown };
}

/** "1.20 s – 3.40 s" since the start; empty without a window or while its ticks' times are not known. */
function windowSpanText({ state, set, width, read }: Frame): string {
  if (state.query.window === null) return '';
  const whole = read(askTimeline('whole', set, null, width));
  const answer = whole.state === 'ready' ? whole.value : whole.state === 'loading' ? whole.stale : null;
  const span = answer === null || answer.length === 0 ? null : spanOfWindow(state.query.window, answer);
  if (span === null || answer === null) return visible('');
  const since = (ms: number): string => formatDuration(Math.max(0, Math.round(ms - answer.head.startMs)));
  return `${since(span.fromMs)} – ${since(span.toMs)}`;
}
