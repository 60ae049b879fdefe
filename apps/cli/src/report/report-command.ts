/**
 * `memscope report`: captures → profiles → answers → one HTML file of at most 10 MB. Where the first file is too large, the
 * answers are taken anew with less of each.
 */
import {
  countNoun,
  formatBytes,
  isHeldWhole,
  nameRuns,
  REPORT_VERSION,
  WHOLE_VIEW,
  type EmbeddedReport,
  type Profile,
  type Run,
  type RunSet,
  type SourceLookup,
  type ViewQuery,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { cacheProfile, OpenRun, summarizeRun, type QueryHost } from '@memscope/query';

import { EXIT, type ExitCode, UsageError } from '../exit-code.js';
import type { Host } from '../host.js';
import { findReportPage, memscopeVersion } from '../beside-program.js';
import type { ReadingFlags } from '../options/reading-options.js';
import type { SelectionFlags } from '../options/selection-options.js';
import { findSources } from '../reading/find-sources.js';
import { startSteps } from '../terminal/progress.js';
import { complain, writeOutput } from '../terminal/write-output.js';
import { readProfiles, readSides, refuseSeveral } from '../views/read-profile.js';
import { queryHost } from '../views/query-host.js';
import { asUsage, viewOf } from '../views/selection-request.js';
import type { NamedSides } from '../views/view-options.js';
import { collectAnswers, describeRun } from './collect-answers.js';
import { canBeWhole, embedProfiles } from './embed-profiles.js';
import { checkPlace, replaceFile } from './report-file.js';
import { MOST_REPORT_BYTES, REPORT_LIMITS } from './report-limits.js';
import { takeSourceLines } from './take-source-lines.js';
import { packReport, readPageParts, writeHtml, type PageParts } from './write-html.js';

export interface ReportFlags extends SelectionFlags {
  /** Null: beside the capture; `-`: standard output. */
  readonly output: string | null;
  /** Replace what is no report. */
  readonly force: boolean;
  readonly reading: ReadingFlags;
  /** Folders from which lines of source may be taken along. */
  readonly source: readonly string[];
  /** Several captures of a side are taken as one; else the first is shown, and the others can be chosen. */
  readonly together: boolean;
}

/** Takes as long as the answers, of a large profile. */
const PACKING = 'packing the profile';
/** What answers leave for the profiles at the least. */
const LEAST_PROFILE_BYTES = 2_500_000;
/** Of what is said of runs and their profiles, beside answers. */
const ROOM_OF_REPORT = 100_000;

/** Throws `UsageError`. */
export async function runReport({ head, base }: NamedSides, flags: ReportFlags, host: Host): Promise<ExitCode> {
  const output = flags.output ?? defaultOutput(head[0]!, base.length > 0 ? 'diff' : 'report');
  // What is wrong with the place or the flags is said before a capture is read.
  if (output !== '-') for (const path of [...head, ...base]) await checkPlace(output, path, flags.force);
  const view = viewOfReport(viewOf(flags));
  const sources = flags.source.length === 0 ? null : findSources(flags.source);
  let takenLines = 0;
  const makeOf = async (set: RunSet, others: readonly Profile[] = []): Promise<string | null> => {
    const folder = findReportPage();
    if (folder === null) throw new Error('the page has not been built: a report needs it');
    const steps = startSteps(host, 'making the report');
    try {
      return await makeReport(
        set,
        { view, parts: await readPageParts(folder), sources, others, onLines: (lines) => (takenLines = lines) },
        host.signal,
        steps?.show,
      );
    } finally {
      steps?.stop();
    }
  };
  const { reading, together } = flags;
  const { code, answer: html } =
    base.length === 0
      ? await readProfiles({ paths: head, together: true }, reading, host, ([first, ...more]) =>
          together ? makeOf({ head: [first!, ...more], base: [] }) : makeOf({ head: [first!], base: [] }, more),
        )
      : await readSides({ base, head }, reading, host, (sides) => {
          refuseSeveral(sides, together);
          return makeOf(sides);
        });
  if (html === null) return host.signal.aborted ? EXIT.interrupted : code;
  if (output === '-') await writeOutput(host, html, { pager: false });
  else {
    await replaceFile(output, html, host.signal);
    if (host.signal.aborted) return EXIT.interrupted;
    const lines = sources === null ? '' : `, with ${countNoun(takenLines, 'line')} of source`;
    host.stdout.write(`memscope: wrote ${printable(output)}, ${formatBytes(Buffer.byteLength(html))}${lines}\n`);
  }
  if (sources !== null && takenLines === 0) {
    complain(
      host,
      'no file that stacks mention lies in the folders of --source: name those in which the packages or modules begin',
    );
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
  /** Null: no source is taken along. */
  readonly sources?: SourceLookup | null;
  /** Gets how many lines of source are at hand. */
  readonly onLines?: (lines: number) => void;
  /** Runs that are held beside those of the set. */
  readonly others?: readonly Profile[];
}

/** HTML of at most `MOST_REPORT_BYTES`; null where it was interrupted. Throws `UsageError`. */
export async function makeReport(
  set: RunSet,
  { view, parts, sources = null, others = [], onLines }: ReportRequest,
  signal: AbortSignal,
  onStep: (done: number, total: number, words?: string) => void = () => undefined,
): Promise<string | null> {
  // Whoever opened the profile closes it.
  const take = (profile: Profile): Profile => {
    const cached = cacheProfile(profile);
    return sources === null ? cached : takeSourceLines(cached, sources);
  };
  const cached = { head: set.head.map(take), base: set.base.map(take) };
  const beside = others.map(take);
  const run = new OpenRun(cached, queryHost());
  asUsage(() => run.select(view));
  const pace = (done: number, total: number, words?: string): Promise<void> =>
    new Promise((resolve, reject) => {
      onStep(done, total, words);
      setImmediate(() => {
        if (signal.aborted) reject(new InterruptedError('Ctrl-C'));
        else resolve();
      });
    });
  const bare = {
    version: REPORT_VERSION,
    memscopeVersion: memscopeVersion(),
    runs: describeRuns(cached, beside, run.host),
    view,
    limits: REPORT_LIMITS[0]!,
    held: [],
    labels: [],
    answers: {},
  } satisfies EmbeddedReport;
  const profiles = [...cached.head, ...cached.base, ...beside];
  onLines?.(profiles.reduce((sum, profile) => sum + countLines(profile), 0));
  const room = MOST_REPORT_BYTES - Buffer.byteLength(writeHtml(parts, '', ''));
  try {
    const large = !canBeWhole(profiles);
    const whole = !large ? await embedProfiles(profiles, room - ROOM_OF_REPORT, () => pace(0, 1, PACKING)) : null;
    if (whole !== null && whole.held.every(isHeldWhole)) {
      return writeHtml(parts, packReport({ ...bare, held: whole.held }), whole.text);
    }
    for (const limits of REPORT_LIMITS) {
      const report = { ...bare, limits, ...(await collectAnswers(run, view, limits, pace, large)) };
      const left = room - packReport(report).length - ROOM_OF_REPORT;
      // Less would hold little of any profile that is too large to be whole.
      if (left < LEAST_PROFILE_BYTES && limits !== REPORT_LIMITS.at(-1)) continue;
      const folded = await embedProfiles(profiles, left, () => pace(1, 1, PACKING));
      const packed = packReport({ ...report, held: folded?.held ?? [] });
      if (packed.length + (folded?.text.length ?? 0) <= room) return writeHtml(parts, packed, folded?.text ?? '');
    }
  } catch (error) {
    if (error instanceof InterruptedError) return null;
    throw error;
  }
  throw new Error(`no report of this profile is smaller than ${MOST_REPORT_BYTES} bytes`);
}

function countLines(profile: Profile): number {
  return [...profile.sourceLines().values()].reduce((sum, lines) => sum + lines.size, 0);
}

class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

function defaultOutput(path: string, kind: 'diff' | 'report'): string {
  if (path === '-') throw new UsageError('a report of standard input needs a place: -o report.html');
  return `${path.replace(/\.memscope$/, '')}.${kind}.html`;
}

function describeRuns({ head, base }: RunSet, others: readonly Profile[], host: QueryHost): EmbeddedReport['runs'] {
  const names = nameRuns([...head, ...base, ...others].map((profile) => ({ profile })));
  const describe = (profiles: readonly Profile[], side: string, first: number): Run[] =>
    profiles.map((profile, at) => {
      const name = names[first + at]!;
      const summary = summarizeRun(new OpenRun(profile, host), false);
      return describeRun(`${side}-${at + 1}`, name === '-' ? 'standard input' : name, summary);
    });
  return {
    head: describe(head, 'head', 0),
    base: describe(base, 'base', head.length),
    others: describe(others, 'other', head.length + base.length),
  };
}
