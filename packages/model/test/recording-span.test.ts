/** A recording lasts at least as long as its memory records, whether or not its end was written. */
import { expect, test } from 'vitest';

import { endOfTick, spanOfRecording } from '../src/recording-span.js';

const ticks = { length: 2, timeMs: Float64Array.of(1_010, 1_020) };
const none = { length: 0, timeMs: new Float64Array() };

test('a recording lasts as its header says', () => {
  expect(spanOfRecording({ startMs: 1_000, endMs: 1_025 }, ticks)).toEqual({ startMs: 1_000, endMs: 1_025 });
  expect(spanOfRecording({ startMs: 1_000, endMs: 1_025 }, none)).toEqual({ startMs: 1_000, endMs: 1_025 });
});

test('without an end it lasts until its last memory record', () => {
  const span = spanOfRecording({ startMs: 1_000, endMs: 1_000 }, ticks);
  expect(span.endMs).toBe(1_020);
  expect(endOfTick(2, ticks, span)).toBe(1_020);
  expect(endOfTick(0, ticks, span)).toBe(1_010);
});

test('a clock that was set back leaves no time that is negative', () => {
  expect(spanOfRecording({ startMs: 2_000, endMs: 1_900 }, none)).toEqual({ startMs: 2_000, endMs: 2_000 });
  expect(spanOfRecording({ startMs: 2_000, endMs: 1_025 }, ticks)).toEqual({ startMs: 1_010, endMs: 2_000 });
});
