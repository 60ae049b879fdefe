/** Tests of both sides → a verdict for each that ran on both, and one for all. */
import {
  ARENAS_NOTE,
  sayUnfit,
  type CheckDocument,
  type CheckedRule,
  type CheckedTest,
  type CheckTestsDocument,
  type CheckVerdict,
  type Profile,
} from '@memscope/model';
import type { CheckedRuns } from '@memscope/query';

import { describeFileError, exitCodeOf, isFileError } from '../../describe-error.js';
import { EXIT, worse, type ExitCode } from '../../exit-code.js';
import type { Host } from '../../host.js';
import type { ReadingFlags } from '../../options/reading-options.js';
import { complain } from '../../terminal/write-output.js';
import type { TestCapture } from './list-tests.js';
import { sayIdle } from '../check-lines.js';
import { pairTests, type PairedTest } from './pair-tests.js';
import { TestProfiles } from './test-profiles.js';

/** Everything of the document but who wrote it. */
export type CheckedTests = Omit<CheckTestsDocument, 'schema' | 'memscopeVersion'>;

export interface ProfileSides {
  readonly base: readonly Profile[];
  readonly head: readonly Profile[];
}

/** Tests of the baseline: a folder of captures, or what a file keeps of each, by the path that its test has. */
export interface BaseTests {
  readonly tests: readonly TestCapture[];
  readonly kept: ReadonlyMap<string, readonly Profile[]>;
}

/** `base` null: budgets alone. Null where Ctrl-C was pressed. */
export async function checkTests(
  sides: { readonly base: BaseTests | null; readonly head: readonly TestCapture[] },
  reading: ReadingFlags,
  host: Host,
  check: (sides: ProfileSides) => CheckedRuns,
): Promise<{ readonly code: ExitCode; readonly answer: CheckedTests | null }> {
  const kept = sides.base?.kept ?? new Map<string, readonly Profile[]>();
  const paired = sides.base === null ? alone(pairTests([], sides.head)) : pairTests(sides.base.tests, sides.head);
  const captures = paired
    .filter(({ status }) => status === 'compared')
    .flatMap(({ base, head }) => [...base.filter((path) => !kept.has(path)), ...head]);
  const profiles = await TestProfiles.read(captures, reading, host);
  if (profiles === null) return { code: EXIT.interrupted, answer: null };
  let { code } = profiles;
  const tests: CheckedTest[] = [];
  let hidesObjects = false;
  const aboutNothing: string[] = [];
  const suppressions: CheckDocument['suppressions'][] = [];
  for (const each of paired) {
    if (host.signal.aborted) return { code: EXIT.interrupted, answer: null };
    if (each.status !== 'compared') {
      tests.push(notCompared(each));
      continue;
    }
    const ofBase = each.base.flatMap((path) => kept.get(path) ?? []);
    const read = each.base.filter((path) => !kept.has(path));
    const found = profiles.ask([...read, ...each.head], (opened) =>
      check({ base: [...ofBase, ...opened.slice(0, read.length)], head: opened.slice(read.length) }),
    );
    if (isFileError(found)) {
      complain(host, describeFileError(found));
      code = worse(code, exitCodeOf(found, false));
      tests.push({ ...notCompared(each), verdict: 'notComparable', summary: found.message });
    } else {
      const { summary, base, head: heads, rules } = found;
      suppressions.push(found.suppressions);
      // Another test may have what the filter asks for.
      if (found.aboutNothing !== null) aboutNothing.push(found.aboutNothing);
      const verdict = found.aboutNothing === null ? found.verdict : 'pass';
      hidesObjects ||= found.notes.includes(ARENAS_NOTE);
      tests.push({ test: each.test, status: each.status, verdict, summary, base, head: heads, rules });
    }
  }
  const notes = [...(hidesObjects ? [ARENAS_NOTE] : []), ...sayIdle(sumSuppressions(suppressions))];
  const answer = sumUp(tests, notes);
  if (aboutNothing.length === 0 || aboutNothing.length < answer.compared) return { code, answer };
  const why = `Nothing of any test passes the filter, so that rules are about nothing: ${aboutNothing[0]!.replace(/\.$/, '')}`;
  return { code, answer: { ...answer, verdict: 'notComparable', summary: why, aboutNothing: aboutNothing[0]! } };
}

/** Of each suppression whether it was exceeded in some test, else whether some test used it. */
function sumSuppressions(ofTests: readonly CheckDocument['suppressions'][]): CheckDocument['suppressions'] {
  return (ofTests[0] ?? []).map((first, at) => {
    const has = (status: typeof first.status): boolean => ofTests.some((each) => each[at]!.status === status);
    const status = (['exceeded', 'used'] as const).find(has);
    return status === undefined ? first : { ...first, status };
  });
}

/** Without a baseline every test is judged by itself. */
function alone(tests: readonly PairedTest[]): PairedTest[] {
  return tests.map((each) => (each.status === 'new' ? { ...each, status: 'compared' } : each));
}

function notCompared({ test, status }: PairedTest): CheckedTest {
  return { test, status, verdict: null, summary: null, base: [], head: [], rules: [] };
}

const ORDER: readonly (CheckVerdict | null)[] = ['fail', 'notComparable', 'pass', null];

/** The greatest change that failed. */
function greatestOf({ rules }: CheckedTest): number {
  const failed = rules.filter(({ verdict }) => verdict === 'fail');
  return failed.flatMap(({ functions }) => functions).reduce((most, { change }) => Math.max(most, change), 0);
}

function sumUp(all: readonly CheckedTest[], notes: readonly string[]): CheckedTests {
  const tests = all.toSorted(
    (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || greatestOf(b) - greatestOf(a),
  );
  const compared = tests.filter(({ status }) => status === 'compared');
  const failed = compared.filter(({ verdict }) => verdict === 'fail');
  const unfit = rulesAboutNothing(compared);
  const isUnknown = compared.length === 0 || compared.some(({ verdict }) => verdict === 'notComparable');
  return {
    verdict: failed.length > 0 ? 'fail' : isUnknown ? 'notComparable' : 'pass',
    summary: summarise(compared, failed, unfit),
    aboutNothing: null,
    compared: compared.length,
    failed: failed.length,
    tests,
    notes: [...sayUnfit(unfit), ...notes, ...sayOthers(tests)],
  };
}

function countTests(count: number): string {
  return count === 1 ? '1 test' : `${count} tests`;
}

/** Rules whose filter fits no test. */
function rulesAboutNothing(compared: readonly CheckedTest[]): readonly CheckedRule[] {
  const [first, ...others] = compared;
  return (first?.rules ?? []).filter(
    ({ rule, aboutNothing }) =>
      aboutNothing !== null &&
      others.every(({ rules }) => rules.some((each) => each.rule === rule && each.aboutNothing !== null)),
  );
}

function summarise(
  compared: readonly CheckedTest[],
  failed: readonly CheckedTest[],
  unfit: readonly CheckedRule[],
): string {
  const [first] = failed;
  if (first !== undefined)
    return `${failed.length} of ${countTests(compared.length)} failed: ${first.test}: ${first.summary}`;
  const unknown = compared.find(({ verdict }) => verdict === 'notComparable');
  if (unknown !== undefined) return `${unknown.test} cannot be judged: ${unknown.summary}`;
  if (compared.length === 0) return 'No test ran on both sides';
  const suppressed = compared.filter(({ rules }) =>
    rules.some(({ verdict, severity }) => verdict === 'suppressed' && severity === 'fail'),
  );
  const [hidden] = suppressed;
  const nothing = unfit.length === 0 ? '' : `, but nothing fits ${unfit.map(({ rule }) => rule).join(', ')}`;
  if (hidden === undefined) return `No regression in ${countTests(compared.length)}${nothing}`;
  const such = suppressed.length === 1 ? '' : `${suppressed.length} such tests, the first `;
  return `No regression in ${countTests(compared.length)} but what is suppressed: ${such}${hidden.test}: ${hidden.summary}`;
}

const MOST_NAMED = 5;

/** Whether a rule counts as moved what another one would take for grown. */
export function hasMoved({ rules }: Pick<CheckedTest, 'rules'>): boolean {
  return rules.some(({ moved }) => moved.length > 0);
}

/** Tests that were not compared, and why. */
function sayOthers(tests: readonly CheckedTest[]): string[] {
  const say = (status: CheckedTest['status'], what: string): string[] => {
    return list(
      tests.filter((each) => each.status === status).map(({ test }) => test),
      what,
    );
  };
  const list = (names: readonly string[], what: string): string[] => {
    if (names.length === 0) return [];
    const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : '';
    return [`${what}: ${names.slice(0, MOST_NAMED).join(', ')}${more}.`];
  };
  return [
    ...say('new', 'New, so that nothing is there to compare with'),
    ...say('vanished', 'No longer there'),
    ...say(
      'raised',
      'Raised on a side (failed, expected to fail, or skipped within), so that its memory is the traceback’s',
    ),
    ...say('ambiguous', 'Not compared, since several tests have the same name of a file'),
    ...list(
      tests.filter(hasMoved).map(({ test }) => test),
      'Memory is taken for moved, not for grown (inferred; --explain says what), in',
    ),
  ];
}
