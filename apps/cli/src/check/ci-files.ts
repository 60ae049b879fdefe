/**
 * The verdict of a gate → what CI systems read: annotations of GitHub Actions, JUnit's XML, SARIF 2.1.0, and the code
 * quality report of GitLab. Places are those of the project (place-in-project.ts); names are escaped as each wants it.
 */
import { createHash } from 'node:crypto';
import { create } from 'xmlbuilder2';
import { nameChange, parseRule, sayAmount, type CheckedRow, type CheckedRule } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { CheckedRuns } from '@memscope/query';

import { memscopeVersion } from '../beside-program.js';
import { problemsOf, type Problem, type ProjectPlaces } from './place-in-project.js';

/** Of each rule. */
const MOST_ROWS = 10;

/** One sentence of a problem: "handle (app/service.py:25) +9.03 MiB at the peak (each function: peak +0.5% …)". */
function sayProblem({ rule, row }: Problem): string {
  const what = row === null ? rule.text : `${nameChange(row)} ${sayAmount(parseRule(rule.rule), row)}`;
  return printable(`${what} [${rule.rule}]`);
}

function sayStack({ stack }: CheckedRow): string[] {
  return stack.map(({ function: name, file, line }) => printable(`  ${name ?? '?'} ${file ?? ''}:${line}`));
}

/** Lines of workflow commands, which GitHub shows beside the code. */
export function writeGithub({ rules }: CheckedRuns, places: ProjectPlaces): string {
  return problemsOf(rules, MOST_ROWS)
    .map((problem) => {
      const kind = problem.rule.verdict === 'fail' ? 'error' : 'notice';
      const place = problem.row === null ? null : places.of(problem.row);
      const at = place === null ? [] : [`file=${property(place.file)}`, `line=${place.line}`];
      return `::${kind} ${[...at, 'title=memscope'].join(',')}::${value(sayProblem(problem))}\n`;
    })
    .join('');
}

function value(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return value(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A test case a rule. */
export function writeJunit({ rules }: CheckedRuns): string {
  const failures = rules.filter(({ verdict }) => verdict === 'fail').length;
  const skipped = rules.filter(({ verdict }) => isSkipped(verdict)).length;
  const counts = { tests: rules.length, failures, errors: 0 };
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' });
  const suites = root.ele('testsuites', { name: 'memscope', ...counts });
  const suite = suites.ele('testsuite', { name: 'memscope check', ...counts, skipped, time: 0 });
  for (const rule of rules) {
    const test = suite.ele('testcase', { classname: 'memscope', name: rule.rule, time: 0 });
    if (rule.verdict === 'fail') {
      const rows = rule.functions.slice(0, MOST_ROWS).flatMap((row) => [sayProblem({ rule, row }), ...sayStack(row)]);
      test.ele('failure', { type: 'memory', message: printable(rule.text) }).txt([...rows, rule.arithmetic].join('\n'));
    } else if (isSkipped(rule.verdict)) {
      test.ele('skipped', { message: printable(`${rule.verdict}: ${rule.text}`) });
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function isSkipped(verdict: CheckedRule['verdict']): boolean {
  return verdict === 'unknown' || verdict === 'suppressed' || verdict === 'noise';
}

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0 */
export function writeSarif({ rules }: CheckedRuns, places: ProjectPlaces): string {
  const ids = rules.map(({ rule }) => rule);
  const location = (file: string, line: number): object => ({
    physicalLocation: {
      artifactLocation: { uri: encodeURI(printable(file)) },
      region: { startLine: Math.max(1, line) },
    },
  });
  const results = problemsOf(rules, MOST_ROWS).map((problem) => {
    const { rule, row } = problem;
    const place = row === null ? null : places.of(row);
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
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Slashes as a URI has them. */
function asUri(file: string): string {
  return file.replaceAll('\\', '/');
}

/** https://docs.gitlab.com/ci/testing/code_quality/ */
export function writeGitlab({ rules }: CheckedRuns, places: ProjectPlaces): string {
  const issues = problemsOf(rules, MOST_ROWS).map((problem) => {
    const { rule, row } = problem;
    const place = row === null ? null : places.of(row);
    return {
      description: sayProblem(problem),
      check_name: rule.rule,
      fingerprint: fingerprint(problem),
      severity: rule.verdict === 'fail' ? 'major' : 'info',
      // GitLab wants a place of everything.
      location: { path: place?.file ?? '.', lines: { begin: place?.line ?? 1 } },
    };
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
}

/** The same for the same function under the same rule, whatever the numbers are. */
function fingerprint({ rule, row }: Problem): string {
  const key = JSON.stringify([rule.rule, row?.name ?? null, row?.file ?? null]);
  return createHash('sha256').update(key).digest('hex');
}
