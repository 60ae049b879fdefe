/**
 * A baseline file → the numbers in it. It comes out of a repository, so that whatever stands in it is checked: what is no
 * baseline, or was merged badly, is wrong usage, and says at which line.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { BaselineDocument, BaselineTestsDocument, MeasuredRuns } from '@memscope/model';
import * as declared from '@memscope/model/documents/baseline';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';
import { JsonText } from '../options/json-document.js';
import { readTextFile } from '../options/read-text-file.js';

/** Where `baseline update` writes, if nothing else is named. */
export const BASELINE_NAME = 'memscope-baseline.json';

export type AnyBaseline = BaselineDocument | BaselineTestsDocument;

const MOST_BYTES = 64 << 20;
const MOST_RUNS = 1000;
const CONFLICT = /^<{7} /m;

/** Whether it begins as JSON does; captures and profiles begin with their own names. */
export function isBaselineFile(path: string): boolean {
  try {
    // A pipe that nobody writes to would be waited for, and no signal would end that.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(file).isFile()) return false;
      const start = Buffer.alloc(64);
      return /^(?:\uFEFF)?\s*(?:\{|<{7} )/.test(start.toString('utf8', 0, readSync(file, start)));
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** Throws `UsageError`. */
export function readBaseline(path: string): AnyBaseline {
  return parseBaseline(readText(path), path);
}

/** Throws `UsageError`. `path` is what the file is called in messages. */
export function parseBaseline(text: string, path: string): AnyBaseline {
  const json = new JsonText(text, path);
  const conflict = text.search(CONFLICT);
  if (conflict >= 0) {
    const again = 'take either side, then write it anew with `memscope baseline update`';
    throw json.failAt(conflict, `has conflicts of version control in it: ${again}`);
  }
  const isOfTests = /"schema"\s*:\s*"memscope\.baseline-tests\/1"/.test(text.slice(0, 200));
  if (isOfTests) {
    const document = json.check(declared.BaselineTestsDocument) as BaselineTestsDocument;
    refuseTwice(
      document.tests.map(({ test }) => test),
      json,
      ['tests'],
      'test',
    );
    document.tests.forEach((test, at) => checkNumbers(test, json, ['tests', at]));
    return document;
  }
  const document = json.check(declared.BaselineDocument) as BaselineDocument;
  checkNumbers(document, json, []);
  return document;
}

const MEASURES = ['peak', 'ownPeak', 'leaked', 'total', 'temporary', 'count'] as const;

/** What a merge of both sides leaves: each would hide what the other grows by. */
function refuseTwice(names: readonly string[], json: JsonText, at: (string | number)[], sort: string): void {
  const known = new Set<string>();
  names.forEach((name, position) => {
    if (known.has(name)) {
      throw json.failOf(
        [...at, position],
        `this ${sort} is there twice: write the file anew with \`memscope baseline update\``,
      );
    }
    known.add(name);
  });
}

/** Every list has a number for each run, and is null where that of the totals is; sums stay exact. */
function checkNumbers({ runs, totals, owners, rest }: MeasuredRuns, json: JsonText, at: (string | number)[]): void {
  if (runs < 1 || runs > MOST_RUNS) throw json.failOf([...at, 'runs'], `runs are 1 to ${MOST_RUNS}`);
  const check = (list: readonly number[] | null, isNull: boolean, place: readonly (string | number)[]): void => {
    const name = String(place.at(-1));
    if ((list === null) !== isNull) {
      throw json.failOf([...at, ...place], `${name} is ${isNull ? 'known, and that of the totals is not' : 'missing'}`);
    }
    if (list !== null && list.length !== runs) {
      throw json.failOf([...at, ...place], `${name} has ${list.length} numbers of ${runs} runs`);
    }
    if (list?.some((value) => value > Number.MAX_SAFE_INTEGER) === true) {
      throw json.failOf([...at, ...place], `${name} has a number above 2^53`);
    }
  };
  for (const name of [...MEASURES, 'rss', 'durationMs'] as const) {
    check(totals[name], totals[name] === null, ['totals', name]);
  }
  const keys = owners.map(({ kind, file, function: name }) => JSON.stringify([kind, file, name]));
  refuseTwice(keys, json, [...at, 'owners'], 'function');
  for (const name of MEASURES) {
    const sum = owners.reduce((all, owner) => all + Math.max(0, ...(owner[name] ?? [])), 0);
    if (sum > Number.MAX_SAFE_INTEGER) throw json.failOf([...at, 'owners'], `the sum of ${name} is above 2^53`);
    owners.forEach((owner, position) => check(owner[name], totals[name] === null, ['owners', position, name]));
    if (rest !== null) check(rest[name], totals[name] === null, ['rest', name]);
  }
}

function readText(path: string): string {
  try {
    return readTextFile(path, 'a baseline', MOST_BYTES).replace(/^\uFEFF/, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${printable(path)}: ${printable(reason)}`, { cause: error });
  }
}
