/**
 * `memscope check`: captures or profiles, a baseline and rules → a verdict for people, as Markdown or as the document
 * `memscope.check/1`, as files that CI systems read, and as an exit code.
 */
import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import {
  DEFAULT_RULES,
  type CheckDocument,
  type CheckTestsDocument,
  type CheckVerdict,
  type ObstacleName,
} from '@memscope/model';
import { checkRuns, type CheckedRuns } from '@memscope/query';

import { memscopeVersion } from '../beside-program.js';
import { describeFileError, exitCodeOf, isFileError } from '../describe-error.js';
import { EXIT, UsageError, worse, type ExitCode } from '../exit-code.js';
import type { HistoryChoice } from '../history/history-options.js';
import type { Host } from '../host.js';
import { requirePlaceOf } from '../options/require-folder.js';
import { refuseFamily, remarkOnSides, sayUnnamed, withoutJudged } from '../reading/side-families.js';
import { replaceFile } from '../report/report-file.js';
import { reportStyle, type ReportStyle } from '../terminal/report-style.js';
import { complain, writeJson, writeOutput } from '../terminal/write-output.js';
import { readSides } from '../views/read-profile.js';
import { runOf } from '../views/query-host.js';
import { asUsage, viewOf } from '../views/selection-request.js';
import type { ViewFlags } from '../views/view-options.js';
import { chooseBaseline } from './chosen-baseline.js';
import { drawCheck, drawDefaultRules } from './check-lines.js';
import { writeCheckMarkdown, writeTestsMarkdown, writeUnreadMarkdown } from './check-markdown.js';
import { writeGithub, writeGitlab, writeJunit, writeSarif } from './ci-files.js';
import { readGateRules, type RuleFlags } from './gate-rules.js';
import { ProjectPlaces, type JudgedPart } from './place-in-project.js';
import { drawCheckTests } from './pytest/check-tests-lines.js';
import { checkTests, type CheckedTests, type ProfileSides } from './pytest/check-tests.js';
import { sidesOfTests } from './pytest/sides-of-tests.js';

export interface CheckFlags extends ViewFlags, RuleFlags {
  /** Which runs `--baseline history` means. */
  readonly history: HistoryChoice;
  readonly allow: readonly ObstacleName[];
  /** Null: all counts. */
  readonly warmUp: string | null;
  readonly explain: boolean;
  readonly markdown: boolean;
  /** Workflow commands of GitHub Actions after the text; Markdown goes to the step's summary, where there is one. */
  readonly github: boolean;
  /** Files that are written beside what is printed. */
  readonly files: Readonly<Partial<Record<CiFile, string>>>;
}

export type CiFile = 'junit' | 'sarif' | 'gitlab';

const DEFAULT_COUNT = 5;
const GREATEST_WIDTH = 120;

const CODES: Readonly<Record<CheckVerdict, ExitCode>> = {
  pass: EXIT.fine,
  fail: EXIT.failed,
  notComparable: EXIT.input,
};

/** What is to be said, and the code to end with. */
interface Judged {
  readonly code: ExitCode;
  readonly write: () => Promise<void>;
}

export async function runCheck(head: readonly string[], flags: CheckFlags, host: Host): Promise<ExitCode> {
  refuseBadPlaces(flags);
  let judged: Judged;
  try {
    judged = await judgeAll(head, flags, host);
  } catch (error) {
    // A report of the last time would still stand where CI looks for one.
    if (error instanceof UsageError) await writeUnjudged(error.message, flags, host);
    // Of a history or a folder of tests; what is wrong with captures is told where they are read.
    if (!isFileError(error)) throw error;
    complain(host, describeFileError(error));
    await writeUnjudged(describeFileError(error), flags, host);
    return exitCodeOf(error);
  }
  await judged.write();
  return judged.code;
}

async function judgeAll(head: readonly string[], flags: CheckFlags, host: Host): Promise<Judged> {
  const style = reportStyle(host, { ...flags, count: flags.count ?? DEFAULT_COUNT, greatestWidth: GREATEST_WIDTH });
  if (head.length === 0) {
    if (flags.json && flags.explain)
      throw new UsageError(
        'check: of captures --json has the arithmetic of each rule; the default rules by themselves are text: leave out --json',
      );
    if (!flags.explain)
      throw new UsageError('check: name the capture to judge, as in `memscope check new.bin --baseline old.bin`');
    const text = `${drawDefaultRules(DEFAULT_RULES, style).join('\n')}\n`;
    return { code: EXIT.fine, write: () => writeOutput(host, text, flags) };
  }
  const { config, rules } = readGateRules(flags);
  const allowed = [...config.allow, ...flags.allow];
  const view = viewOf(flags);
  const check = (sides: ProfileSides): CheckedRuns =>
    asUsage(() =>
      checkRuns(runOf(sides.head, sides.base), view, {
        rules,
        suppressions: config.suppressions,
        allowed,
        together: flags.together,
        warmUp: flags.warmUp,
        today: new Date().toISOString().slice(0, 10),
      }),
    );
  const baseline = chooseBaseline(flags.baseline, flags.together, flags.history);
  const tests = sidesOfTests(head, flags.baseline, baseline);
  if (tests !== null) {
    const { code, answer } = await checkTests(tests, flags.reading, host, check);
    if (answer === null) return { code, write: () => Promise.resolve() };
    return {
      code: worse(code, codeOf(answer)),
      write: () =>
        write(renderTests(answer, flags, style), partsOf(answer), markdownOfTests(answer, flags), flags, host),
    };
  }
  let remarks: readonly string[] = [];
  const read = await readSides({ base: baseline.captures, head }, flags.reading, host, (sides) => {
    if (!flags.together) for (const side of [sides.base, sides.head]) refuseFamily('check', side);
    remarks = remarkOnSides(sides, flags);
    const { kept, notes } = baseline.history?.(sides.head) ?? { kept: baseline.kept, notes: [] };
    const others = flags.together ? sides.base : withoutJudged(sides);
    if (others.length < sides.base.length)
      remarks = [...remarks, 'It is what is judged, and left out of the baseline.'];
    const checked = check({ base: [...kept, ...others], head: sides.head });
    const left = sayUnnamed(sides.head).length > 0 ? '; other processes of the run are not counted' : '';
    return {
      ...checked,
      summary: `${checked.summary}${left}`,
      notes: [...remarks, ...notes, ...checked.notes],
    };
  });
  const { code, answer, failure } = read;
  if (answer === null) {
    const write = async (): Promise<void> => {
      if (failure !== undefined) await writeUnjudged(describeFileError(failure), flags, host);
    };
    return { code, write };
  }
  const markdown = (): string => writeCheckMarkdown(answer, flags.count ?? DEFAULT_COUNT);
  const part = { test: null, rules: answer.rules, unjudged: sayUnjudged(answer.verdict, answer.summary) };
  return {
    // What was read of a cut capture is judged as any other where that is allowed.
    code: allowed.includes('incomplete') ? codeOf(answer) : worse(code, codeOf(answer)),
    write: () => write(render(answer, remarks, flags, style), [part], markdown, flags, host),
  };
}

/** What was not judged is no pass for whoever looks at reports alone. */
async function writeUnjudged(unjudged: string, flags: CheckFlags, host: Host): Promise<void> {
  const markdown = (): string => writeUnreadMarkdown(unjudged);
  if (flags.markdown) await writeOutput(host, `${markdown()}\n`, flags);
  await writeReports([{ test: null, rules: [], unjudged }], markdown, flags, host);
}

/** A filter that nothing passes was asked for by mistake, whatever follows of it. */
function codeOf({ verdict, aboutNothing }: Pick<CheckDocument, 'verdict' | 'aboutNothing'>): ExitCode {
  return aboutNothing === null ? CODES[verdict] : EXIT.usage;
}

/** A file that cannot be written is wrong usage, after everything was printed. */
async function write(
  text: string,
  judged: readonly JudgedPart[],
  markdown: () => string,
  flags: CheckFlags,
  host: Host,
): Promise<void> {
  await writeOutput(host, flags.github ? withoutCommands(text) : text, flags);
  await writeReports(judged, markdown, flags, host);
}

/** Of tests that were compared; first, where none of them says so, that nothing was judged. */
function partsOf({ tests, verdict: whole, summary: why }: CheckedTests): JudgedPart[] {
  const parts = tests
    .filter(({ verdict }) => verdict !== null)
    .map(({ test, rules, verdict, summary }) => ({ test, rules, unjudged: sayUnjudged(verdict, summary) }));
  const isSaid = whole !== 'notComparable' || parts.some(({ unjudged }) => unjudged !== null);
  return isSaid ? parts : [{ test: null, rules: [], unjudged: why }, ...parts];
}

function sayUnjudged(verdict: CheckVerdict | null, summary: string | null): string | null {
  return verdict === 'notComparable' ? (summary ?? 'not comparable') : null;
}

/** For CI systems: workflow commands, the step's summary, and files. */
async function writeReports(
  judged: readonly JudgedPart[],
  markdown: () => string,
  flags: CheckFlags,
  host: Host,
): Promise<void> {
  const places = new ProjectPlaces(process.cwd());
  const files: Readonly<Record<CiFile, () => string>> = {
    junit: () => writeJunit(judged),
    sarif: () => writeSarif(judged, places),
    gitlab: () => writeGitlab(judged, places),
  };
  if (flags.github) await writeOutput(host, writeGithub(judged, places), { pager: false });
  const summary = host.env['GITHUB_STEP_SUMMARY'];
  if ((flags.github || flags.markdown) && summary !== undefined && summary !== '') {
    await appendFile(summary, `${markdown()}\n\n`);
  }
  for (const name of ['junit', 'sarif', 'gitlab'] as const) {
    const path = flags.files[name];
    if (path !== undefined) await replaceFile(path, files[name](), host.signal);
  }
}

/** GitHub's runner looks for commands in every line: names of a capture that look like some must not be any. */
function withoutCommands(text: string): string {
  const token = randomUUID();
  return `::stop-commands::${token}\n${text}::${token}::\n`;
}

/** Before captures are read, or a program runs for hours. Throws `UsageError`. */
export function refuseBadPlaces({ files }: Pick<CheckFlags, 'files'>): void {
  for (const [name, path] of Object.entries(files)) requirePlaceOf(path, `--${name}`);
}

/** `remarks` are notes that stand before the numbers. */
function render(answer: CheckedRuns, remarks: readonly string[], flags: CheckFlags, style: ReportStyle): string {
  if (flags.json) return `${writeJson(documentOf(answer, flags.count))}\n`;
  if (flags.markdown) return `${writeCheckMarkdown(answer, flags.count ?? DEFAULT_COUNT)}\n`;
  return `${drawCheck(answer, remarks, style, flags.explain).join('\n')}\n`;
}

function renderTests(answer: CheckedTests, flags: CheckFlags, style: ReportStyle): string {
  if (flags.json) return `${writeJson(testsDocumentOf(answer, flags.count))}\n`;
  if (flags.markdown) return `${markdownOfTests(answer, flags)()}\n`;
  return `${drawCheckTests(answer, style, flags.explain).join('\n')}\n`;
}

function markdownOfTests(answer: CheckedTests, flags: CheckFlags): () => string {
  return () => writeTestsMarkdown(answer, flags.count ?? DEFAULT_COUNT);
}

function documentOf(answer: CheckedRuns, count: number | null): CheckDocument {
  return {
    schema: 'memscope.check/1',
    memscopeVersion: memscopeVersion(),
    ...answer,
    rules: fewRows(answer.rules, count),
  };
}

function testsDocumentOf(answer: CheckedTests, count: number | null): CheckTestsDocument {
  return {
    schema: 'memscope.check-tests/1',
    memscopeVersion: memscopeVersion(),
    ...answer,
    tests: answer.tests.map((test) => ({ ...test, rules: fewRows(test.rules, count) })),
  };
}

function fewRows(rules: CheckDocument['rules'], count: number | null): CheckDocument['rules'] {
  return rules.map((rule) => ({
    ...rule,
    functions: rule.functions.slice(0, count ?? rule.functions.length),
    suppressed: rule.suppressed.slice(0, count ?? rule.suppressed.length),
  }));
}
