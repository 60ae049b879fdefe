/**
 * A report as the source of the page's answers: the questions of `api/question.ts` are looked up among the answers that it
 * holds, and cut to what is asked; what is not among them is asked of the profiles that it holds. What was left out of either
 * it says; it never answers something else instead.
 */
import {
  presentSort,
  countNoun,
  COMPARED_MEASURES,
  COMPARED_WEIGHTS,
  FilterError,
  formatCount,
  isHeldWhole,
  isCounted,
  LEAK_SORTS,
  readViewQuery,
  reportKey,
  ROW_CHANGES,
  ViewError,
  type EmbeddedAnswer,
  type EmbeddedReport,
  type EmbeddedSandwich,
  type EmbeddedTree,
  type FlameLabel,
  type Run,
  type SandwichAnswer,
  type SmallTree,
  type TableSort,
} from '@memscope/model';

import { AnswerError } from '../api/answer-error.js';
import type { Question } from '../api/question.js';
import type { PageState } from '../state/page-state.js';
import type { BoundedPatterns } from './bounded-patterns.js';
import { cutBands, cutFlame, cutTimeline, type TickRange } from './cut-columns.js';
import { isHeld, isQuestion, QUESTIONS, sayHeld } from './held-parts.js';
import { listLeaks, listRows } from './list-rows.js';
import { asAnswerError, isRefusal, MORE, refusal } from './refusal.js';
import { searchFlame } from './search-flame.js';

type NameIn<Answer> = Answer extends unknown ? keyof Answer : never;

/** Of `EmbeddedAnswer`, what stands under one of its names. */
type Held<Name extends NameIn<EmbeddedAnswer>> =
  Extract<EmbeddedAnswer, Readonly<Record<Name, unknown>>> extends Readonly<Record<Name, infer Value>> ? Value : never;

/** What answers questions that a report holds no answer to. */
export interface AnswersMore {
  /** `path` as of `api/question.ts`. Throws `AnswerError`. */
  answer(path: string): unknown;
}

/** Frames that a report does not hold, each below such a part of all bytes but for a few. */
export interface FoldedFrames {
  readonly nodes: number;
  readonly bytes: number;
  readonly share: number;
}

export class PageReport {
  readonly #report: EmbeddedReport;
  readonly #patterns: BoundedPatterns;
  readonly #openRuns: () => Promise<AnswersMore>;
  /** Opened by the first question that needs them. */
  #runs: Promise<AnswersMore> | null = null;
  /** Whether it answers everything as a server would. */
  readonly isWhole: boolean;

  /** `patterns` are what all answers test theirs by. */
  constructor(report: EmbeddedReport, openRuns: () => Promise<AnswersMore>, patterns: BoundedPatterns) {
    this.#report = report;
    this.#patterns = patterns;
    this.#openRuns = openRuns;
    this.isWhole = report.held.length > 0 && report.held.every(isHeldWhole);
  }

  /** What is shown of it before anything was chosen. */
  first(state: PageState): PageState {
    return this.fix({ ...state, query: this.#report.view });
  }

  /** The state with runs that it holds, by default those that it was made of, and its rules of whose memory it is. */
  fix(state: PageState): PageState {
    const { view, runs } = this.#report;
    const known = new Set(this.#all.map(({ id }) => id));
    const { head, base } = state.runs;
    const isKnown = this.#report.held.length > 0 && head.length > 0 && [...head, ...base].every((id) => known.has(id));
    // A single run needs no name in the address.
    const isImplied = known.size === 1 && head.length === 0;
    return {
      ...state,
      runs: isKnown ? state.runs : { head: isImplied ? [] : idsOf(runs.head), base: idsOf(runs.base) },
      query: { ...state.query, rules: view.rules },
    };
  }

  /** In the order of their profiles. */
  get #all(): readonly Run[] {
    const { head, base, others } = this.#report.runs;
    return [...head, ...base, ...others];
  }

  /** Rejects with `AnswerError`. */
  async ask<Answer>(question: Question<Answer>): Promise<Answer> {
    try {
      return await this.#patterns.answer(() => this.#answer(question.path) as Answer);
    } catch (error) {
      if (isRefusal(error) && this.#report.held.length > 0) {
        const runs = await (this.#runs ??= this.#openRuns());
        return this.#patterns.answer(() => runs.answer(question.path) as Answer);
      }
      if (error instanceof AnswerError) throw error;
      if (error instanceof FilterError) {
        const { code, message, position, length } = error;
        throw new AnswerError(code, message, { position, length }, { cause: error });
      }
      if (error instanceof ViewError) throw new AnswerError(error.code, error.message, null, { cause: error });
      throw error;
    }
  }

  /** What answers to what is shown leave out, since the profiles were folded; empty where nothing is. */
  note(state: PageState): string {
    if (this.isWhole || this.#isAsMade(state)) return '';
    return this.#report.held.map((held) => sayHeld(held)).find((words) => words !== '') ?? '';
  }

  /** Whether the answers that it was made with are those of the state. */
  #isAsMade({ query, view, table, flame, warmUp, runs: shown }: PageState): boolean {
    const { head, base } = this.#report.runs;
    const isOfRuns = shown.head.length === 0 || (isSame(shown.head, idsOf(head)) && isSame(shown.base, idsOf(base)));
    if (!isOfRuns) return false;
    const question = QUESTIONS[view];
    if (question === null) return true;
    const by = view === 'tables' ? table.by : null;
    if (view === 'tables' && by === 'site' && this.#report.held.length > 0) return false;
    const isLeaks = view !== 'leaks' || warmUp === null;
    return isLeaks && flame.transforms.length === 0 && isHeld(query, this.#report.view, question, by);
  }

  /** What of the shown table was left out; empty where nothing was. */
  tableNote(state: PageState): string {
    if (!this.#isAsMade(state)) return '';
    const { query, table } = state;
    const found = this.#report.answers[reportKey.table(query.measure, table.by, query.splitThreads)];
    if (found === undefined || !('table' in found)) return '';
    const { rows, rowCount } = found.table;
    if (rows.length >= rowCount) return '';
    return `This report holds the heaviest ${formatCount(rows.length)} of ${countNoun(rowCount, 'row')}; sorting and searching are among them.`;
  }

  leaksNote(state: PageState): string {
    if (!this.#isAsMade(state)) return '';
    const found = this.#report.answers[reportKey.leaks()];
    if (found === undefined || !('leaks' in found)) return '';
    const { rows, rowCount } = found.leaks;
    if (rows.length >= rowCount) return '';
    return `This report holds the first ${formatCount(rows.length)} of ${countNoun(rowCount, 'site')}.`;
  }

  /** Null: as many as there are. */
  leaksHeld(state: PageState): number | null {
    const found = this.#isAsMade(state) ? this.#report.answers[reportKey.leaks()] : undefined;
    return found !== undefined && 'leaks' in found ? found.leaks.rows.length : null;
  }

  /** Frames that zooming cannot show, since the report does not hold them, and their bytes. */
  foldedFrames(state: PageState): FoldedFrames {
    const { query, flame } = state;
    const key = reportKey.flame(query.measure, query.splitThreads, flame.inverted);
    const found = this.#isAsMade(state) ? this.#report.answers[key] : undefined;
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
    if (route === 'runs') return this.#all;
    const asked = {
      head: [place.split('/').at(-2) ?? '', ...parameters.getAll('run')],
      base: parameters.getAll('base'),
    };
    const isOneSide = asked.base.length === 0 && (route === 'timeline' || route === 'bands');
    const side = isOneSide && isSame(asked.head, idsOf(runs.base)) ? 'base' : 'head';
    const isAsMade = isSame(asked.head, idsOf(runs[side])) && (isOneSide || isSame(asked.base, idsOf(runs.base)));
    if (isQuestion(route) && !isAsMade) throw refusal('This report holds other runs');
    const { labels, view: held } = this.#report;
    // What is compared is more than a view measures.
    const isDiff = route === 'diff';
    const view = readViewQuery((name) => (isDiff && name === 'measure' ? null : parameters.get(name)));
    const range: TickRange | null = parameters.has('from') ? { from: number('from', 0), to: number('to', 0) } : null;
    if (isQuestion(route) && !isHeld(view, held, route, parameters.get('by'))) throw refusal(OTHER_PART);
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
        if (parameters.has('transform')) throw refusal('This report holds the flame graph as it is');
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
        // The profiles open sites, and number them in their own way.
        if (by === 'site' && this.#report.held.length > 0) throw refusal('This report holds sites in its profiles');
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
        if (parameters.has('warmUp')) throw refusal(OTHER_PART);
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
      case 'site':
        throw refusal('This report had no room for when each allocation of a site was made and freed');
      case 'search': {
        const flame = this.#find('flame', reportKey.flame(measure, splitThreads, false));
        const found = searchFlame(flame, labels, parameters.get('text') ?? '', this.#patterns.test);
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

const OTHER_PART = 'This report holds the part of the recording that it was made of';

const idsOf = (side: readonly Run[]): string[] => side.map(({ id }) => id);

function isSame(ids: readonly string[], others: readonly string[]): boolean {
  return ids.length === others.length && ids.every((id, at) => id === others[at]);
}

function openSandwich(embedded: EmbeddedSandwich, labels: readonly FlameLabel[]): SandwichAnswer {
  const open = (tree: EmbeddedTree): SmallTree => ({ ...tree, label: tree.label.map((position) => labels[position]!) });
  const { callers, callees } = embedded;
  return { ...embedded, function: labels[embedded.function]!, callers: open(callers), callees: open(callees) };
}
