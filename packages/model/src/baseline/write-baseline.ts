/**
 * A baseline → its text: one line a function, sorted by file, so that what changed shows in a review line by line, and two
 * branches conflict only where they changed the same function.
 */
import type { BaselineDocument, BaselineTestsDocument, MeasuredRuns } from '../documents/baseline.js';

export function writeBaseline({ schema, ...measured }: BaselineDocument): string {
  return [`{`, `  "schema": ${JSON.stringify(schema)},`, ...linesOf(measured, '  '), '}', ''].join('\n');
}

export function writeBaselineTests({ schema, tests }: BaselineTestsDocument): string {
  const written = tests.map(({ test, name, isCut, hasId, ...measured }) =>
    [
      '    {',
      ...named({ test, name, isCut, hasId }).map((entry) => `      ${entry},`),
      ...linesOf(measured, '      '),
      '    }',
    ].join('\n'),
  );
  return [`{`, `  "schema": ${JSON.stringify(schema)},`, `  "tests": [`, written.join(',\n'), '  ]', '}', ''].join(
    '\n',
  );
}

function linesOf({ totals, owners, rest, ...head }: MeasuredRuns, indent: string): string[] {
  const list = (entries: readonly string[]): string => entries.map((entry) => `${indent}  ${entry}`).join(',\n');
  return [
    ...named(head).map((entry) => `${indent}${entry},`),
    `${indent}"totals": {`,
    list(named(totals)),
    `${indent}},`,
    `${indent}"owners": [`,
    ...(owners.length === 0 ? [] : [list(owners.map((owner) => JSON.stringify(owner)))]),
    `${indent}],`,
    `${indent}"rest": ${JSON.stringify(rest)}`,
  ];
}

function named(record: object): string[] {
  return Object.entries(record).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
}
