/**
 * `memscope analyze`: from paths to profiles to reports. Standard output gets the report (or one JSON document) and
 * nothing else; progress, warnings and errors go to standard error.
 */
import { statSync } from 'node:fs';
import { sep } from 'node:path';
import { analyze, canOrderBy, type Analysis, type Measure } from '@memscope/model';

import { analysisDocument, ANALYSIS_LIST_SCHEMA, writeJson } from './analysis-document.js';
import { combineCaptures } from './combined-table.js';
import { describeFileError, exitCodeOf, isFileError, labelFileError, type FileError } from '../describe-error.js';
import { EXIT, worse, type ExitCode } from '../exit-code.js';
import type { Engine, Host } from '../host.js';
import { memscopeVersion } from '../memscope-version.js';
import { createPalette, wantsColor } from '../terminal/palette.js';
import { printable } from '../terminal/printable.js';
import { startProgress } from '../terminal/progress.js';
import { renderReport } from './report.js';
import type { ReportStyle } from '../terminal/report-style.js';
import { writeOutput } from '../terminal/write-output.js';

export interface AnalyzeOptions {
  readonly output?: string;
  /** Null: 10 rows in the report, all in JSON. */
  readonly count: number | null;
  /** Null: a table for each measure but `temporary`, lists ordered by peak. */
  readonly sort: Measure | null;
  readonly json: boolean;
  readonly force: boolean;
  readonly temporaryThreshold?: number;
  readonly maxTicks?: number;
  readonly jobs?: number;
  readonly color: boolean;
  readonly pager: boolean;
}

const DEFAULT_COUNT = 10;
const DEFAULT_MEASURES: readonly Measure[] = ['peak', 'leaked', 'total', 'count'];
const PIPED_WIDTH = 80;
const LEAST_WIDTH = 60;
const GREATEST_WIDTH = 100;

type Result = { readonly analysis: Analysis } | { readonly error: FileError };

/** Wrong usage that only shows once the parameters are looked at. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export async function runAnalyze(args: readonly string[], options: AnalyzeOptions, host: Host): Promise<ExitCode> {
  const engine = await host.loadEngine();
  const { paths, failures } = await engine.expandInputs([...args]);
  if (options.output !== undefined && paths.length > 1 && !isFolder(options.output)) {
    throw new UsageError(`-o ${printable(options.output)}: ${paths.length} captures need a folder for their profiles`);
  }
  const results: Result[] = [
    ...(paths.length > 0 ? await readCaptures(paths, options, host, engine) : []),
    ...failures.map((error) => ({ error })),
  ];
  if (host.signal.aborted) return EXIT.interrupted;

  let code: ExitCode = EXIT.fine;
  for (const result of results) {
    code = worse(code, 'error' in result ? exitCodeOf(result.error) : warn(result.analysis, options, host));
    if ('error' in result) complain(host, describeFileError(result.error));
  }
  const text = options.json ? renderDocument(results, options) : renderText(results, options, host);
  await writeOutput(host, text, options);
  return code;
}

async function readCaptures(
  paths: readonly string[],
  options: AnalyzeOptions,
  host: Host,
  engine: Engine,
): Promise<Result[]> {
  const progress = startProgress(host);
  try {
    const { output, force, temporaryThreshold, maxTicks, jobs } = options;
    const outcomes = await engine.ingest({
      paths,
      force,
      signal: host.signal,
      ...(output === undefined ? {} : { output }),
      ...(temporaryThreshold === undefined ? {} : { temporaryThreshold }),
      ...(maxTicks === undefined ? {} : { maxTicks }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(progress === null ? {} : { onProgress: progress.show }),
    });
    return outcomes.map((outcome) =>
      outcome.error === undefined
        ? openAndAnalyze(outcome.profilePath, options.sort ?? 'peak', engine)
        : { error: outcome.error },
    );
  } finally {
    progress?.stop();
  }
}

function openAndAnalyze(profilePath: string, measure: Measure, engine: Engine): Result {
  try {
    const profile = engine.openProfile(profilePath);
    try {
      return { analysis: analyze(profile, measure) };
    } finally {
      profile.close();
    }
  } catch (error) {
    if (isFileError(error)) return { error };
    throw error;
  }
}

/**
 * Says on standard error what is wrong with a capture that could be read, unless the report on the same terminal does;
 * returns what that means for the exit.
 */
function warn({ capture, notes, findings }: Analysis, { json }: AnalyzeOptions, host: Host): ExitCode {
  const incomplete = findings.find(({ rule }) => rule === 'captureIncomplete');
  if (incomplete === undefined) return EXIT.fine;
  const path = capture.path === '-' ? 'standard input' : printable(capture.path);
  const shown = !json && host.stdout.isTTY === true && host.stderr.isTTY === true;
  if (!shown) complain(host, `warning: ${path}: ${incomplete.title}. ${printable(incomplete.text)}`);
  return notes.damage === null || notes.damage.kind === 'killed' ? EXIT.fine : EXIT.input;
}

function renderDocument(results: readonly Result[], options: AnalyzeOptions): string {
  const documentOptions = { memscopeVersion: memscopeVersion(), count: options.count };
  const [only] = results;
  if (results.length === 1 && only !== undefined) {
    return 'analysis' in only ? `${writeJson(analysisDocument(only.analysis, documentOptions))}\n` : '';
  }
  const list = {
    schema: ANALYSIS_LIST_SCHEMA,
    memscopeVersion: documentOptions.memscopeVersion,
    analyses: results.flatMap((result) =>
      'analysis' in result ? [analysisDocument(result.analysis, documentOptions)] : [],
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
  const { stdout, env } = host;
  const style: ReportStyle = {
    width: stdout.isTTY === true ? clampWidth(stdout.columns ?? PIPED_WIDTH) : PIPED_WIDTH,
    count: options.count ?? DEFAULT_COUNT,
    palette: createPalette(wantsColor(options.color, env, stdout.isTTY === true)),
  };
  const reports = results.flatMap((result) => {
    if ('error' in result) return [];
    const asked = options.sort === null ? DEFAULT_MEASURES : [options.sort];
    // A capture that cannot be ordered so is ordered by peak; the report says why.
    const usable = asked.some((measure) => canOrderBy(result.analysis.capture, measure))
      ? asked
      : ['peak' as const, ...asked];
    return [renderReport(result.analysis, usable, style)];
  });
  if (reports.length === 0) return '';
  const parts =
    results.length > 1
      ? [
          combineCaptures(
            results.map((result) =>
              'analysis' in result ? result : { path: result.error.path, failure: labelFileError(result.error) },
            ),
            style,
          ),
          ...reports,
        ]
      : reports;
  const rule = style.palette.faint('─'.repeat(style.width));
  return `${parts.map((lines) => lines.join('\n')).join(`\n\n${rule}\n\n`)}\n`;
}

function isFolder(path: string): boolean {
  return path.endsWith(sep) || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

function clampWidth(columns: number): number {
  return Math.min(GREATEST_WIDTH, Math.max(LEAST_WIDTH, columns));
}

function complain(host: Host, line: string): void {
  host.stderr.write(`memscope: ${line}\n`);
}
