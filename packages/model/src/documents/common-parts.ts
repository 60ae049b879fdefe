/** Parts that documents of several questions have in common. */
import { Type } from 'typebox';

import { LIBRARY_CATEGORIES } from '../analysis/libraries/library-rule.js';
import { FRAME_SOURCES } from '../symbol-notes.js';
import {
  epochMs,
  integer,
  isoTime,
  lineNumber,
  oneOf,
  orNull,
  record,
  text,
  whole,
  type Declared,
} from './vocabulary.js';

/** A line of Python. */
export const place = record({
  function: orNull(text()),
  file: orNull(text()),
  line: integer('1-based; 0 = unknown.'),
});
export type Place = Declared<typeof place>;

export const libraryCategory = text(`${LIBRARY_CATEGORIES.join(', ')}, or one of a user's rules.`);

/** Bytes and counts of a group of sites by every measure. */
export const usageColumns = {
  peakBytes: whole('Live bytes at the high-water mark.'),
  peakCount: whole(),
  leakedBytes: whole('Live bytes at the end.'),
  leakedCount: whole(),
  totalBytes: orNull(whole('Bytes ever allocated; null in an aggregated capture.')),
  totalCount: orNull(whole()),
  temporaryBytes: orNull(whole()),
  temporaryCount: orNull(whole()),
};

/** Which capture a view is of. */
export const captureOfView = record({ path: text('Absolute path, or - for standard input.') });

/** A stretch of ticks. */
export const timeWindow = record({
  fromTick: whole(),
  toTick: whole('Inclusive; as many as there are ticks = what follows the last memory record.'),
  fromMs: epochMs(),
  fromTime: isoTime(),
  toMs: epochMs(),
  toTime: isoTime(),
  peakTick: whole('The tick within the window in which the heap was greatest.'),
  peakBytes: whole(),
});
export type WindowDocument = Declared<typeof timeWindow>;

/** A frame by its names. `Module` and the like are null where there is no frame. */
export const frameNames = {
  kind: oneOf(['python', 'native']),
  function: orNull(text()),
  file: orNull(text()),
  line: orNull(lineNumber()),
};

export const nameSource = orNull(
  oneOf(FRAME_SOURCES),
  'How native code got its name: from debug sections or symbol tables; none = it has none. Null for Python.',
);

/** Columns of steps in time, of equal length. */
export const timelineColumns = {
  timeMs: Type.Array(epochMs(), { description: 'End of each step, in milliseconds since the epoch.' }),
  rssBytes: Type.Array(whole(), { description: 'Greatest RSS of each step.' }),
  heapBytes: Type.Array(whole(), { description: 'Heap at the end of each step.' }),
  peakBytes: orNull(Type.Array(whole()), 'Greatest heap in each step; null in an aggregated capture.'),
};
