/** The overview: what was profiled, its numbers, what was found, what holds the memory, and what cannot be answered. */
import {
  countNoun,
  formatBytes,
  formatDuration,
  programOf,
  writeCsv,
  type AnalysisDocument,
  type DiffDocument,
} from '@memscope/model';

import { askDiff, askOverview, type Question } from '../../api/question.js';
import { element } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { memoryQueryOf } from '../../state/parts-of-page.js';
import { markBusy, nothingPasses, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { breakdownPanel } from './breakdown-panel.js';
import { comparedCsv } from './compared-csv.js';
import { comparedOverview } from './compared-overview.js';
import { findingsPanel, limitationsPanel } from './findings-panel.js';
import { figureTiles } from './figure-tiles.js';
import { locationsPanel } from './locations-panel.js';
import { allocatorsPanel, sizesPanel, threadsPanel } from './side-panels.js';
import { togetherPanel } from './together-panel.js';

export class OverviewView implements View {
  readonly #page: Page;
  readonly #body = element('div', { class: 'overview-body' });
  readonly root = element('section', { class: 'view overview', 'aria-label': 'Overview' }, this.#body);
  #shown: { readonly analysis: AnalysisDocument; readonly frame: Frame } | null = null;
  /** What is shown where there is a base. */
  #diff: DiffDocument | null = null;
  #drawn: unknown[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  questions({ state, set }: Omit<Frame, 'read'>): readonly Question<unknown>[] {
    return [set.base.length === 0 ? askOverview(set, state.query) : askChanges({ state, set })];
  }

  draw(frame: Frame): void {
    const { state, set } = frame;
    if (set.base.length > 0) {
      this.#drawCompared(frame);
      return;
    }
    this.#diff = null;
    const answer = frame.read(askOverview(set, state.query));
    const analysis = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    markBusy(this.root, answer.state === 'loading');
    const drawn = [analysis, answer.state === 'failed' && answer.error, state.query, state.overview];
    if (drawn.every((each, index) => each === this.#drawn[index])) return;
    this.#drawn = drawn;
    if (analysis === null) {
      this.#shown = null;
      valueOrNotice(this.#body, answer, this.#page);
      return;
    }
    this.#shown = { analysis, frame };
    const page = this.#page;
    const query = memoryQueryOf(state.query);
    const suggestion = analysis.scope?.suggestion ?? null;
    this.#body.replaceChildren(
      profiledHeader(analysis),
      ...(suggestion === null ? [] : [nothingPasses('Nothing passes the filter', '', suggestion, page)]),
      figureTiles(analysis, query, page),
      element(
        'div',
        { class: 'overview-grid' },
        element(
          'div',
          { class: 'overview-main' },
          togetherPanel(analysis, set, page),
          breakdownPanel(analysis, query, state.overview.legend, page),
          locationsPanel(analysis, query, page),
        ),
        element(
          'div',
          { class: 'overview-side' },
          findingsPanel(analysis, page),
          limitationsPanel(analysis),
          allocatorsPanel(analysis, query, page),
          threadsPanel(analysis, query, page),
          sizesPanel(analysis),
        ),
      ),
    );
  }

  #drawCompared(frame: Frame): void {
    const answer = frame.read(askChanges(frame));
    const diff = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    markBusy(this.root, answer.state === 'loading');
    const drawn = [diff, answer.state === 'failed' && answer.error];
    if (drawn.every((each, index) => each === this.#drawn[index])) return;
    this.#drawn = drawn;
    this.#shown = null;
    this.#diff = diff;
    if (diff === null) valueOrNotice(this.#body, answer, this.#page);
    else this.#body.replaceChildren(...comparedOverview(diff, this.#page));
  }

  savable(): Savable {
    const diff = this.#diff;
    if (diff !== null) return { name: `diff-${diff.measure}`, csv: () => comparedCsv(diff) };
    const shown = this.#shown;
    if (shown === null) return { name: 'overview' };
    const { measure } = memoryQueryOf(shown.frame.state.query);
    return {
      name: `overview-${measure}`,
      csv: () =>
        writeCsv({
          columns: ['function', 'file', 'line', 'module', 'kind', `${measure}_bytes`, `${measure}_count`],
          rows: shown.analysis.locations.map((row) => [
            row.function,
            row.file,
            row.line,
            row.module,
            row.kind,
            row[`${measure}Bytes`],
            row[`${measure}Count`],
          ]),
        }),
    };
  }
}

/** By the measure of the page: of one that is not of memory by the peak. */
function askChanges({ state, set }: Pick<Frame, 'state' | 'set'>): Question<DiffDocument> {
  const query = memoryQueryOf(state.query);
  return askDiff(set, query, { measure: query.measure, by: 'function' });
}

function processOf({ pid }: AnalysisDocument['capture']): string {
  return pid === null ? 'unknown process' : `process ${pid}`;
}

/** Versions of a capture's header are not those of memray, which it does not tell. */
function wordFormat({ format, formatVersion, layout }: AnalysisDocument['capture']): string {
  const kind = `${visible(format, 20)} capture${layout === 'aggregated' ? ', aggregated' : ''}`;
  return formatVersion > 0 ? `${kind}, header version ${formatVersion}` : kind;
}

/** Totals of a window know its own length only. */
function lengthOf({ durationMs, durationIsLeast }: AnalysisDocument['totals'], isPart: boolean): string {
  if (durationMs <= 0) return '';
  return `, ${isPart ? 'here ' : 'for '}${durationIsLeast ? 'at least ' : ''}${formatDuration(durationMs)}${isPart ? ' of it' : ''}`;
}

function profiledHeader({ capture, totals, threadCount, together, scope }: AnalysisDocument): HTMLElement {
  const commandLine = capture.commandLine ?? '';
  const isPart = (scope?.window ?? null) !== null;
  const facts = [
    capture.pythonVersion === null ? 'Python of unknown version' : `Python ${visible(capture.pythonVersion, 30)}`,
    `${visible(capture.pythonAllocator, 30)} allocator${capture.tracePythonAllocators === true ? ', traced' : ''}`,
    capture.nativeTraces ? 'with native stacks' : 'without native stacks',
    wordFormat(capture),
    together === undefined ? processOf(capture) : countNoun(together.runs.length, 'process', 'processes'),
    countNoun(threadCount, 'thread'),
    formatBytes(capture.totalBytes),
  ];
  const started = new Date(capture.startMs ?? Number.NaN);
  const when = Number.isNaN(started.getTime())
    ? 'at an unknown time'
    : started.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  return element(
    'header',
    { class: 'profiled' },
    element(
      'h1',
      { class: 'command-line', title: visible(commandLine, 300) },
      visible(programOf(commandLine), 300) || 'unknown command',
    ),
    element(
      'p',
      { class: 'quiet' },
      `Recorded ${when}${lengthOf(totals, isPart)}${capture.complete ? '' : ', incomplete'}`,
    ),
    element('ul', { class: 'fact-list' }, ...facts.map((fact) => element('li', {}, fact))),
  );
}
