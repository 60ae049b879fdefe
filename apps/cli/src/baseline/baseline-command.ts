/** `memscope baseline`: captures → a file of their numbers for the repository, and that file → text for people. */
import { existsSync } from 'node:fs';
import {
  countNoun,
  writeBaseline,
  writeBaselineTests,
  type BaselineDocument,
  type BaselineTestsDocument,
  type MeasuredTest,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { isTestFolder, listTests, type TestCapture } from '../check/pytest/list-tests.js';
import { TestProfiles } from '../check/pytest/test-profiles.js';
import { describeFileError, exitCodeOf, isFileError } from '../describe-error.js';
import { EXIT, type ExitCode, UsageError, worse } from '../exit-code.js';
import type { Host } from '../host.js';
import type { OutputFlags } from '../options/output-options.js';
import type { ReadingFlags } from '../options/reading-options.js';
import { placeToReplace, replaceFile } from '../report/report-file.js';
import { refuseFamily, sayUnnamed } from '../reading/side-families.js';
import { reportStyle } from '../terminal/report-style.js';
import { complain, writeJson, writeOutput } from '../terminal/write-output.js';
import { readProfiles, type ProfileAnswer } from '../views/read-profile.js';
import { drawBaseline, drawUpdated } from './baseline-lines.js';
import { measureProfiles } from './measure-profiles.js';
import { updateDocument } from './update-document.js';
import { BASELINE_NAME, isBaselineFile, readBaseline, type AnyBaseline } from './read-baseline.js';

export interface BaselineFlags extends OutputFlags {
  readonly reading: ReadingFlags;
  /** The file that is written; null: that of the usual name. */
  readonly output: string | null;
  readonly together: boolean;
  /** RSS and duration are kept, too; also where the file has them already. */
  readonly withProcess: boolean;
  /** Also over a file that is no baseline. */
  readonly force: boolean;
}

const DEFAULT_COUNT = 10;
const GREATEST_WIDTH = 120;

export async function showBaseline(paths: readonly string[], flags: BaselineFlags, host: Host): Promise<ExitCode> {
  if (paths.length > 1) throw new UsageError('baseline show: name one file');
  const path = paths[0] ?? BASELINE_NAME;
  if (!existsSync(path)) {
    complain(host, `${printable(path)}: no such file; \`memscope baseline update capture.bin\` writes one`);
    return EXIT.input;
  }
  const document = readBaseline(path);
  const style = reportStyle(host, { ...flags, count: flags.count ?? DEFAULT_COUNT, greatestWidth: GREATEST_WIDTH });
  const text = flags.json ? writeJson(document) : drawBaseline(document, path, style).join('\n');
  await writeOutput(host, `${text}\n`, flags);
  return EXIT.fine;
}

export async function updateBaseline(paths: readonly string[], flags: BaselineFlags, host: Host): Promise<ExitCode> {
  if (paths.length === 0) {
    throw new UsageError(
      'baseline update: name the captures to keep the numbers of, as in `memscope baseline update new-*.bin`',
    );
  }
  const output = flags.output ?? BASELINE_NAME;
  const before = readBefore(output, flags.force);
  const [folder] = paths;
  const isOfTests = paths.some((path) => isTestFolder(path));
  if (isOfTests && paths.length > 1) {
    throw new UsageError('baseline update: of tests name one folder that pytest-memray filled');
  }
  const { code, answer: measured } = isOfTests
    ? await measureTests(listTests(folder!), flags, host)
    : await measurePrograms(paths, flags, host);
  if (measured === null) return code;
  const answer = updateDocument(before, measured, flags.withProcess);
  const text = answer.schema === 'memscope.baseline/1' ? writeBaseline(answer) : writeBaselineTests(answer);
  await replaceFile(output, text, host.signal);
  if (host.signal.aborted) return EXIT.interrupted;
  const style = reportStyle(host, { ...flags, count: flags.count ?? DEFAULT_COUNT, greatestWidth: GREATEST_WIDTH });
  const said = flags.json
    ? writeJson(answer)
    : drawUpdated({ before, after: answer, path: output, bytes: Buffer.byteLength(text) }, style).join('\n');
  await writeOutput(host, `${said}\n`, flags);
  return code;
}

/**
 * What stands there already; null where nothing that can be compared does. Throws `UsageError`, also for what is no file,
 * such as a pipe that nobody reads.
 */
function readBefore(output: string, force: boolean): AnyBaseline | null {
  const place = placeToReplace(output);
  if (!place.isThere) return null;
  if (!place.isFile) throw new UsageError(`${printable(output)} is no regular file; name another place with -o`);
  try {
    return readBaseline(output);
  } catch (error) {
    // One with conflicts in it is written anew.
    if (force || (isBaselineFile(output) && error instanceof UsageError && /conflicts/.test(error.message)))
      return null;
    throw new UsageError(`${printable(output)} is there and is no baseline; --force replaces it`, { cause: error });
  }
}

async function measurePrograms(
  paths: readonly string[],
  { reading, together }: BaselineFlags,
  host: Host,
): Promise<ProfileAnswer<BaselineDocument>> {
  const { code, answer } = await readProfiles({ paths, together: true }, reading, host, (profiles) => {
    if (!together) refuseFamily('baseline update', profiles);
    for (const remark of sayUnnamed(profiles)) complain(host, `baseline update: ${printable(remark)}`);
    return measureProfiles(profiles, together);
  });
  if (answer === null) return { code, answer };
  if (typeof answer !== 'string') return { code, answer: { schema: 'memscope.baseline/1', ...answer } };
  complain(host, `baseline update: ${printable(answer)}`);
  return { code: EXIT.input, answer: null };
}

async function measureTests(
  captures: readonly TestCapture[],
  { reading, together }: BaselineFlags,
  host: Host,
): Promise<ProfileAnswer<BaselineTestsDocument>> {
  if (together) throw new UsageError('baseline update: tests are not processes of one program: leave --together out');
  const kept = captures.filter(({ hasRaised }) => !hasRaised);
  const profiles = await TestProfiles.read(
    kept.map(({ path }) => path),
    reading,
    host,
  );
  if (profiles === null) return { code: EXIT.interrupted, answer: null };
  let { code } = profiles;
  const tests: MeasuredTest[] = [];
  for (const [first, ...others] of groupTests(kept)) {
    if (host.signal.aborted) return { code: EXIT.interrupted, answer: null };
    const paths = [first, ...others].map(({ path }) => path);
    const found = profiles.ask(paths, (opened) => measureProfiles(opened, false));
    if (isFileError(found)) {
      complain(host, describeFileError(found));
      code = worse(code, exitCodeOf(found, false));
    } else if (typeof found === 'string') {
      complain(host, `${printable(first.testId ?? first.name)} is left out: ${printable(found)}`);
      code = worse(code, EXIT.input);
    } else {
      const { testId, name, isCut } = first;
      tests.push({ test: testId ?? name, name, isCut, hasId: testId !== null, ...found });
    }
  }
  const raised = captures.length - kept.length;
  if (raised > 0)
    complain(host, `${countNoun(raised, 'test')} that raised left out: the memory would be the traceback's`);
  if (tests.length === 0) {
    complain(host, 'baseline update: no test of the folder can be kept');
    return { code: EXIT.input, answer: null };
  }
  tests.sort((a, b) => (a.test < b.test ? -1 : a.test > b.test ? 1 : 0));
  return { code, answer: { schema: 'memscope.baseline-tests/1', tests } };
}

/** Several captures of one id are repetitions; without an id nobody knows. */
function groupTests(captures: readonly TestCapture[]): [TestCapture, ...TestCapture[]][] {
  const groups = new Map<string, [TestCapture, ...TestCapture[]]>();
  for (const capture of captures) {
    const key = capture.testId ?? `\0${capture.path}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [capture]);
    else group.push(capture);
  }
  return [...groups.values()];
}
