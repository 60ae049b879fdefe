/**
 * `memscope analyze`: from paths to profiles to reports. Standard output gets the report (or one JSON document) and
 * nothing else; progress, warnings and errors go to standard error.
 */
import { statSync } from 'node:fs';
import { sep } from 'node:path';
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
import { printable } from '@memscope/model/text/printable';
import { analyzeRun, cacheProfile } from '@memscope/query';

import { describeFileError, exitCodeOf, labelFileError } from '../describe-error.js';
import { EXIT, type ExitCode, UsageError, worse } from '../exit-code.js';
import type { Host } from '../host.js';
import { memscopeVersion } from '../beside-program.js';
import type { OutputFlags } from '../options/output-options.js';
import type { ReadingFlags } from '../options/reading-options.js';
import type { SelectionFlags } from '../options/selection-options.js';
import { askProfile, readCaptures, type Answer } from '../reading/read-captures.js';
import { warnIncomplete } from '../reading/warn-incomplete.js';
import { warnSymbols } from '../reading/warn-symbols.js';
import { complain, writeJson, printCsv, writeOutput } from '../terminal/write-output.js';
import { reportStyle } from '../terminal/report-style.js';
import { readProfiles } from '../views/read-profile.js';
import { asUsage, runOf, viewOf } from '../views/selection-request.js';
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

const DEFAULT_COUNT = 10;
const DEFAULT_MEASURES: readonly Measure[] = ['peak', 'leaked', 'total', 'count'];
const GREATEST_WIDTH = 100;

type Result = Answer<Analysis>;

export async function runAnalyze(args: readonly string[], options: AnalyzeOptions, host: Host): Promise<ExitCode> {
  if (options.together) return analyzeTogether(args, options, host);
  const { output } = options.reading;
  // What is wrong with the flags is said before a capture is read.
  const view = viewOf(options.part, 'python');
  const engine = await host.loadEngine();
  const { paths, failures } = await engine.expandInputs([...args]);
  if (output !== undefined && paths.length > 1 && !isFolder(output)) {
    throw new UsageError(`-o ${printable(output)}: ${paths.length} captures need a folder for their profiles`);
  }
  const read = paths.length > 0 ? await readCaptures(paths, options.reading, host, engine) : null;
  const results: Result[] = [];
  for (const outcome of read?.outcomes ?? []) {
    results.push(
      outcome.error === undefined
        ? await askProfile(outcome.profilePath, engine, (profile) => analyzeAs([profile], view, options))
        : { error: outcome.error },
    );
  }
  results.push(...failures.map((error) => ({ error })));
  if (host.signal.aborted) return EXIT.interrupted;

  // The report itself says what is wrong with a capture.
  const isShown = !options.json && !options.csv && host.stdout.isTTY === true && host.stderr.isTTY === true;
  let code = read?.code ?? EXIT.fine;
  for (const result of results) {
    if ('error' in result) complain(host, describeFileError(result.error));
    else warnSymbols(result.answer, host);
    code = worse(
      code,
      'error' in result ? exitCodeOf(result.error, output !== undefined) : warnIncomplete(result.answer, host, isShown),
    );
  }
  await writeOutput(host, render(results, options, host), options);
  return code;
}

/** What cannot be read fails all: a sum without it would be another. */
async function analyzeTogether(args: readonly string[], options: AnalyzeOptions, host: Host): Promise<ExitCode> {
  const named = { paths: args, together: true };
  const view = viewOf(options.part, 'python');
  const { code, answer } = await readProfiles(named, options.reading, host, (profiles) =>
    analyzeAs(profiles, view, options),
  );
  if (answer !== null) await writeOutput(host, render([{ answer }], options, host), options);
  return code;
}

function render(results: readonly Result[], options: AnalyzeOptions, host: Host): string {
  if (options.json) return renderDocument(results, options);
  if (!options.csv) return renderText(results, options, host);
  const analyses = results.flatMap((result) => ('answer' in result ? [result.answer] : []));
  return analyses.length === 0 ? '' : printCsv(tableLocations(analyses, options.count), host);
}

function analyzeAs(profiles: readonly Profile[], view: ViewQuery, { part, sort }: AnalyzeOptions): Analysis {
  // Lifetimes are looked at a few times: to keep them in order would take longer.
  const run = runOf(profiles.map((profile) => cacheProfile(profile, 0)));
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

function isFolder(path: string): boolean {
  return path.endsWith(sep) || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
