/** Curves are drawn from what one scan keeps of changes; where that would be too much, a second scan draws the same. */
import { expect, test } from 'vitest';

import { growthSubject } from '../src/growth/growth-subject.js';
import { drawCurves } from '../src/growth/live-curves.js';
import { readActivity } from '../src/growth/work-clock.js';
import { profileOf } from './view/profile-text.js';

const TICKS = 40;

/** Kept, freed in the same tick, freed later, replaced, mapped, and imported: at odd and even moments. */
const lines = Array.from({ length: 2 * TICKS }, (_, moment) => {
  const line = moment % 3;
  return [
    `main malloc /srv/app.py/main:1>/srv/app.py/keep:${line} ${moment}.. ${1000 + moment}/${1 + line}`,
    `main malloc /srv/app.py/main:1>/srv/app.py/drop:2 ${moment}..${moment + 1} 5000/3`,
    `pool mmap /srv/app.py/work:7 ${moment}..${Math.min(2 * TICKS, moment + 9)} 70000/1`,
    `main malloc /srv/app.py/main:1>importlib/_bootstrap/load:9 ${moment}.. 10/1`,
  ].join('\n');
});

test('with and without changes curves are the same', () => {
  const { rows } = growthSubject(profileOf(lines.join('\n'), TICKS));
  const once = readActivity(rows);
  const twice = readActivity(rows, 0, 0);
  expect(once.changes).not.toBeNull();
  expect(twice.changes).toBeNull();
  expect(twice.clock).toEqual(once.clock);
  expect(twice.mostBytes).toEqual(once.mostBytes);
  const curves = drawCurves(rows, once.clock!, once, 1);
  expect(curves.live.some((bytes) => bytes > 0)).toBe(true);
  expect(drawCurves(rows, twice.clock!, twice, 1)).toEqual(curves);
});
