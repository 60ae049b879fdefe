/** What a view was asked of, as it stands in the documents of all views. */
import { Type } from 'typebox';

import { FRAME_CHOICES, SITE_MEASURES, STACK_CHOICES } from '../view/view-choices.js';
import { captureOfView, filterSuggestion, runColumns, sharedClock, timeWindow } from './common-parts.js';
import {
  type Declared,
  flag,
  measuredBytes,
  oneOf,
  orNull,
  record,
  sharedBy,
  sharedPart,
  text,
  whole,
} from './vocabulary.js';

const window = orNull(
  timeWindow,
  'Null: the whole recording. Of several runs in steps of the clock that they share; `peakBytes` is then the most that they held together, at most.',
);

const run = record({
  ...runColumns,
  window: orNull(
    timeWindow,
    'In ticks of its own; null: all of it, or none where it was not recorded within the window.',
  ),
  bytes: measuredBytes(),
  count: whole(),
});

export const SelectionPart = sharedPart(
  'selection',
  'selection',
  'What a view was asked of: the part `selection` of the documents of views.',
  {
    measure: oneOf(SITE_MEASURES),
    peakTick: orNull(
      whole(),
      'The tick at whose greatest heap this was live, with a filter that of the peak of what passes; null for another measure, or where it is not known.',
    ),
    runs: Type.Optional(
      Type.Array(run, {
        description:
          'The runs that are taken as one (--together), with what each holds; left out where there is one. Each was at its peak at another moment.',
        minItems: 2,
      }),
    ),
    base: Type.Optional(
      record(
        { runs: Type.Array(run, { minItems: 1 }), bytes: whole(), count: whole() },
        'The runs that those of the view are compared with (--base); left out where nothing is. Nodes and rows then say what both sides hold: `bytes` is the head’s, `baseBytes` the base’s.',
      ),
    ),
    ...sharedClock,
    window,
    filter: orNull(text('In the filter language, --thread, --include and --exclude among it; null: none.')),
    suggestion: filterSuggestion,
    stacks: oneOf(STACK_CHOICES, 'Which stacks; joined ones are Python stacks in a capture without native traces.'),
    rules: orNull(text('The text of the rules of libraries that were given; null: memscope’s own alone.')),
    counts: flag('Ranked by allocations (or objects) instead of bytes.'),
    interpreterFrames: flag('False: native frames of the interpreter leave what they allocated to their caller.'),
    frames: oneOf(
      FRAME_CHOICES,
      'Which frames show: those of the program, without runners and the import system and with an import of a library as one node of a tree; `imports`, with what is below that; `all`, as recorded; or the program’s without the standard library’s.',
    ),
    splitThreads: flag('The same stack in several threads is told apart.'),
    mergeRecursion: flag(),
    bytes: measuredBytes('Of what passes the filter.'),
    count: whole(),
    wholeBytes: measuredBytes('Before the filter.'),
    wholeCount: whole(),
  },
);
export type SelectionPart = Declared<typeof SelectionPart>;

/** What the document of every view begins with. */
export const viewHead = { capture: captureOfView, selection: sharedBy(SelectionPart) };
