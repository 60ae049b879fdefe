/** The numbers of `memscope analyze`, as its document, with lists that fit a page. */
import {
  analysisDocument,
  analyze,
  analyzePart,
  type Overview,
  type Selection,
  type SelectionRequest,
  type ViewQuery,
} from '@memscope/model';
import { selectionKey, type OpenRun } from './open-run.js';
import type { OverviewQuestion } from './question.js';

const LIST_ROWS = 50;
/** About what a document takes. */
const KEPT_BYTES = 1 << 20;

export function answerOverview(run: OpenRun, { view }: OverviewQuestion): Overview {
  return run.keep(`overview ${selectionKey(view)}`, KEPT_BYTES, () => makeOverview(run, view));
}

function makeOverview(run: OpenRun, view: ViewQuery): Overview {
  const { profile, host } = run;
  const { measure, window, filter, hideImportSystem, hideStandardLibrary } = view;
  const isWhole = window === null && filter === null && !hideImportSystem && !hideStandardLibrary;
  const options = { measure, mostLocations: LIST_ROWS };
  const request = run.requestOf(view);
  // Other views have asked for some of the same selections.
  const selectBy = (part: SelectionRequest): Selection => run.select({ ...view, measure: part.measure });
  const analysis = isWhole
    ? analyze(profile, options, request.rules)
    : analyzePart(profile, request, options, selectBy);
  return analysisDocument(analysis, { memscopeVersion: host.memscopeVersion, count: LIST_ROWS });
}
