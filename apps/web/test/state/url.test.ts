import { describe, expect, test } from 'vitest';

import { FIRST_STATE, type PageState } from '../../src/state/page-state.js';
import { readUrl, writeUrl } from '../../src/state/url.js';

const EVERYTHING: PageState = {
  runs: { head: ['a b&c', 'd'], base: ['e'] },
  view: 'tables',
  query: {
    measure: 'temporary',
    counts: true,
    window: '#3..#9',
    filter: 'module:"a & b" -/x=1/ size>=1MiB',
    stacks: 'native',
    frames: 'all',
    splitThreads: true,
    mergeRecursion: true,
    interpreterFrames: true,
    rules: '{ "rules": [] }',
  },
  overview: { legend: { only: 'framework', hidden: [] } },
  timeline: { by: 'allocator', rss: 'together', legend: { only: 'malloc', hidden: [] }, visible: { from: 2, to: 40 } },
  flame: {
    root: 123456789012345,
    inverted: true,
    upwards: true,
    legend: { only: null, hidden: ['gpu', 'framework'] },
    transforms: [
      { kind: 'focus', target: 'f: g\n/x/y.py' },
      { kind: 'collapse', target: 'numpy' },
      { kind: 'callers', target: '<img src=x onerror=alert(1)>\n' },
    ],
    search: 'ü +1',
    weigh: 'grown',
  },
  table: {
    by: 'site',
    sort: 'name',
    descending: false,
    search: '100%',
    change: 'gone',
    function: 'h\na/b.py',
    site: 12,
  },
  leaks: { sort: 'born', descending: false, search: 'cache', verdict: 'growing', line: 'application:app.py:3' },
  warmUp: '10%',
  trend: 'leaked',
  branch: 'topic/ü&b',
};

describe('the state in the URL', () => {
  test('is empty for the first state', () => {
    expect(writeUrl(FIRST_STATE)).toBe('');
    expect(readUrl('')).toEqual(FIRST_STATE);
  });

  test('comes back as it was, with every part set', () => {
    expect(readUrl(writeUrl(EVERYTHING))).toEqual(EVERYTHING);
  });

  test('comes back as it was, each part set alone', () => {
    for (const key of Object.keys(EVERYTHING) as (keyof PageState)[]) {
      const state: PageState = { ...FIRST_STATE, [key]: EVERYTHING[key] };
      expect(readUrl(writeUrl(state))).toEqual(state);
      expect(writeUrl(readUrl(writeUrl(state)))).toBe(writeUrl(state));
    }
  });

  test('keeps the order of transforms', () => {
    const { transforms } = readUrl(writeUrl(EVERYTHING)).flame;
    expect(transforms.map(({ kind }) => kind)).toEqual(['focus', 'collapse', 'callers']);
  });

  test.each([
    '?view=nonsense&measure=all&stacks=both&bands=colour&table=rows&sort=up&weigh=all&change=more',
    '?root=-1&root=2e9&visible=9-3&visible=x',
    '?transform=explode:f&transform=focus&transform=focus:',
    '?counts=yes&inverted=&upwards=true&filter=&window=&search=',
    '?%E0%A4%A=1&&&=',
  ])('with parameters that mean nothing has their defaults: %s', (search) => {
    expect(readUrl(search)).toEqual(FIRST_STATE);
  });

  test('holds no character that an address may not hold', () => {
    expect(writeUrl(EVERYTHING)).toMatch(/^\?[\w.~!*'()%=&-]*$/);
  });
});
