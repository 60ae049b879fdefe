/**
 * `memscope report`: capture → profile → answers → one HTML file of at most 10 MB. Where the first file is too large, the
 * answers are taken anew with less of each.
 */
import { basename } from 'node:path';
import {
  formatBytes,
  REPORT_VERSION,
  WHOLE_VIEW,
  type EmbeddedReport,
  type Profile,
  type ViewQuery,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { cacheProfile, OpenRun, summarizeRun } from '@memscope/query';

import { EXIT, type ExitCode, UsageError } from '../exit-code.js';
import type { Host } from '../host.js';
import { findPage, memscopeVersion } from '../beside-program.js';
import type { ReadingFlags } from '../options/reading-options.js';
import type { SelectionFlags } from '../options/selection-options.js';
import { startSteps } from '../terminal/progress.js';
import { writeOutput } from '../terminal/write-output.js';
import { readProfile } from '../views/read-profile.js';
import { asUsage, queryHost, viewOf } from '../views/selection-request.js';
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
}

/** Throws `UsageError`. */
export async function runReport(path: string, flags: ReportFlags, host: Host): Promise<ExitCode> {
  const output = flags.output ?? defaultOutput(path);
  // What is wrong with the place or the flags is said before a capture is read.
  if (output !== '-') await checkPlace(output, path, flags.force);
  // Each answer has its own measure and merging of threads.
  const view = { ...viewOf(flags), measure: WHOLE_VIEW.measure, counts: false, splitThreads: false };
  const { code, answer: html } = await readProfile(path, flags.reading, host, async (profile) => {
    const folder = findPage();
    if (folder === null) throw new Error('the page has not been built: a report needs it');
    const steps = startSteps(host, 'answers for the report');
    const request = { name: nameOf(path), view, parts: await readPageParts(folder) };
    try {
      return await makeReport(profile, request, host.signal, steps?.show);
    } finally {
      steps?.stop();
    }
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

export interface ReportRequest {
  /** Of the run, for people. */
  readonly name: string;
  readonly view: ViewQuery;
  readonly parts: PageParts;
}

/** HTML of at most `MOST_REPORT_BYTES`; null where it was interrupted. Throws `UsageError`. */
export async function makeReport(
  profile: Profile,
  { name, view, parts }: ReportRequest,
  signal: AbortSignal,
  onAnswer: (done: number, total: number) => void = () => undefined,
): Promise<string | null> {
  // Whoever opened the profile closes it.
  const run = new OpenRun(cacheProfile(profile), queryHost());
  asUsage(() => run.select(view));
  const summary = summarizeRun(run, false);
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
        run: describeRun(name, summary),
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

function defaultOutput(path: string): string {
  if (path === '-') throw new UsageError('a report of standard input needs a place: -o report.html');
  return `${path.replace(/\.memscope$/, '')}.report.html`;
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : basename(path);
}
