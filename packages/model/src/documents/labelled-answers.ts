/**
 * Answers of the API that name functions, declared by how they name them: an answer to a page has whole labels, a report
 * holds each label once and has positions instead.
 */
import type { TSchema } from 'typebox';

import { GROWTH_RULES } from '../analysis/findings/grows.js';
import { GROUPINGS } from '../view/groupings.js';
import { LEAK_ROW_KINDS } from '../view/application-lines.js';
import { LEAK_RULES } from '../view/leak-verdict.js';
import { COMPARED_WEIGHTS } from '../view/view-choices.js';
import { findingSeverity, findingView } from './analysis.js';
import { filterSuggestion, place } from './common-parts.js';
import {
  type Declared,
  epochMs,
  integer,
  listOf,
  measuredBytes,
  oneOf,
  orNull,
  record,
  roundedMark,
  text,
  whole,
} from './vocabulary.js';

/** Of what passes the filter, and of the capture before it; with a base all of it is the head's but what says so. */
const totals = {
  bytes: measuredBytes('Of all that passes the filter.'),
  count: whole(),
  baseBytes: orNull(measuredBytes(), 'What of the base passes the filter. Null without a base.'),
  baseCount: orNull(whole()),
};
const wholes = { wholeBytes: measuredBytes('Before the filter.'), wholeCount: whole(), suggestion: filterSuggestion };

export function flameHead<Label extends TSchema>(label: Label) {
  return {
    labels: listOf(label),
    rootBytes: measuredBytes('Of the shown root.'),
    rootCount: whole(),
    ...totals,
    ...wholes,
    foldedNodes: whole('Children that are not shown, since they were below a pixel; without those below imports.'),
    foldedBytes: measuredBytes('What they weigh with all that is below them; with a base by `weigh`.'),
    weigh: orNull(oneOf(COMPARED_WEIGHTS), 'By which nodes of two sides were drawn. Null without a base.'),
    ...roundedMark,
  };
}

const changedRows = record({ rows: whole(), bytes: measuredBytes('Together, never netted.'), count: whole() });

const changes = record(
  { grew: changedRows, shrank: changedRows, new: whole('Rows that the base has not.'), gone: whole() },
  'Of all rows before the search, by what they allocated themselves.',
);
export type TableChanges = Declared<typeof changes>;

export function tablePage<Label extends TSchema>(label: Label) {
  return record({
    by: oneOf(GROUPINGS),
    rowCount: whole('After the search, and of the change that was asked for.'),
    ...totals,
    ...wholes,
    changes: orNull(changes, 'Null without a base.'),
    ...roundedMark,
    rows: listOf(
      record({
        label: orNull(label),
        thread: orNull(text('Of a site, or of the row.')),
        allocator: orNull(text('Of a site, or of the row.')),
        filter: orNull(text('Passes what the row holds; null where no filter says that.')),
        site: orNull(whole('By which a site of this run set is asked for; null of other rows.')),
        selfBytes: measuredBytes(),
        selfCount: whole(),
        bytes: orNull(measuredBytes('Null where rows do not nest.')),
        count: orNull(whole()),
        baseSelfBytes: orNull(measuredBytes(), 'Of the base: null without one.'),
        baseSelfCount: orNull(whole()),
        baseBytes: orNull(measuredBytes()),
        baseCount: orNull(whole()),
      }),
    ),
  });
}

function smallTree<Label extends TSchema>(label: Label) {
  return record(
    {
      parent: listOf(integer('-1 of the root.')),
      label: listOf(label),
      bytes: listOf(measuredBytes()),
      count: listOf(whole()),
      compared: orNull(
        record({
          baseBytes: listOf(measuredBytes()),
          baseCount: listOf(whole()),
          grownBytes: listOf(measuredBytes('Summed over paths, never netted.')),
          grownCount: listOf(whole()),
        }),
        'With a base, when `bytes` and `count` are of the head; null without.',
      ),
    },
    'A small tree in columns: nodes, callers first.',
  );
}

export function sandwichAnswer<Label extends TSchema>(label: Label) {
  return record({
    function: label,
    bytes: measuredBytes(),
    count: whole(),
    selfBytes: measuredBytes(),
    selfCount: whole(),
    base: orNull(
      record({ bytes: measuredBytes(), count: whole(), selfBytes: measuredBytes(), selfCount: whole() }),
      'The same of the base; null without one.',
    ),
    callers: smallTree(label),
    callees: smallTree(label),
    ...roundedMark,
  });
}

const verdictName = oneOf(LEAK_RULES.map(({ name }) => name));

export function leaksPage<Label extends TSchema>(label: Label) {
  return record({
    growth: listOf(
      record({
        rule: oneOf(GROWTH_RULES),
        severity: findingSeverity,
        title: text(),
        text: text(),
        bytes: whole(),
        location: orNull(place),
        view: orNull(findingView, 'The view that shows it.'),
      }),
      'What grows, or grew and is flat, in the words of the overview; of what passes the filter; none by lifetime, or of a window that ends earlier.',
    ),
    attached: orNull(text('Says that the recording began while the program ran.')),
    arenas: orNull(text('Says that Python objects are hidden in arenas.')),
    reserved: orNull(text('Says what is reserved and not used, which is in no row.')),
    suggestion: filterSuggestion,
    ...roundedMark,
    rowCount: whole('Of the verdict and the search that were asked for.'),
    foundBytes: whole('What these rows hold together.'),
    foundCount: whole(),
    window: orNull(
      text('The window in which what counts was allocated, as `--window` takes it; null: the whole recording.'),
    ),
    endMs: epochMs('When the recording or the window ends.'),
    bytes: whole('Of all rows.'),
    count: whole(),
    base: orNull(
      record({
        bytes: whole(),
        count: whole(),
        gone: record({ lines: whole(), bytes: whole(), count: whole() }, 'Where the head keeps nothing.'),
      }),
      'What the base keeps; null without one.',
    ),
    stepMs: listOf(epochMs()),
    verdicts: listOf(
      record({ name: verdictName, title: text(), rule: text(), bytes: whole(), count: whole(), lines: whole() }),
    ),
    rows: listOf(
      record({
        kind: oneOf(LEAK_ROW_KINDS),
        label: orNull(label, 'The line; null for Python objects in arenas, and where no Python frame is on the stack.'),
        innermost: orNull(label, 'Where most of it was allocated.'),
        stack: listOf(label, 'Of the site that keeps most: from the innermost frame outwards.'),
        filter: text('Passes what the row holds, and nothing else.'),
        sites: whole(),
        bytes: whole(),
        count: whole(),
        base: orNull(
          record({ bytes: whole(), count: whole() }),
          'What the base keeps at the same line: 0 of what is new. Null without a base.',
        ),
        firstBornMs: epochMs(),
        lastBornMs: epochMs(),
        liveBytes: listOf(whole()),
        verdict: verdictName,
      }),
      'A line of the application each.',
    ),
  });
}

export function siteAnswer<Label extends TSchema>(label: Label) {
  return record({
    thread: orNull(text('Null where threads are merged.')),
    allocator: orNull(text()),
    kind: oneOf(LEAK_ROW_KINDS),
    application: orNull(label, 'Its line of the application; null where none leads to it.'),
    filter: text('Passes what that line leads to.'),
    stack: listOf(label, 'From the innermost frame outwards.'),
    frames: whole('Of the whole stack.'),
    siteBytes: measuredBytes('Of the site, by the measure of the view.'),
    siteCount: whole(),
    baseSiteBytes: orNull(measuredBytes(), 'The same of the base; null without one.'),
    baseSiteCount: orNull(whole()),
    ...totals,
    life: orNull(
      record({
        bytes: whole('Live at the end of the recording.'),
        count: whole(),
        born: orNull(
          record({ firstMs: epochMs(), lastMs: epochMs() }),
          'When the first and the last of what is left was allocated; null where nothing is.',
        ),
        endMs: epochMs('When the recording ends.'),
        liveBytes: listOf(whole(), 'At the end of each of equal steps of the recording.'),
      }),
      'Of the whole recording, in the head; null where the capture does not know when allocations were made and freed.',
    ),
    ...roundedMark,
  });
}
