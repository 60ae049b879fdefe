/**
 * `memscope report`: captures → profiles → answers → one HTML file of at most 10 MB. Where the first file is too large, the
 * answers are taken anew with less of each.
 */
import {
  formatBytes,
  nameRuns,
  REPORT_VERSION,
  WHOLE_VIEW,
  type EmbeddedReport,
  type Profile,
  type Run,
  type RunSet,
  type ViewQuery,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { cacheProfile, OpenRun, summarizeRun, type QueryHost } from '@memscope/query';

import { EXIT, type ExitCode, UsageError } from '../exit-code.js';
import type { Host } from '../host.js';
import { findPage, memscopeVersion } from '../beside-program.js';
import type { ReadingFlags } from '../options/reading-options.js';
import type { SelectionFlags } from '../options/selection-options.js';
import { startSteps } from '../terminal/progress.js';
import { writeOutput } from '../terminal/write-output.js';
import { readProfiles, readSides, refuseSeveral } from '../views/read-profile.js';
import { queryHost } from '../views/query-host.js';
import { asUsage, viewOf } from '../views/selection-request.js';
import type { NamedSides } from '../views/view-options.js';
import { collectAnswers, describeRun } from './collect-answers.js';
import { checkPlace, replaceFile } from './report-file.js';
import { MOST_REPORT_BYTES, REPORT_LIMITS } from './report-limits.js';
import { readPageParts, writeHtml, type PageParts } from './write-html.js';

export interface ReportFlags extends SelectionFlags {
  /** Null: beside the capture; `-`: standard output. */
  readonly output: string | null;
  /** Replace what is no report. */
  readonly force: boolean;
  readonly reading: ReadingFlags;
  /** Several captures of a side are taken as one. */
  readonly together: boolean;
}

/** Throws `UsageError`. */
export async function runReport({ head, base }: NamedSides, flags: ReportFlags, host: Host): Promise<ExitCode> {
  const output = flags.output ?? defaultOutput(head[0]!, base.length > 0 ? 'diff' : 'report');
  // What is wrong with the place or the flags is said before a capture is read.
  if (output !== '-') for (const path of [...head, ...base]) await checkPlace(output, path, flags.force);
  const view = viewOfReport(viewOf(flags));
  const makeOf = async (set: RunSet): Promise<string | null> => {
    const folder = findPage();
    if (folder === null) throw new Error('the page has not been built: a report needs it');
    const steps = startSteps(host, 'answers for the report');
    try {
      return await makeReport(set, { view, parts: await readPageParts(folder) }, host.signal, steps?.show);
    } finally {
      steps?.stop();
    }
  };
  const { reading, together } = flags;
  const { code, answer: html } =
    base.length === 0
      ? await readProfiles({ paths: head, together }, reading, host, (profiles) => makeOf({ head: profiles, base: [] }))
      : await readSides({ base, head }, reading, host, (sides) => {
          refuseSeveral(sides, together);
          return makeOf(sides);
        });
  if (html === null) return host.signal.aborted ? EXIT.interrupted : code;
  if (output === '-') await writeOutput(host, html, { pager: false });
  else {
    await replaceFile(output, html, host.signal);
    if (host.signal.aborted) return EXIT.interrupted;
    host.stdout.write(`memscope: wrote ${printable(output)}, ${formatBytes(Buffer.byteLength(html))}\n`);
  }
  return code;
}

/** Each answer has its own measure and merging of threads, and bytes as well as counts. */
export function viewOfReport(view: ViewQuery): ViewQuery {
  return { ...view, measure: WHOLE_VIEW.measure, counts: false, splitThreads: false };
}

export interface ReportRequest {
  readonly view: ViewQuery;
  readonly parts: PageParts;
}

/** HTML of at most `MOST_REPORT_BYTES`; null where it was interrupted. Throws `UsageError`. */
export async function makeReport(
  set: RunSet,
  { view, parts }: ReportRequest,
  signal: AbortSignal,
  onAnswer: (done: number, total: number) => void = () => undefined,
): Promise<string | null> {
  // Whoever opened the profile closes it.
  const cached = {
    head: set.head.map((profile) => cacheProfile(profile)),
    base: set.base.map((profile) => cacheProfile(profile)),
  };
  const run = new OpenRun(cached, queryHost());
  asUsage(() => run.select(view));
  const pace = (done: number, total: number): Promise<void> =>
    new Promise((resolve, reject) => {
      onAnswer(done, total);
      setImmediate(() => {
        if (signal.aborted) reject(new InterruptedError('Ctrl-C'));
        else resolve();
      });
    });
  try {
    for (const limits of REPORT_LIMITS) {
      const report: EmbeddedReport = {
        version: REPORT_VERSION,
        memscopeVersion: memscopeVersion(),
        runs: describeRuns(cached, run.host),
        view,
        limits,
        ...(await collectAnswers(run, view, limits, pace)),
      };
      const html = writeHtml(parts, report);
      if (Buffer.byteLength(html) <= MOST_REPORT_BYTES) return html;
    }
  } catch (error) {
    if (error instanceof InterruptedError) return null;
    throw error;
  }
  throw new Error(`no report of this profile is smaller than ${MOST_REPORT_BYTES} bytes`);
}

class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

function defaultOutput(path: string, kind: 'diff' | 'report'): string {
  if (path === '-') throw new UsageError('a report of standard input needs a place: -o report.html');
  return `${path.replace(/\.memscope$/, '')}.${kind}.html`;
}

function describeRuns({ head, base }: RunSet, host: QueryHost): EmbeddedReport['runs'] {
  const names = nameRuns([...head, ...base].map((profile) => ({ profile })));
  const describe = (profiles: readonly Profile[], side: string, first: number): Run[] =>
    profiles.map((profile, at) => {
      const name = names[first + at]!;
      const summary = summarizeRun(new OpenRun(profile, host), false);
      return describeRun(`${side}-${at + 1}`, name === '-' ? 'standard input' : name, summary);
    });
  return { head: describe(head, 'head', 0), base: describe(base, 'base', head.length) };
}
