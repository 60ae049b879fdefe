/** A question → its answer, by the route that it came from. */
import {
  canAnswer,
  spanOfRecording,
  WHOLE_VIEW,
  type Answers,
  type SourceLookup,
  type ViewQuery,
} from '@memscope/model';
import { type Answer, arrowAnswer, type Columns, jsonAnswer } from './answer.js';
import type { OpenRun } from './open-run.js';
import type { Question } from './question.js';
import { answerBands } from './bands.js';
import { answerDiff } from './compare-runs.js';
import { answerFlame } from './flame.js';
import { answerLeaks } from './leaks.js';
import { answerOverview } from './overview.js';
import { answerSandwich } from './sandwich.js';
import { answerSearch } from './search.js';
import { answerSite } from './site.js';
import { answerSource } from './source.js';
import { answerTable } from './table.js';
import { answerTimeline } from './timeline-pixels.js';

/** An answer before it is sent: a document, or columns of one length and what goes with them. */
export type FoundAnswer = { readonly document: object } | { readonly columns: Columns; readonly head: object };

/** Throws `ViewError`, `FilterError`, what reading the profile throws and `CancelledError`. */
export function findAnswer(run: OpenRun, question: Question, sources: SourceLookup | null): FoundAnswer {
  switch (question.route) {
    case 'overview':
      return { document: answerOverview(run, question) };
    case 'timeline':
      return answerTimeline(run, question);
    case 'bands':
      return answerBands(run, question);
    case 'flame':
      return answerFlame(run, question, { sources });
    case 'table':
      return { document: answerTable(run, question) };
    case 'sandwich':
      return { document: answerSandwich(run, question) };
    case 'source':
      return { document: answerSource(run, question, sources) };
    case 'site':
      return { document: answerSite(run, question, sources) };
    case 'leaks':
      return { document: answerLeaks(run, question, sources) };
    case 'search':
      return { document: answerSearch(run, question) };
    case 'diff':
      return { document: answerDiff(run, question) };
  }
}

/** As a thread hands it back. Throws as `findAnswer`. */
export async function answerQuestion(run: OpenRun, question: Question, sources: SourceLookup | null): Promise<Answer> {
  const found = findAnswer(run, question, sources);
  return 'document' in found ? jsonAnswer(found.document) : arrowAnswer(found.columns, found.head);
}

/** What the list of runs says of one that is ready. */
export interface RunSummary {
  readonly startMs: number;
  readonly durationMs: number;
  readonly durationIsLeast: boolean;
  readonly peakBytes: number;
  readonly commandLine: string | null;
  readonly answers: Answers;
}

/** As a reader who goes from the table into a function: what that runs through is compiled then, and found once. */
function openHeaviest(run: OpenRun, view: ViewQuery): void {
  const heavy = { by: 'function', sort: 'self', descending: true, offset: 0, limit: 1, search: '' } as const;
  const { rows } = answerTable(run, { route: 'table', view, ...heavy });
  const heaviest = rows[0]?.label?.function ?? null;
  if (heaviest === null) return;
  answerSandwich(run, { route: 'sandwich', view, function: heaviest, width: 1200 });
  answerSource(run, { route: 'source', view, function: heaviest }, null);
}

/** `warm` makes ready what the first views will ask for, by the rules that they come with. */
export function summarizeRun(run: OpenRun, warm: boolean, rules: string | null = null): RunSummary {
  const view = { ...WHOLE_VIEW, rules };
  const { capture } = run.profile;
  const { peakBytes, commandLine, answers } = capture;
  const { startMs, endMs } = spanOfRecording(capture, run.profile.ticks());
  if (warm) {
    answerOverview(run, { route: 'overview', view });
    const paths = run.paths(view);
    paths.children();
    run.drawnPaths(paths, view);
    run.weigh(view, paths);
    run.outermost(view, 'module');
    run.outermost(view, 'location');
    run.select({ ...view, measure: 'leaked' });
    if (canAnswer(capture, 'lifetimes')) {
      // Decodes the lifetimes, which every window is about, and finds what all windows are summed by.
      const part = { ...view, window: '20%..60%' };
      run.weigh(part, paths);
      answerOverview(run, { route: 'overview', view: part });
      answerBands(run, { route: 'bands', view, by: 'module', top: 6, from: 0, to: null, width: 1200 });
    }
    answerOverview(run, { route: 'overview', view });
    // What takes longest of what is found once.
    if (canAnswer(capture, 'lifetimes')) {
      answerLeaks(run, { route: 'leaks', view, warmUp: null, offset: 0, limit: 1 });
    }
    openHeaviest(run, view);
  }
  const durationIsLeast = capture.endMs === null;
  return { startMs, durationMs: endMs - startMs, durationIsLeast, peakBytes, commandLine, answers };
}
