/**
 * A report as the source of the page's answers: the questions of `api/question.ts` are looked up among what it holds,
 * and cut to what is asked. What it does not hold it says; it never answers something else instead.
 */
import {
  presentSort,
  countNoun,
  COMPARED_MEASURES,
  COMPARED_WEIGHTS,
  FilterError,
  formatCount,
  GROUPINGS,
  isCounted,
  LEAK_SORTS,
  partsRead,
  readViewQuery,
  reportKey,
  ROW_CHANGES,
  VIEW_QUESTIONS,
  ViewError,
  type ApiError,
  type EmbeddedAnswer,
  type EmbeddedReport,
  type EmbeddedSandwich,
  type EmbeddedTree,
  type FlameLabel,
  type Run,
  type SandwichAnswer,
  type SmallTree,
  type TableSort,
  type ViewPart,
  type ViewQuery,
  type ViewQuestion,
} from '@memscope/model';

import { AnswerError } from '../api/answer-error.js';
import type { Question } from '../api/question.js';
import type { PageState } from '../state/page-state.js';
import { cutBands, cutFlame, cutTimeline, type TickRange } from './cut-columns.js';
import { listLeaks, listRows } from './list-rows.js';
import { searchFlame } from './search-flame.js';

type NameIn<Answer> = Answer extends unknown ? keyof Answer : never;

/** Of `EmbeddedAnswer`, what stands under one of its names. */
type Held<Name extends NameIn<EmbeddedAnswer>> =
  Extract<EmbeddedAnswer, Readonly<Record<Name, unknown>>> extends Readonly<Record<Name, infer Value>> ? Value : never;

const MORE = 'memscope serve answers it.';

export class PageReport {
  readonly #report: EmbeddedReport;
  /** Why the window and the filter stay as they are. */
  readonly scope: string;
  /** Why the tree cannot be changed. */
  readonly tree = 'This report holds the flame graph as it is; memscope serve changes it';

  constructor(report: EmbeddedReport) {
    this.#report = report;
    const { window, filter } = report.view;
    const part = window === null && filter === null ? 'the whole recording' : 'this part of the recording';
    this.scope = `This report holds ${part}; memscope serve answers any window and any filter`;
  }

  get runs(): EmbeddedReport['runs'] {
    return this.#report.runs;
  }

  /** What is shown first. */
  get view(): ViewQuery {
    return this.#report.view;
  }

  /** The state without what the report cannot follow: another window, another filter, a changed tree. */
  fix(state: PageState): PageState {
    const { view, runs } = this.#report;
    const ids = (side: readonly Run[]): string[] => side.map(({ id }) => id);
    // A single run needs no name in the address.
    const isImplied = runs.head.length === 1 && runs.base.length === 0 && state.runs.head.length === 0;
    const { measure, counts, splitThreads } = state.query;
    return {
      ...state,
      runs: { head: isImplied ? [] : ids(runs.head), base: ids(runs.base) },
      query: { ...view, measure, counts, splitThreads },
      flame: { ...state.flame, transforms: [] },
      warmUp: null,
    };
  }

  /** Rejects with `AnswerError`. */
  async ask<Answer>(question: Question<Answer>): Promise<Answer> {
    try {
      return this.#answer(question.path) as Answer;
    } catch (error) {
      if (error instanceof AnswerError) throw error;
      if (error instanceof FilterError) {
        const { code, message, position, length } = error;
        throw new AnswerError(code, message, { position, length }, { cause: error });
      }
      if (error instanceof ViewError) throw new AnswerError(error.code, error.message, null, { cause: error });
      throw error;
    }
  }

  /** What of the shown table was left out; empty where nothing was. */
  tableNote({ query, table }: PageState): string {
    const found = this.#report.answers[reportKey.table(query.measure, table.by, query.splitThreads)];
    if (found === undefined || !('table' in found)) return '';
    const { rows, rowCount } = found.table;
    if (rows.length >= rowCount) return '';
    return `This report holds the heaviest ${formatCount(rows.length)} of ${countNoun(rowCount, 'row')}; sorting and searching are among them.`;
  }

  get leaksNote(): string {
    const found = this.#report.answers[reportKey.leaks()];
    if (found === undefined || !('leaks' in found)) return '';
    const { rows, rowCount } = found.leaks;
    if (rows.length >= rowCount) return '';
    return `This report holds the first ${formatCount(rows.length)} of ${countNoun(rowCount, 'site')}.`;
  }

  get leaksHeld(): number {
    const found = this.#report.answers[reportKey.leaks()];
    return found !== undefined && 'leaks' in found ? found.leaks.rows.length : 0;
  }

  /** Frames that zooming cannot show, since the report does not hold them, and their bytes. */
  foldedFrames({ query, flame }: PageState): {
    readonly nodes: number;
    readonly bytes: number;
    readonly share: number;
  } {
    const found = this.#report.answers[reportKey.flame(query.measure, query.splitThreads, flame.inverted)];
    const { share } = this.#report.limits;
    if (found === undefined || !('flame' in found)) return { nodes: 0, bytes: 0, share };
    const { foldedNodes: nodes, foldedBytes: bytes } = found.flame.head;
    return { nodes, bytes, share };
  }

  #answer(path: string): unknown {
    const [place = '', text = ''] = path.split('?', 2);
    const route = place.slice(place.lastIndexOf('/') + 1);
    const parameters = new URLSearchParams(text);
    const number = (name: string, fallback: number): number => Number(parameters.get(name) ?? fallback);
    const { runs } = this.#report;
    if (route === 'runs') return [...runs.head, ...runs.base];
    const id = place.split('/').at(-2);
    const side = runs.base.some((run) => run.id === id) ? 'base' : 'head';
    const { labels, view: held } = this.#report;
    // What is compared is more than a view measures.
    const isDiff = route === 'diff';
    const view = readViewQuery((name) => (isDiff && name === 'measure' ? null : parameters.get(name)));
    const range: TickRange | null = parameters.has('from') ? { from: number('from', 0), to: number('to', 0) } : null;
    if (isQuestion(route) && !isHeld(view, held, route, parameters.get('by'))) throw refusal(this.scope);
    const { measure, splitThreads } = view;
    const target = parameters.get('function') ?? '';
    switch (route) {
      case 'overview':
        return this.#find('overview', reportKey.overview(measure));
      case 'timeline':
        return cutTimeline(this.#find('timeline', reportKey.timeline(side)), range);
      case 'bands': {
        const by = parameters.get('by') as Parameters<typeof reportKey.bands>[0];
        return cutBands(this.#find('bands', reportKey.bands(by, splitThreads, side)), range);
      }
      case 'diff': {
        const compared = COMPARED_MEASURES.find((each) => each === parameters.get('measure')) ?? 'peak';
        if ((parameters.get('by') ?? 'function') !== 'function')
          throw refusal('This report says what changed by function');
        return this.#find('diff', reportKey.diff(compared));
      }
      case 'flame': {
        if (parameters.has('transform')) throw refusal(this.tree);
        const flame = this.#find('flame', reportKey.flame(measure, splitThreads, parameters.get('inverted') === '1'));
        const root = parameters.has('root') ? number('root', 0) : null;
        const weigh = COMPARED_WEIGHTS.find((each) => each === parameters.get('weigh')) ?? 'larger';
        const cut = cutFlame(flame, labels, {
          root,
          width: number('width', 1_000),
          counts: view.counts,
          weigh,
          opensImports: view.frames === 'imports',
        });
        if (cut === null) throw new AnswerError('outside', `This report holds no such frame; ${MORE}`);
        return cut;
      }
      case 'table': {
        const by = parameters.get('by') as Parameters<typeof reportKey.table>[1];
        return listRows(this.#find('table', reportKey.table(measure, by, splitThreads)), labels, {
          sort: presentSort(parameters.get('sort')) as TableSort,
          descending: parameters.get('descending') !== '0',
          offset: number('offset', 0),
          limit: number('limit', 100),
          search: parameters.get('search') ?? '',
          change: ROW_CHANGES.find((each) => each === parameters.get('change')) ?? 'all',
          counts: view.counts || isCounted(measure),
        });
      }
      case 'leaks': {
        const leaks = this.#find('leaks', reportKey.leaks());
        return listLeaks(leaks, labels, {
          sort: LEAK_SORTS.find((each) => each === parameters.get('sort')) ?? null,
          descending: parameters.get('descending') !== '0',
          search: parameters.get('search') ?? '',
          verdict: leaks.verdicts.find(({ name }) => name === parameters.get('verdict'))?.name ?? null,
          offset: number('offset', 0),
          limit: number('limit', 100),
        });
      }
      case 'sandwich':
        return openSandwich(this.#find('sandwich', reportKey.sandwich(measure, target)), labels);
      case 'source':
        return this.#find('source', reportKey.source(measure, target));
      case 'search': {
        const flame = this.#find('flame', reportKey.flame(measure, splitThreads, false));
        const found = searchFlame(flame, labels, parameters.get('text') ?? '');
        if (found === null) throw refusal('A report is searched by functions, files and modules only');
        return found;
      }
      default:
        throw refusal('This report does not hold that');
    }
  }

  #find<Name extends NameIn<EmbeddedAnswer>>(name: Name, key: string): Held<Name> {
    const { answers, limits } = this.#report;
    const found = Object.hasOwn(answers, key) ? answers[key] : undefined;
    if (found !== undefined && 'error' in found) throw asAnswerError(found.error);
    if (found !== undefined && name in found) return (found as unknown as Record<Name, Held<Name>>)[name];
    if (name === 'sandwich' || name === 'source') {
      throw refusal(
        `This report holds callers and callees of the heaviest functions (${formatCount(limits.functions)} for each measure), and this is none of them`,
      );
    }
    throw refusal('This report had no room for that');
  }
}

function refusal(words: string): AnswerError {
  return new AnswerError('notHeld', words.includes('memscope serve') ? `${words}.` : `${words}; ${MORE}`);
}

function asAnswerError({ code, message, position, length }: ApiError): AnswerError {
  return new AnswerError(code, message, position === null ? null : { position, length: length ?? 0 });
}

function isQuestion(route: string): route is ViewQuestion {
  return VIEW_QUESTIONS.some((each) => each === route);
}

/** Parts of which a report holds all: bytes and counts are in every answer, measures and threads in its key. */
const ALL_HELD: ReadonlySet<ViewPart> = new Set(['measure', 'counts', 'splitThreads']);

/**
 * Whether the report's answers are answers to it. Leaks and the timeline of a report are those of the window that it was
 * made of.
 */
function isHeld(view: ViewQuery, held: ViewQuery, question: ViewQuestion, by: string | null): boolean {
  const grouping = GROUPINGS.find((each) => each === by) ?? null;
  return partsRead(question, grouping, held.filter !== null).every(
    (part) =>
      ALL_HELD.has(part) ||
      (part === 'window' && question === 'leaks') ||
      // A flame graph holds what is below imports.
      (part === 'frames' && question === 'flame' && view.frames === 'imports' && held.frames === 'program') ||
      view[part] === held[part],
  );
}

function openSandwich(embedded: EmbeddedSandwich, labels: readonly FlameLabel[]): SandwichAnswer {
  const open = (tree: EmbeddedTree): SmallTree => ({ ...tree, label: tree.label.map((position) => labels[position]!) });
  const { callers, callees } = embedded;
  return { ...embedded, function: labels[embedded.function]!, callers: open(callers), callees: open(callees) };
}
