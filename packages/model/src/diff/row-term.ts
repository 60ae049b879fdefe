/**
 * A row that owns memory → the filter that finds it, short enough for a command that people copy. What an owner asked for
 * itself is all that its row holds; among several functions of one name the file tells which.
 */
import { nameOfPath } from '../analysis/module-of-file.js';
import { allOf, anyOf, textTerm, type Filter } from '../filter/filter.js';
import { formatFilter } from '../filter/format-filter.js';
import { foldCase } from '../filter/pattern-tester.js';
import { quotePlain } from '../filter/pattern.js';
import type { ChangedRowKind, GroupedRow } from './row-groups.js';

type NamedRow = Pick<GroupedRow, 'kind' | 'name' | 'file'>;

/** Of which `owner:` knows the name. */
const OWNERS: ReadonlySet<ChangedRowKind> = new Set(['function', 'native', 'objects', 'none']);
/** In columns, as it is written; more is shortened where that still finds no other. */
const SHORT = 60;
/** What stands in a filter; more is shortened whatever it finds. */
const LONGEST = 2000;

/**
 * Several rows, as of memory that moved from one to another, by one filter. `libraries`: names that mean a library or a
 * category, in folded case. Null where no filter tells the rows from others.
 */
export function termOfRows(
  wanted: readonly number[],
  rows: readonly NamedRow[],
  libraries: ReadonlySet<string>,
): Filter | null {
  const terms = wanted.map((row) => termOfRow(row, wanted, rows, libraries));
  if (!terms.every((term) => term !== null)) return null;
  return anyOf(...new Map(terms.map((term) => [formatFilter(term), term])).values());
}

function termOfRow(
  row: number,
  wanted: readonly number[],
  rows: readonly NamedRow[],
  libraries: ReadonlySet<string>,
): Filter | null {
  const { kind, name, file } = rows[row]!;
  const isOwner = OWNERS.has(kind);
  if (name === '' || !(isOwner || kind === 'site')) return null;
  const whole = foldCase(name);
  // A library of this name would be meant.
  if (kind === 'site' || (kind === 'function' && libraries.has(whole))) {
    return textTerm('function', { kind: 'plain', text: beginningOf(name, () => true) });
  }
  const others = rows.filter((other, at) => !wanted.includes(at) && OWNERS.has(other.kind));
  const names = [...new Set(others.map((other) => foldCase(other.name)))].filter((each) => each !== whole);
  const isOther = (part: string): boolean => [...names, ...libraries].some((each) => each.includes(part));
  const owner = textTerm('owner', { kind: 'plain', text: beginningOf(name, (part) => !isOther(foldCase(part))) });
  const isOne = others.every((other) => foldCase(other.name) !== whole);
  if (isOne || kind !== 'function' || file === null) return owner;
  // Sides may have been recorded in other folders.
  return allOf(owner, textTerm('file', { kind: 'plain', text: beginningOf(nameOfPath(file), () => true) }));
}

/** The shortest beginning that `isEnough`. */
function beginningOf(text: string, isEnough: (part: string) => boolean): string {
  for (let limit = SHORT; limit < LONGEST && columnsOf(text) > limit; limit *= 2) {
    const part = fitting(text, limit);
    if (isEnough(part)) return part;
  }
  return fitting(text, LONGEST);
}

/** As many letters as fit, one at least. */
function fitting(text: string, limit: number): string {
  const letters = Array.from(text);
  const take = (count: number): string => letters.slice(0, count).join('');
  let [low, high] = [1, letters.length];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (columnsOf(take(middle)) <= limit) low = middle;
    else high = middle - 1;
  }
  return take(low);
}

/** At most: letters beyond those of Latin may be wide. */
function columnsOf(text: string): number {
  const quoted = quotePlain(text);
  return quoted.length + (quoted.match(/[^\0-\u10ff]/gu)?.length ?? 0);
}
