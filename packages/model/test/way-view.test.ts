/** The view of what grows shows its bytes and no others; where none does, none is claimed. */
import { expect, test } from 'vitest';

import { findGrowth } from '../src/growth/find-growth.js';
import { parseFilter, select } from '../src/index.js';
import { profileOf } from './view/profile-text.js';
import { ALL_LEAKED } from './view/selection-requests.js';

const TICKS = 200;
const each = (row: (tick: number) => string): string =>
  Array.from({ length: TICKS }, (_, tick) => row(tick)).join(', ');
const kept = (bytes: number): string => each((tick) => `${2 * tick}.. ${bytes}/1`);
const passing = `m malloc /srv/app.py/main:1>/srv/app.py/work:3 ${each((tick) => `${2 * tick}..${2 * tick + 1} 100/5`)}`;

/** The first view, and what it would print. */
function viewOf(text: string): [window: string | null, filter: string | null, isExact: boolean] | null {
  const profile = profileOf(`${text}\n${passing}`, TICKS);
  const [first] = findGrowth(profile).growths;
  if (first === undefined || first.view === null) return null;
  const { measure, window, filter } = first.view;
  const request = { ...ALL_LEAKED, measure: measure ?? 'leaked', window, filter: parseFilter(filter!) };
  return [window, filter, select(profile, request).bytes === first.bytes];
}

test('is that of its line', () => {
  expect(viewOf(`m malloc /srv/app.py/main:1>/srv/app.py/handle:2 ${kept(20_000)}`)).toEqual([
    null,
    'line:srv/app.py:2',
    true,
  ]);
});

test('is that of its lines, where there are several', () => {
  expect(
    viewOf(`m malloc /srv/app.py/main:1>/srv/app.py/handle:2 ${kept(20_000)}
            m malloc /srv/app.py/main:1>/srv/app.py/handle:5 ${kept(20_000)}`),
  ).toEqual([null, '(line:srv/app.py:2 or line:srv/app.py:5)', true]);
});

test('tells the way apart from others through the same line', () => {
  expect(
    viewOf(`m malloc /srv/app.py/main:1>/srv/app.py/handle:2 ${kept(20_000)}
            n malloc /srv/cron.py/tick:9>/srv/app.py/handle:2 0.. 900000/1`),
  ).toEqual([null, 'line:srv/app.py:1 line:srv/app.py:2', true]);
});

test('leaves out what the line imports', () => {
  expect(
    viewOf(`m malloc /srv/app.py/main:1>/srv/app.py/handle:2 ${kept(20_000)}
            m malloc /srv/app.py/main:1>/srv/app.py/handle:2>‹frozen·importlib._bootstrap›/_call:241>/x/site-packages/p/a.py/f 0.. 900000/1`),
  ).toEqual([null, 'line:srv/app.py:2 -file:importlib._bootstrap', true]);
});

test('is of a moment before the end gave it back', () => {
  const [window, filter, isExact] = viewOf(
    `m malloc /srv/app.py/main:1>/srv/app.py/handle:2 ${each((tick) => `${2 * tick}..${2 * TICKS - 4} 20000/1`)}`,
  )!;
  expect([window, filter, isExact]).toEqual([expect.stringMatching(/^#/), 'line:srv/app.py:2', true]);
});

test('shows the same three digits, where no filter gives the number', () => {
  const [, filter, isExact] = viewOf(
    `m malloc /srv/app.py/main:1>/srv/app.py/handle:2 ${kept(20_000)}
     m malloc /srv/app.py/main:1>/srv/app.py/handle:2>/srv/other.py/once:9 0.. 64/1`,
  )!;
  expect([filter, isExact]).toEqual(['line:srv/app.py:2', false]);
});

test('is none where the function that asked has a name that no filter takes', () => {
  const name = 'f'.repeat(20_000);
  expect(
    viewOf(`m malloc /srv/app.py/main:1>/srv/app.py/${name}:2 ${kept(20_000)}
            m malloc /srv/app.py/main:1>/srv/app.py/${name}:2>/srv/other.py/once:9 0.. 900000/1`),
  ).toBeNull();
});

test('is none of what no line of Python leads to', () => {
  expect(viewOf(`m malloc - ${kept(20_000)}`)).toBeNull();
});

test('is that of the function, where its lines are too many to name', () => {
  const lines = [2, 3, 5, 7, 11, 13, 17].map(
    (line) => `m malloc /srv/app.py/main:1>/srv/app.py/handle:${line} ${kept(20_000)}`,
  );
  lines.push('m malloc /srv/app.py/main:1>/srv/app.py/other:9 0.. 5000/1');
  expect(viewOf(lines.join('\n'))).toEqual([null, 'function:handle file:app.py', true]);
});
