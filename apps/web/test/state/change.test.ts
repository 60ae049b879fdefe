import { describe, expect, test } from 'vitest';

import {
  withFinding,
  withFlame,
  withFunction,
  withQuery,
  withRun,
  withRuns,
  withSwappedSides,
  withTable,
  withTimeline,
  withTransform,
  withView,
  withoutLast,
  withoutTransform,
} from '../../src/state/change.js';
import { FIRST_STATE, type PageState } from '../../src/state/page-state.js';

const focus = { kind: 'focus', target: 'f\na.py' } as const;
const hide = { kind: 'hide', target: 'g\na.py' } as const;
const zoomed: PageState = withFlame(withView(FIRST_STATE, 'flame'), { root: 7 });

describe('a change of the state', () => {
  test('of what is asked leaves the zoomed node, which means nothing in another tree', () => {
    expect(withQuery(zoomed, { measure: 'leaked' }).flame.root).toBeNull();
    expect(withFlame(zoomed, { inverted: true }).flame.root).toBeNull();
    expect(withTransform(zoomed, focus).flame.root).toBeNull();
  });

  test('of how it is drawn keeps the zoomed node', () => {
    expect(withFlame(zoomed, { upwards: true }).flame.root).toBe(7);
    expect(withFlame(zoomed, { search: 'x' }).flame.root).toBe(7);
    expect(withView(zoomed, 'tables').flame.root).toBe(7);
  });

  test('to another run keeps how things are looked at and forgets what was chosen', () => {
    const before = withQuery(withTransform(zoomed, focus), { window: '#1', filter: 'x', measure: 'leaked' });
    const after = withRun(before, 'other');
    expect(after.runs).toEqual({ head: ['other'], base: [] });
    expect(after.view).toBe('flame');
    expect(after.query).toEqual({ ...FIRST_STATE.query, measure: 'leaked' });
    expect(after.flame).toEqual(FIRST_STATE.flame);
  });

  test('of sides swaps them and nothing else, as nodes have other ids', () => {
    const compared = withFlame(withRuns(zoomed, { head: ['a', 'b'], base: ['c'] }), { root: 7 });
    const swapped = withSwappedSides(compared);
    expect(swapped.runs).toEqual({ head: ['c'], base: ['a', 'b'] });
    expect(withFlame(withSwappedSides(swapped), { root: 7 })).toEqual(compared);
    expect(withSwappedSides(zoomed)).toBe(zoomed);
  });

  test('by a transform appends it once, and each can be undone alone', () => {
    const both = withTransform(withTransform(FIRST_STATE, focus), hide);
    expect(both.flame.transforms).toEqual([focus, hide]);
    expect(withTransform(both, focus)).toBe(both);
    expect(withoutTransform(both, 0).flame.transforms).toEqual([hide]);
    expect(withoutTransform(both, 1).flame.transforms).toEqual([focus]);
  });

  test('to a function opens it among the functions', () => {
    const { view, table } = withFunction(withTable(zoomed, { by: 'site' }), 'f\na.py');
    expect([view, table.by, table.function]).toEqual(['tables', 'function', 'f\na.py']);
  });

  test('back goes one narrowing at a time, the last one first', () => {
    let state = withQuery(FIRST_STATE, { window: '#1..#2', filter: 'numpy' });
    state = withView(withTransform(state, focus), 'flame');
    state = withFlame(withFlame(state, { root: 3 }), { search: 'x' });
    const parts = (each: PageState): unknown[] => [
      each.flame.search,
      each.flame.root,
      each.flame.transforms.length,
      each.query.filter,
      each.query.window,
    ];
    const seen = [];
    for (let step = 0; step < 6; step++) {
      seen.push(parts(state));
      state = withoutLast(state);
    }
    expect(seen).toEqual([
      ['x', 3, 1, 'numpy', '#1..#2'],
      [null, 3, 1, 'numpy', '#1..#2'],
      [null, null, 1, 'numpy', '#1..#2'],
      [null, null, 0, 'numpy', '#1..#2'],
      [null, null, 0, null, '#1..#2'],
      [null, null, 0, null, null],
    ]);
    expect(withoutLast(state)).toBe(state);
  });

  test('back in the timeline shows all of it before the window goes', () => {
    const state = withTimeline(withQuery(withView(FIRST_STATE, 'timeline'), { window: '#1' }), {
      visible: { from: 1, to: 5 },
    });
    expect(withoutLast(state).timeline.visible).toBeNull();
    expect(withoutLast(state).query.window).toBe('#1');
  });
});

test('what a finding is about is shown without what narrowed the view before', () => {
  const narrowed = withQuery({ ...FIRST_STATE, warmUp: '10%' }, { filter: 'module:x', window: '1s..2s', counts: true });
  const view = { view: 'leaks', measure: null, window: '#1..#9', filter: 'line:app.py:3', exact: true } as const;
  expect(withFinding(narrowed, view)).toMatchObject({
    view: 'leaks',
    query: { window: '#1..#9', filter: 'line:app.py:3', counts: false, measure: narrowed.query.measure },
    warmUp: null,
  });
  expect(
    withFinding(narrowed, { view: 'tree', measure: 'peak', window: null, filter: null, exact: true }),
  ).toMatchObject({
    view: 'flame',
    query: { window: null, filter: null, measure: 'peak' },
  });
});
