/**
 * Open profiles → their analyses → the report that people read, one JSON document, or CSV. A file of its own: it is loaded
 * while captures are read.
 */
import {
  analysisDocument,
  canOrderBy,
  togetherDocument,
  type Analysis,
  type AnalysisListDocument,
  type Measure,
  type Profile,
  type ViewQuery,
} from '@memscope/model';
import { analyzeRun } from '@memscope/query';

import { memscopeVersion } from '../beside-program.js';
import { describeFileError, labelFileError } from '../describe-error.js';
import type { Host } from '../host.js';
import type { OutputFlags } from '../options/output-options.js';
import type { ReadingFlags } from '../options/reading-options.js';
import type { SelectionFlags } from '../options/selection-options.js';
import type { Answer } from '../reading/read-captures.js';
import { reportStyle } from '../terminal/report-style.js';
import { printCsv, writeJson } from '../terminal/write-output.js';
import { runOf } from '../views/query-host.js';
import { asUsage } from '../views/selection-request.js';
import { combineCaptures } from './combined-table.js';
import { tableLocations } from './locations-csv.js';
import { renderReport } from './report.js';
import type { SectionChoice } from './report-sections.js';

export interface AnalyzeOptions extends OutputFlags {
  readonly reading: ReadingFlags & { readonly jobs?: number };
  /** What the analysis is about: `measure` and `counts` mean nothing here. */
  readonly part: SelectionFlags;
  /** Null: a table for each measure but `temporary`, lists ordered by peak. */
  readonly sort: Measure | null;
  readonly sections: SectionChoice;
  /** Several captures are taken as one. */
  readonly together: boolean;
}

/** Of a capture as a whole. */
export { prepareAnalysis as prepare } from '@memscope/model';

const DEFAULT_COUNT = 10;
const DEFAULT_MEASURES: readonly Measure[] = ['peak', 'leaked', 'total', 'count'];
const GREATEST_WIDTH = 100;

type Result = Answer<Analysis>;

export function tellAnalyses(results: readonly Result[], options: AnalyzeOptions, host: Host): string {
  if (options.json) return renderDocument(results, options);
  if (!options.csv) return renderText(results, options, host);
  const analyses = results.flatMap((result) => ('answer' in result ? [result.answer] : []));
  return analyses.length === 0 ? '' : printCsv(tableLocations(analyses, options.count), host);
}

/** Of several profiles as one. Throws `UsageError`. */
export function analyzeAs(profiles: readonly Profile[], view: ViewQuery, { part, sort }: AnalyzeOptions): Analysis {
  const run = runOf(profiles);
  return asUsage(() => analyzeRun(run, view, { measure: sort ?? 'peak', stacks: part.stacks }));
}

function renderDocument(results: readonly Result[], options: AnalyzeOptions): string {
  const documentOptions = { memscopeVersion: memscopeVersion(), count: options.count };
  const [only] = results;
  if (results.length === 1 && only !== undefined) {
    if (!('answer' in only)) return '';
    const { together } = only.answer;
    return `${writeJson(
      together === null
        ? analysisDocument(only.answer, documentOptions)
        : togetherDocument(only.answer, together, documentOptions),
    )}\n`;
  }
  const list: AnalysisListDocument = {
    schema: 'memscope.analysis-list/1',
    memscopeVersion: documentOptions.memscopeVersion,
    analyses: results.flatMap((result) =>
      'answer' in result ? [analysisDocument(result.answer, documentOptions)] : [],
    ),
    failures: results.flatMap((result) =>
      'error' in result
        ? [{ path: result.error.path, code: result.error.code, message: describeFileError(result.error) }]
        : [],
    ),
  };
  return `${writeJson(list)}\n`;
}

function renderText(results: readonly Result[], options: AnalyzeOptions, host: Host): string {
  const style = reportStyle(host, { ...options, count: options.count ?? DEFAULT_COUNT, greatestWidth: GREATEST_WIDTH });
  const reports = results.flatMap((result) => {
    if ('error' in result) return [];
    const asked = options.sort === null ? DEFAULT_MEASURES : [options.sort];
    // A capture that cannot be ordered so is ordered by peak; the report says why.
    const usable = asked.some((measure) => canOrderBy(result.answer, measure)) ? asked : ['peak' as const, ...asked];
    return [renderReport(result.answer, usable, style, { choice: options.sections, count: options.count })];
  });
  if (reports.length === 0) return '';
  const parts =
    results.length > 1
      ? [
          combineCaptures(
            results.map((result) =>
              'answer' in result
                ? { analysis: result.answer }
                : { path: result.error.path, failure: labelFileError(result.error) },
            ),
            style,
          ),
          ...(options.sections.length === 0 ? [] : reports),
        ]
      : reports;
  const rule = style.palette.faint('─'.repeat(style.width));
  return `${parts.map((lines) => lines.join('\n')).join(`\n\n${rule}\n\n`)}\n`;
}
