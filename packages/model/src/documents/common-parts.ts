/** Parts that documents of several questions have in common. */
import { Type, type TObject } from 'typebox';

import { LIBRARY_CATEGORIES } from '../analysis/libraries/library-rule.js';
import { FRAME_SOURCES } from '../symbol-notes.js';
import { ALLOCATOR_NAMES, OWNER_KINDS, type AllocatorName } from '../tables.js';
import { LEAK_ROW_KINDS } from '../view/application-lines.js';
import {
  type Declared,
  epochMs,
  integer,
  isoTime,
  lineNumber,
  measuredBytes,
  oneOf,
  orNull,
  record,
  text,
  whole,
} from './vocabulary.js';

/** A line of Python. */
export const place = record({
  function: orNull(text()),
  file: orNull(text()),
  line: integer('1-based; 0 = unknown.'),
});
export type Place = Declared<typeof place>;

export const libraryCategory = text(`${LIBRARY_CATEGORIES.join(', ')}, or one of a user's rules.`);

export const allocatorName = oneOf(
  ALLOCATOR_NAMES.filter((name): name is AllocatorName => name !== ''),
  "memray's name in lower case.",
);

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
export const captureOfView = record({
  path: text('Absolute path, or - for standard input; of several runs that of the first.'),
});

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

/** A frame that is shown. */
export const frameColumns = {
  kind: oneOf(['python', 'native']),
  function: orNull(text()),
  file: orNull(text()),
  line: orNull(lineNumber()),
  module: text(),
  library: text('Whose code it is, by the rules of libraries.'),
  category: libraryCategory,
  source: orNull(
    oneOf(FRAME_SOURCES),
    'How native code got its name: from debug sections or symbol tables; none = it has none. Null for Python.',
  ),
};
export type FrameColumns = Declared<TObject<typeof frameColumns>>;

const frameless = 'Null with all names: allocated without any frame that is shown.';

/** A frame, or none. */
export const anyFrameColumns = {
  ...frameColumns,
  kind: orNull(frameColumns.kind, frameless),
  module: orNull(frameColumns.module),
  library: orNull(frameColumns.library),
  category: orNull(frameColumns.category),
};

/** Whose memory sites are. */
export const ownerColumns = {
  library: orNull(text('Who owns the memory of the site; null where nothing is on its stack.')),
  category: orNull(libraryCategory),
};

/** The line of the application that leads to a site. */
export const applicationColumns = {
  applicationFunction: orNull(
    text(
      'The line that leads to it: the innermost one of the application, else of the package that the program enters first; null without a Python frame.',
    ),
  ),
  applicationFile: orNull(text()),
  applicationLine: orNull(lineNumber()),
  of: oneOf(
    LEAK_ROW_KINDS,
    "What a line does itself, what it imports, Python objects in pymalloc's arenas (of no line), or memory without a Python frame.",
  ),
};

/** The function that owns the memory of a site. */
export const functionOwnerColumns = {
  kind: oneOf(
    OWNER_KINDS,
    "A function of Python with its comprehensions; `objects`: the arenas of Python's allocator, whoever needed them; `native`: without a Python frame, the file of the innermost native one.",
  ),
  function: orNull(text()),
  file: orNull(text()),
};

export const threadNumber = 'Thread number; for captures before version 9 the value of pthread_self.';

/** Threads that are called alike, but for numbers. */
export const threadColumns = {
  thread: orNull(text(`${threadNumber} Null of several threads.`)),
  threadName: orNull(text('Of several threads their name with numbers taken out: worker-*.')),
  threads: Type.Integer({ description: 'How many are called so.', minimum: 1 }),
};

export const runColumns = {
  run: text('The file of the capture, with as much of its folders as tells it from the others.'),
  capturePath: text(),
};

/** A function of a capture. */
const functionColumns = {
  kind: oneOf(['python', 'native']),
  function: orNull(text()),
  file: orNull(text()),
  module: text(),
  address: orNull(text('Hexadecimal return address of native code without a name.')),
};

export type FunctionColumns = Declared<TObject<typeof functionColumns>>;

/** A function, or none. */
export const anyFunctionColumns = {
  ...functionColumns,
  kind: orNull(functionColumns.kind, frameless),
  module: orNull(functionColumns.module),
};

/** What one holds by itself and with what it called. */
export function selfAndInclusive(self: string, inclusive: string) {
  return { selfBytes: measuredBytes(self), selfCount: whole(), bytes: measuredBytes(inclusive), count: whole() };
}

/** Of a node or a row of two sides. */
export const arenasFlag = {
  arenas: Type.Optional(
    Type.Literal(true, {
      description:
        "The arenas of Python's allocator: with a base no part of the paths that needed them, since whose call needs a new one is chance.",
    }),
  ),
};

/** What the base holds of a node or a row; left out without a base. */
export const baseWeights = {
  baseBytes: Type.Optional(measuredBytes('The same in the base.')),
  baseCount: Type.Optional(whole()),
};
export const baseSelf = { baseSelfBytes: Type.Optional(measuredBytes()), baseSelfCount: Type.Optional(whole()) };

/** A function that was asked for, with what it holds. */
export const namedFunction = {
  ...functionColumns,
  ...selfAndInclusive('Allocated by the function itself.', 'With all that it called; a path counts once.'),
  ...baseWeights,
  ...baseSelf,
};

/** Left out of one run. */
export const sharedClock = {
  clock: Type.Optional(
    oneOf(
      ['wall', 'start'],
      'Of several runs: wall = the time of day, of which some were recorded at the same time; start = the time since the start of each, since no two were: nothing of them was held together, and times count from there.',
    ),
  ),
  stepMs: Type.Optional(
    Type.Integer({
      description:
        'Of several runs: how long a tick of that clock is. It has the greatest heap of each run in it, so that the sum is the most that they held together, at most.',
      minimum: 1,
    }),
  ),
};

/** Columns of steps in time, of equal length. */
export const timelineColumns = {
  timeMs: Type.Array(epochMs(), { description: 'End of each step, in milliseconds since the epoch.' }),
  rssBytes: Type.Array(whole(), {
    description:
      'Greatest RSS of each step; of several runs that of the one with the most, since pages that they share would count once for each.',
  }),
  heapBytes: Type.Array(whole(), { description: 'Heap at the end of each step.' }),
  peakBytes: orNull(Type.Array(whole()), 'Greatest heap in each step; null in an aggregated capture.'),
};

export const filterSuggestion = orNull(
  record({
    text: text('Which name nobody has, and which one was probably meant.'),
    filter: orNull(text('The filter with the names that were probably meant; null where none is near.')),
  }),
  'Null unless the filter lets nothing pass.',
);
