/**
 * The verdict of a gate → what CI systems read: annotations of GitHub Actions, JUnit's XML, SARIF 2.1.0, and the code
 * quality report of GitLab. Places are those of the project (place-in-project.ts); names are escaped as each wants it.
 */
import { createHash } from 'node:crypto';
import { create } from 'xmlbuilder2';
import { nameChange, parseRule, sayAmount, type CheckedRow, type CheckedRule } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { memscopeVersion } from '../beside-program.js';
import { problemsOf, type JudgedPart, type Problem, type ProjectPlaces } from './place-in-project.js';

/** Of each rule. */
const MOST_ROWS = 10;

/** One sentence: "handle (app/service.py:25) +9.03 MiB at the peak [each function: peak +0.5% …]"; first the test, if there is one. */
function sayProblem({ test, rule, row }: Problem): string {
  const what = row === null ? rule.text : `${nameChange(row)} ${sayAmount(parseRule(rule.rule), row)}`;
  return printable(`${test === null ? '' : `${test}: `}${what} [${rule.rule}]`);
}

function sayStack({ stack }: CheckedRow): string[] {
  return stack.map(({ function: name, file, line }) => printable(`  ${name ?? '?'} ${file ?? ''}:${line}`));
}

/** Lines of workflow commands, which GitHub shows beside the code. */
export function writeGithub(judged: readonly JudgedPart[], places: ProjectPlaces): string {
  const problems = problemsOf(judged, MOST_ROWS).map((problem) => {
    const kind = problem.rule.verdict === 'fail' ? 'error' : 'notice';
    const place = places.ofProblem(problem);
    const at = place === null ? [] : [`file=${property(place.file)}`, `line=${place.line}`];
    return `::${kind} ${[...at, 'title=memscope'].join(',')}::${value(sayProblem(problem))}\n`;
  });
  return [...sayUnjudged(judged).map((text) => `::error title=memscope::${value(text)}\n`), ...problems].join('');
}

/** What was not judged is no pass: a report that stayed silent would be green. */
function sayUnjudged(judged: readonly JudgedPart[]): string[] {
  return judged.flatMap(({ test, unjudged }) =>
    unjudged === null ? [] : [printable(`${test === null ? '' : `${test}: `}not judged: ${unjudged}`)],
  );
}

function value(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return value(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly failure: { readonly message: string; readonly text: string } | null;
  /** Why it could not be judged; null where it could. */
  readonly error: string | null;
  /** Why it was not judged; null where it was. */
  readonly skipped: string | null;
}

/** A test case a rule; of a folder of tests, one a test. */
export function writeJunit(judged: readonly JudgedPart[]): string {
  const cases = judged.flatMap((part) =>
    part.test === null ? [...caseOfRun(part), ...part.rules.map(caseOfRule)] : [caseOfTest(part)],
  );
  const count = (counts: (each: TestCase) => boolean): number => cases.filter(counts).length;
  const counts = {
    tests: cases.length,
    failures: count(({ failure }) => failure !== null),
    errors: count(({ error }) => error !== null),
  };
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' });
  const suite = root.ele('testsuites', { name: 'memscope', ...counts }).ele('testsuite', {
    name: 'memscope check',
    ...counts,
    skipped: count(({ skipped }) => skipped !== null),
    time: 0,
  });
  for (const { classname, name, failure, error, skipped } of cases) {
    const test = suite.ele('testcase', { classname, name, time: 0 });
    if (failure !== null) test.ele('failure', { type: 'memory', message: failure.message }).txt(failure.text);
    else if (error !== null) test.ele('error', { type: 'memory', message: error });
    else if (skipped !== null) test.ele('skipped', { message: skipped });
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function caseOfRun({ unjudged }: JudgedPart): TestCase[] {
  const name = 'the run can be judged';
  if (unjudged === null) return [];
  return [{ classname: 'memscope', name, failure: null, error: printable(unjudged), skipped: null }];
}

function caseOfRule(rule: CheckedRule): TestCase {
  const { verdict, text } = rule;
  return {
    classname: 'memscope',
    name: rule.rule,
    failure: verdict === 'fail' ? { message: printable(text), text: sayFailure(rule) } : null,
    error: null,
    skipped: isSkipped(verdict) ? printable(`${verdict}: ${text}`) : null,
  };
}

function caseOfTest({ test, rules, unjudged }: JudgedPart): TestCase {
  const failed = rules.filter(({ verdict }) => verdict === 'fail');
  const message = failed.map(({ text }) => text).join('; ');
  return {
    ...nameCase(test ?? ''),
    failure: failed.length > 0 ? { message: printable(message), text: failed.map(sayFailure).join('\n\n') } : null,
    error: failed.length > 0 || unjudged === null ? null : printable(unjudged),
    skipped: rules.length === 0 && unjudged === null ? 'not compared' : null,
  };
}

/** As pytest's own report names it: the file and the classes, then the test with its parameters, which may hold anything. */
function nameCase(test: string): Pick<TestCase, 'classname' | 'name'> {
  const [address = '', parameters = ''] = test.split(/(?=\[)([\s\S]*)/, 2);
  const [file = '', ...names] = address.split('::');
  const name = names.pop();
  if (name === undefined) return { classname: 'memscope', name: printable(test) };
  const classes = [file.replaceAll('/', '.').replace(/\.py$/, ''), ...names];
  return { classname: printable(classes.join('.')), name: printable(`${name}${parameters}`) };
}

function sayFailure(rule: CheckedRule): string {
  const rows = rule.functions
    .slice(0, MOST_ROWS)
    .flatMap((row) => [sayProblem({ test: null, rule, row }), ...sayStack(row)]);
  return [...rows, rule.arithmetic].join('\n');
}

function isSkipped(verdict: CheckedRule['verdict']): boolean {
  return verdict === 'unknown' || verdict === 'suppressed' || verdict === 'noise';
}

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0 */
export function writeSarif(judged: readonly JudgedPart[], places: ProjectPlaces): string {
  const ids = [...new Set(judged.flatMap(({ rules }) => rules.map(({ rule }) => rule)))];
  const location = (file: string, line: number): object => ({
    physicalLocation: {
      artifactLocation: { uri: encodeURI(printable(file)) },
      region: { startLine: Math.max(1, line) },
    },
  });
  const results = problemsOf(judged, MOST_ROWS).map((problem) => {
    const { rule, row } = problem;
    const place = places.ofProblem(problem);
    return {
      ruleId: rule.rule,
      ruleIndex: ids.indexOf(rule.rule),
      level: rule.verdict === 'fail' ? 'error' : 'note',
      message: { text: sayProblem(problem) },
      locations: place === null ? [] : [location(place.file, place.line)],
      partialFingerprints: { 'memscope/1': fingerprint(problem) },
      ...(row === null || row.stack.length === 0
        ? {}
        : {
            stacks: [
              {
                message: { text: 'Innermost first.' },
                frames: row.stack.toReversed().map(({ function: name, file, line }) => ({
                  location: {
                    ...(file === null ? {} : location(asUri(file), line)),
                    logicalLocations: [{ fullyQualifiedName: printable(name ?? '?') }],
                  },
                })),
              },
            ],
          }),
    };
  });
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'memscope',
            version: memscopeVersion(),
            rules: ids.map((id) => ({ id, shortDescription: { text: id } })),
          },
        },
        invocations: [invocationOf(judged)],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function invocationOf(judged: readonly JudgedPart[]): object {
  const unjudged = sayUnjudged(judged);
  return {
    executionSuccessful: unjudged.length === 0,
    ...(unjudged.length === 0
      ? {}
      : { toolExecutionNotifications: unjudged.map((text) => ({ level: 'error', message: { text } })) }),
  };
}

/** Slashes as a URI has them. */
function asUri(file: string): string {
  return file.replaceAll('\\', '/');
}

/** https://docs.gitlab.com/ci/testing/code_quality/ */
export function writeGitlab(judged: readonly JudgedPart[], places: ProjectPlaces): string {
  const issues = problemsOf(judged, MOST_ROWS).map((problem) => {
    const { rule } = problem;
    const place = places.ofProblem(problem);
    return {
      description: sayProblem(problem),
      check_name: rule.rule,
      fingerprint: fingerprint(problem),
      severity: rule.verdict === 'fail' ? 'major' : 'info',
      // GitLab wants a place of everything.
      location: { path: place?.file ?? '.', lines: { begin: place?.line ?? 1 } },
    };
  });
  const unjudged = sayUnjudged(judged).map((text) => ({
    description: text,
    check_name: 'memscope',
    fingerprint: createHash('sha256').update(text).digest('hex'),
    severity: 'critical',
    location: { path: '.', lines: { begin: 1 } },
  }));
  return `${JSON.stringify([...unjudged, ...issues], null, 2)}\n`;
}

/** The same for the same function under the same rule, whatever the numbers are. */
function fingerprint({ test, rule, row }: Problem): string {
  const key = JSON.stringify([test, rule.rule, row?.name ?? null, row?.file ?? null]);
  return createHash('sha256').update(key).digest('hex');
}
