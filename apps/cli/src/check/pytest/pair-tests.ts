/**
 * The tests of two runs of pytest → which are the same test. By their ids where both runs know them, else by the names of
 * their files, which is the test's id with separators made hyphens: so several tests can have one name, and a cut name
 * can be that of several. Such are said, and never paired by their order.
 */
import type { TestStatus } from '@memscope/model';

import type { TestCapture } from './list-tests.js';

export interface PairedTest {
  /** Its id, else the name of its file. */
  readonly test: string;
  readonly status: TestStatus;
  /** Several of one id are repetitions. Empty where it is not there, or not known which it is. */
  readonly base: readonly string[];
  readonly head: readonly string[];
}

/** In the order of their names. */
export function pairTests(base: readonly TestCapture[], head: readonly TestCapture[]): PairedTest[] {
  const moved = movedRoot(base, head);
  const sides = [group(base, moved.base), group(head, moved.head)] as const;
  const paired: PairedTest[] = [];
  const isDone = new Set<TestGroup>();
  const pair = (keyOf: (each: TestGroup) => string | null): void => {
    const [left, right] = sides.map((groups) =>
      byKey(
        groups.filter((each) => !isDone.has(each)),
        keyOf,
      ),
    ) as [Map<string, TestGroup[]>, Map<string, TestGroup[]>];
    for (const [key, ofBase] of left) {
      const ofHead = right.get(key);
      if (ofHead === undefined) continue;
      for (const each of [...ofBase, ...ofHead]) isDone.add(each);
      paired.push(...settle(ofBase, ofHead));
    }
  };
  pair(({ id }) => id);
  pair(({ name, isCut }) => (isCut ? null : name));
  pair(({ name, isCut }) => (isCut ? `${name}…` : null));
  for (const [side, status] of [
    [0, 'vanished'],
    [1, 'new'],
  ] as const) {
    for (const each of sides[side]) {
      if (isDone.has(each)) continue;
      const paths = each.captures.map(({ path }) => path);
      // A baseline file keeps none that raised: what raises here is not new.
      if (side === 1 && each.captures.some(({ hasRaised }) => hasRaised)) {
        paired.push({ test: each.test, status: 'raised', base: [], head: paths });
        continue;
      }
      paired.push({ test: each.test, status, base: side === 0 ? paths : [], head: side === 0 ? [] : paths });
    }
  }
  return paired.sort((a, b) => (a.test < b.test ? -1 : a.test > b.test ? 1 : 0));
}

/** Captures of one test of one side, as far as that is known. */
interface TestGroup {
  readonly test: string;
  readonly id: string | null;
  readonly name: string;
  readonly isCut: boolean;
  readonly captures: readonly TestCapture[];
}

function group(captures: readonly TestCapture[], root: string): TestGroup[] {
  const groups = new Map<string, TestCapture[]>();
  for (const capture of captures) {
    // Without an id, captures of one name may be of several tests.
    const key = capture.testId ?? `\0${capture.path}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [capture]);
    else known.push(capture);
  }
  return [...groups.values()].map((all): TestGroup => {
    const [{ testId, name, isCut }] = all as [TestCapture];
    return { test: testId ?? name, id: testId, name: name.slice(root.length), isCut, captures: all };
  });
}

function byKey(groups: readonly TestGroup[], keyOf: (each: TestGroup) => string | null): Map<string, TestGroup[]> {
  const map = new Map<string, TestGroup[]>();
  for (const each of groups) {
    const key = keyOf(each);
    if (key === null) continue;
    const known = map.get(key);
    if (known === undefined) map.set(key, [each]);
    else known.push(each);
  }
  return map;
}

/** Of one key. */
function settle(ofBase: readonly TestGroup[], ofHead: readonly TestGroup[]): PairedTest[] {
  const [base] = ofBase as [TestGroup];
  const [head] = ofHead as [TestGroup];
  const areRaised = (side: readonly TestGroup[]): boolean =>
    side.every(({ captures }) => captures.some((capture) => capture.hasRaised));
  const [fewBase, fewHead] = [ofBase, ofHead].map((side) => side.length === 1 || areRaised(side));
  // Repetitions of what raised have no id to be told by.
  if (fewBase && fewHead && (areRaised(ofBase) || areRaised(ofHead))) {
    const paths = (side: readonly TestGroup[]): string[] =>
      side.flatMap(({ captures }) => captures.map(({ path }) => path));
    return [{ test: head.id ?? base.id ?? head.test, status: 'raised', base: paths(ofBase), head: paths(ofHead) }];
  }
  const differ = base.id !== null && head.id !== null && !isSameTest(base.id, head.id);
  if (ofBase.length > 1 || ofHead.length > 1 || differ) {
    const names = new Set([...ofBase, ...ofHead].map(({ test }) => test));
    return [...names].map((test) => ({ test, status: 'ambiguous', base: [], head: [] }));
  }
  const paths = (side: TestGroup): string[] => side.captures.map(({ path }) => path);
  const hasRaised = [...base.captures, ...head.captures].some((capture) => capture.hasRaised);
  return [
    {
      test: head.id ?? base.id ?? head.test,
      status: hasRaised ? 'raised' : 'compared',
      base: paths(base),
      head: paths(head),
    },
  ];
}

/** An id may have more folders before it, where the root moved. */
function isSameTest(a: string, b: string): boolean {
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}

/** Ids are relative to pytest's root folder: where that moved, all names of one side have one more beginning. */
function movedRoot(base: readonly TestCapture[], head: readonly TestCapture[]): { base: string; head: string } {
  const extra = beginningOf(head, base);
  if (extra !== '') return { base: '', head: extra };
  return { base: beginningOf(base, head), head: '' };
}

/** What `longer` has before the names of `shorter`, up to a hyphen; '' where that is not one text for all. */
function beginningOf(longer: readonly TestCapture[], shorter: readonly TestCapture[]): string {
  const [first] = shorter;
  if (first === undefined) return '';
  const names = new Set(longer.map(({ name }) => name));
  if (names.has(first.name)) return '';
  for (const name of names) {
    if (!name.endsWith(`-${first.name}`)) continue;
    const beginning = name.slice(0, -first.name.length);
    // A cut name ends elsewhere where its beginning is longer.
    if (shorter.every((each) => each.isCut || names.has(`${beginning}${each.name}`))) return beginning;
  }
  return '';
}
