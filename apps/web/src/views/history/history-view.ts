/**
 * The trend of a program over its commits: one metric as a curve, at the peak over the functions that held it, what moved
 * and stayed with its commit, and a way into each run whose profile is served. It is of a history, not of the run that the
 * other views show.
 */
import {
  formatGated,
  formatIsoTime,
  nameOwner,
  nameRun,
  sayStep,
  signedChange,
  tellFunctions,
  tellSpikes,
  tellSteps,
  type HistoryPage,
  type TrendFunction,
  type TrendMeasure,
} from '@memscope/model';

import type { Answer } from '../../api/answers.js';
import { element, panel } from '../../dom/element.js';
import { segmented } from '../../dom/segmented.js';
import { visible } from '../../dom/visible-text.js';
import { withRun, withView } from '../../state/change.js';
import type { PageState } from '../../state/page-state.js';
import { valueOrNotice } from '../notice.js';
import type { Page, Savable } from '../view.js';
import { csvOfTrend, svgOfTrend } from './save-trend.js';
import { bandLegend, drawTrendChart, MOST_BANDS } from './trend-chart.js';

export const TREND_MEASURES: readonly (readonly [TrendMeasure, string, string])[] = [
  ['peak', 'Peak', 'Held when the heap was highest, with the functions that held it'],
  ['leaked', 'Live at end', 'Never freed'],
  ['total', 'Total', 'Allocated in all'],
  ['count', 'Count', 'Allocations'],
  ['rss', 'RSS', 'The highest resident memory'],
  ['duration', 'Duration', 'How long it ran'],
];
const MOST_TOLD = 20;

export class HistoryView {
  readonly #page: Page;
  readonly #measure;
  readonly #body = element('div', {});
  readonly #readout = element('p', { class: 'trend-readout screen-only', 'aria-hidden': 'true' });
  readonly root: HTMLElement;
  #drawn: readonly unknown[] = [];
  #shown: { readonly page: HistoryPage; readonly measure: TrendMeasure; readonly chart: SVGSVGElement } | null = null;

  constructor(page: Page) {
    this.#page = page;
    this.#measure = segmented<TrendMeasure>('Metric', TREND_MEASURES, (metric) =>
      page.change((state) => ({ ...state, trend: metric })),
    );
    this.root = element(
      'section',
      { class: 'view history', 'aria-label': 'History' },
      element('h1', { class: 'visually-hidden' }, 'History'),
      this.#body,
    );
  }

  draw(answer: Answer<HistoryPage | null>, state: PageState, width: number): void {
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    // Whatever is pointed at, or about to be clicked, stays where it is.
    const drawn = [value, state.trend, width];
    if (value !== null && drawn.every((each, at) => each === this.#drawn[at])) return;
    this.#drawn = drawn;
    this.#shown = null;
    if (value === null) {
      if (answer.state === 'ready') this.#body.replaceChildren(noHistory());
      else valueOrNotice(this.#body, answer, this.#page);
      return;
    }
    const { history } = value;
    const { metrics, runs, summary } = history;
    const metric = metrics.find(({ measure }) => measure === state.trend) ?? metrics[0];
    if (metric === undefined) return;
    const known = new Set(metrics.map(({ measure }) => measure));
    const refused = Object.fromEntries(
      TREND_MEASURES.filter(([measure]) => !known.has(measure)).map(([measure]) => [measure, 'No run knows it']),
    );
    this.#measure.draw(metric.measure, refused);
    const bands = metric.measure === 'peak' ? heaviest(history.functions) : [];
    this.#say(value, metric.measure, null);
    const chart = drawTrendChart(value, metric, bands, width, {
      open: (position) => this.#open(value.runIds[position] ?? null),
      point: (position) => this.#say(value, metric.measure, position),
    });
    this.#shown = { page: value, measure: metric.measure, chart };
    this.#body.replaceChildren(
      element('p', { class: 'trend-summary' }, `${visible(summary, 300)}.`),
      element(
        'div',
        { class: 'tool-row' },
        this.#measure.root,
        this.#branchChooser(value),
        element('span', { class: 'fine-print' }, describeRuns(runs)),
      ),
      element('div', { class: 'trend-scroll' }, chart),
      this.#readout,
      ...(bands.length === 0 ? [] : [bandLegend(bands)]),
      ...this.#told(value),
    );
  }

  savable(): Savable {
    const of = 'memscope';
    if (this.#shown === null) return { of, name: 'history' };
    const { page, measure, chart } = this.#shown;
    return { of, name: `history-${measure}`, csv: () => csvOfTrend(page.history), svg: () => svgOfTrend(chart) };
  }

  /** Null where there is no choice. */
  #branchChooser({ branches, history: { branch } }: HistoryPage): HTMLElement | null {
    if (branches.length < 2) return null;
    const choose = (chosen: string): void => this.#page.change((state) => ({ ...state, branch: chosen }));
    const chooser = element(
      'select',
      { 'aria-label': 'Branch', onchange: (event) => choose((event.currentTarget as HTMLSelectElement).value) },
      ...branches.map((name) => element('option', { value: name, selected: name === branch }, visible(name, 80))),
    );
    return element('label', { class: 'tool-title' }, 'Branch ', chooser);
  }

  #open(id: string | null): void {
    if (id !== null) this.#page.change((state) => withView(withRun(state, id), 'overview'));
  }

  /** What stands below the chart: the run that is pointed at, or what pointing does. */
  #say(
    { history: { runs, metrics, functions }, runIds }: HistoryPage,
    measure: TrendMeasure,
    position: number | null,
  ): void {
    if (position === null) {
      const some = runIds.some((id) => id !== null);
      this.#readout.textContent = some
        ? 'Point at a run for its numbers; a filled point opens it.'
        : 'Point at a run for its numbers. None of them is served, so that none can be opened.';
      return;
    }
    const run = runs[position]!;
    const value = metrics.find((each) => each.measure === measure)?.values[position] ?? null;
    const held = heaviest(functions)
      .slice(0, 3)
      .map((each) => `${nameOwner(each)} ${formatGated('peak', each.values[position]!)}`);
    const parts = [
      nameRun(run),
      dayOf(run.timeMs),
      ...(run.branch === null ? [] : [run.branch]),
      `${measure} ${value === null ? 'not known' : formatGated(measure, value)}`,
      ...(measure === 'peak' ? held : []),
    ];
    this.#readout.textContent = visible(parts.join(' · '), 300);
  }

  #told(page: HistoryPage): HTMLElement[] {
    const { history, runIds } = page;
    const { runs } = history;
    const entry = (at: number, text: string): HTMLElement => {
      const run = runs[at]!;
      const id = runIds[at] ?? null;
      const name = visible(nameRun(run), 40);
      const title =
        id === null
          ? element('strong', {}, name)
          : element('button', { type: 'button', class: 'link-button', onclick: () => this.#open(id) }, name);
      return element('li', {}, title, ` ${dayOf(run.timeMs)}: ${visible(text, 400)}`);
    };
    const steps = tellSteps(history).map(({ metric, step, functions }) => {
      const made = functions.map(
        ({ owner, change }) =>
          `${nameOwner(owner)} ${signedChange(Math.round(change), (each) => formatGated('peak', each))}`,
      );
      const sure = step.isConfirmed ? '' : ' – the last run alone, which may be a spike: not yet confirmed';
      return entry(step.at, `${sayStep(metric, step)}${made.length === 0 ? '' : `: ${made.join(', ')}`}${sure}`);
    });
    const alone = tellFunctions(history).map(({ owner, step }) =>
      entry(
        step.at,
        `${nameOwner(owner)} ${formatGated('peak', Math.round(step.before))} → ${formatGated('peak', Math.round(step.after))} at the peak${step.isConfirmed ? '' : ', not yet confirmed'}`,
      ),
    );
    const spikes = tellSpikes(history).map(({ metric: { measure }, spike }) =>
      entry(
        spike.at,
        `${measure} ${formatGated(measure, spike.value)} where ${formatGated(measure, Math.round(spike.usual))} is usual, ${spike.at === runs.length - 1 ? 'not yet confirmed' : 'went away again'}`,
      ),
    );
    return [
      ...listed('Moved and stayed', steps),
      ...listed('Functions that moved while the peak stayed', alone),
      ...listed('Spikes', spikes),
    ];
  }
}

/** What a link may lead to. */
function noHistory(): HTMLElement {
  const how = 'memscope history add capture.bin keeps runs, and memscope serve --history FILE shows them here.';
  return element(
    'div',
    { class: 'notice empty', role: 'status' },
    element('strong', {}, 'No history is served'),
    element('span', {}, how),
  );
}

function listed(title: string, entries: readonly HTMLElement[]): HTMLElement[] {
  if (entries.length === 0) return [];
  const rest = entries.length - MOST_TOLD;
  return [
    panel(
      title,
      element('ul', { class: 'trend-told' }, ...entries.slice(0, MOST_TOLD)),
      rest > 0 && element('p', { class: 'fine-print' }, `and ${rest} more`),
    ),
  ];
}

/** Those that ever held most. */
function heaviest(functions: readonly TrendFunction[]): TrendFunction[] {
  return functions
    .toSorted((a, b) => Math.max(...b.values) - Math.max(...a.values))
    .filter(({ values }) => values.some((value) => value > 0))
    .slice(0, MOST_BANDS);
}

function describeRuns(runs: HistoryPage['history']['runs']): string {
  const branches = new Set(runs.map(({ branch }) => branch ?? 'no branch'));
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  const of = branches.size === 1 ? visible([...branches][0]!, 60) : `${branches.size} branches`;
  return `${count} of ${of}, ${dayOf(runs[0]?.timeMs ?? 0)} to ${dayOf(runs.at(-1)?.timeMs ?? 0)}`;
}

function dayOf(timeMs: number): string {
  return formatIsoTime(timeMs)?.slice(0, 10) ?? '?';
}
