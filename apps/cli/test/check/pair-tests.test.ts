import { describe, expect, test } from 'vitest';

import type { TestCapture } from '../../src/check/pytest/list-tests.js';
import { pairTests } from '../../src/check/pytest/pair-tests.js';

let files = 0;

function capture(name: string, testId: string | null = null, others: Partial<TestCapture> = {}): TestCapture {
  return { path: `/${files++}-${name}.bin`, name, isCut: false, testId, hasRaised: false, ...others };
}

function statuses(base: readonly TestCapture[], head: readonly TestCapture[]): string[] {
  return pairTests(base, head).map(
    ({ test: id, status, base: of, head: to }) => `${status} ${id} ${of.length}:${to.length}`,
  );
}

describe('tests of two runs', () => {
  test('are paired by their ids, several captures of one id being repetitions', () => {
    const base = [capture('t.py-a', 't.py::a'), capture('t.py-a2', 't.py::a'), capture('t.py-b', 't.py::b')];
    const head = [capture('t.py-a', 't.py::a'), capture('t.py-c', 't.py::c')];
    expect(statuses(base, head)).toEqual(['compared t.py::a 2:1', 'vanished t.py::b 1:0', 'new t.py::c 0:1']);
  });

  test('are paired by the names of their files where a side knows no ids', () => {
    expect(statuses([capture('t.py-a')], [capture('t.py-a', 't.py::a')])).toEqual(['compared t.py::a 1:1']);
  });

  test('are not compared where one raised', () => {
    const raised = capture('t.py-a', null, { hasRaised: true });
    expect(statuses([raised], [capture('t.py-a', 't.py::a')])).toEqual(['raised t.py::a 1:1']);
    // Repetitions of what raised have no id, and are no several tests.
    expect(statuses([raised, raised], [raised])).toEqual(['raised t.py-a 2:1']);
    expect(statuses([capture('t.py-a', 't.py::a')], [raised, raised])).toEqual(['raised t.py::a 1:2']);
    // A baseline file keeps none that raised.
    expect(statuses([], [raised])).toEqual(['raised t.py-a 0:1']);
  });

  test('are said to be ambiguous where names are those of several tests', () => {
    expect(statuses([capture('t.py-p[a-b]', 't.py::p[a/b]')], [capture('t.py-p[a-b]', 't.py::p[a-b]')])).toEqual([
      'ambiguous t.py::p[a-b] 0:0',
      'ambiguous t.py::p[a/b] 0:0',
    ]);
    const cut = (name: string): TestCapture => capture(name, null, { isCut: true });
    expect(statuses([cut('t.py-long'), cut('t.py-long')], [cut('t.py-long'), cut('t.py-long')])).toEqual([
      'ambiguous t.py-long 0:0',
    ]);
    expect(statuses([cut('t.py-long')], [cut('t.py-long')])).toEqual(['compared t.py-long 1:1']);
  });

  test('are the same tests where the root folder moved', () => {
    const base = [capture('tests-t.py-a', 'tests/t.py::a'), capture('tests-t.py-b', 'tests/t.py::b')];
    const head = [capture('app-tests-t.py-a', 'app/tests/t.py::a'), capture('app-tests-t.py-b', 'app/tests/t.py::b')];
    expect(statuses(base, head)).toEqual(['compared app/tests/t.py::a 1:1', 'compared app/tests/t.py::b 1:1']);
    expect(statuses(head, base).every((line) => line.startsWith('compared'))).toBe(true);
  });
});
