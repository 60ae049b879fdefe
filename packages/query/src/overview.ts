/**
 * All that `memscope analyze` says of a run, or of the part of it that a view is about; and the same as a document with
 * lists that fit a page.
 */
import {
  analysisDocument,
  analyze,
  analyzePart,
  analyzeRuns,
  canAnswer,
  describeTogether,
  memoryMeasureOf,
  type Analysis,
  type AnalysisOptions,
  type AnalysisDocument,
  type Finding,
  type Selection,
  type SelectionRequest,
  type StackChoice,
  type ViewQuery,
} from '@memscope/model';
import { selectionKey, type OpenRun } from './open-run.js';
import type { OverviewQuestion } from './question.js';
import { toldGrowth } from './told-growth.js';

export interface AnalyzeRequest extends AnalysisOptions {
  /** Whose innermost frames locations are; null = the Python frames of joined stacks. */
  readonly stacks: StackChoice | null;
}

/** Several runs are analysed as one. The measure and the stacks of the view mean nothing here. Throws `ViewError`, `FilterError` and `LibraryRuleError`. */
export function analyzeRun(run: OpenRun, view: ViewQuery, { stacks, ...options }: AnalyzeRequest): Analysis {
  const { profile, recording, set } = run;
  const { window, filter, frames } = view;
  const { stacks: _, ...request } = run.requestOf(view);
  const isPython = stacks !== 'native' && (stacks !== 'joined' || !canAnswer(recording.capture, 'nativeStacks'));
  const isWhole = window === null && filter === null && frames !== 'no-standard-library' && isPython;
  const isAlone = set.head.length === 1;
  if (isWhole && isAlone) return analyze(profile, options, request.rules, frames);
  // Other views have asked for some of the same selections.
  const selectBy = ({ measure }: SelectionRequest): Selection =>
    run.select({ ...view, measure, stacks: stacks ?? 'joined' });
  const part = stacks === null ? request : { ...request, stacks };
  const growthOf = (selection: Selection): readonly Finding[] =>
    toldGrowth(selection, selection.window?.fromTick ?? 0, part.filter);
  if (isAlone) return analyzePart(profile, part, options, selectBy, growthOf);
  return analyzeRuns({ profiles: set.head, recording, isWhole }, part, options, selectBy, growthOf);
}

const LIST_ROWS = 50;
/** About what a document takes. */
const KEPT_BYTES = 1 << 20;

export function answerOverview(run: OpenRun, { view }: OverviewQuestion): AnalysisDocument {
  return run.keep(`overview ${selectionKey(view)}`, KEPT_BYTES, () => {
    const measure = memoryMeasureOf(view.measure);
    const analysis = analyzeRun(run, view, { measure, mostLocations: LIST_ROWS, stacks: null });
    const { memscopeVersion } = run.host;
    const { together } = analysis;
    return {
      ...analysisDocument(analysis, { memscopeVersion, count: LIST_ROWS }),
      ...(together === null ? {} : { together: describeTogether(together) }),
    };
  });
}
