/** What `memscope leaks --json` prints: what grows, and what is live at the end, by line of the application. */
import { Type } from 'typebox';

import { GROWTH_RULES } from '../analysis/findings/grows.js';
import { LEAK_RULES } from '../view/leak-verdict.js';
import { anyFrameColumns, applicationColumns, baseWeights, ownerColumns, place } from './common-parts.js';
import { viewHead } from './selection.js';
import { document, listOf, oneOf, orNull, record, text, whole, type Declared } from './vocabulary.js';

const verdictName = oneOf(LEAK_RULES.map(({ name }) => name));

const warmUp = record({
  fromTick: whole('The first tick that counts; of several runs a step of the clock that they share.'),
  ms: whole('When it starts, in milliseconds since the start.'),
});

const growth = record({
  rule: oneOf(GROWTH_RULES),
  title: text(),
  text: text(),
  bytes: whole(),
  location: orNull(place),
});

const verdict = record({
  name: verdictName,
  title: text(),
  rule: text('The rule that gave it.'),
  rows: whole(),
  bytes: whole(),
  count: whole(),
});

const row = record({
  ...anyFrameColumns,
  ...ownerColumns,
  ...applicationColumns,
  sites: Type.Integer({ description: 'Allocation sites below the line that keep something.', minimum: 1 }),
  bytes: whole(),
  count: whole(),
  ...baseWeights,
  firstBornTick: whole(
    'Tick in which the first of what is still live was allocated; as many as there are ticks = after the last memory record.',
  ),
  lastBornTick: whole(),
  firstBornMs: whole('End of that tick in milliseconds since the start.'),
  lastBornMs: whole(),
  verdict: verdictName,
  liveBytes: listOf(whole(), 'Live bytes at the end of each step.'),
});

export const LeaksDocument = document('leaks', 'What `memscope leaks --json` prints.', {
  ...viewHead,
  warmUp: orNull(warmUp, 'Null: everything counts.'),
  attached: orNull(text('Says that the recording began while the program ran; null where nothing shows it.')),
  arenas: orNull(
    text('Says that Python objects are hidden in arenas; null where they hold little, or `growth` tells of them.'),
  ),
  reserved: orNull(
    text('Says how much is live at the end but only reserved, which is in no row; null where there is none.'),
  ),
  growth: listOf(
    growth,
    'What grows, or grew and is flat, as `memscope analyze` tells it, of what passes the filter after the warm-up; empty with a filter by lifetime, or a window that ends earlier.',
  ),
  bytes: whole('Live at the end of what was allocated after the warm-up, all rows together.'),
  count: whole(),
  ...baseWeights,
  gone: Type.Optional(
    record(
      { rows: whole(), bytes: whole(), count: whole() },
      'Of what the base keeps: lines where the head keeps nothing, which are no rows. Left out without a base.',
    ),
  ),
  verdicts: listOf(verdict, 'Those that occur, in the order in which the rules are tried.'),
  stepTicks: listOf(
    whole(),
    'The last tick of each step of time that `liveBytes` has; the last step ends with the recording.',
  ),
  stepMs: listOf(whole(), 'End of each step in milliseconds since the start.'),
  rowCount: whole('Rows there are; `rows` holds no more than were asked for.'),
  rows: listOf(
    row,
    'A line of the application each, over all threads; what is still growing first, then the heaviest; with a base what grew most first, and a line is a function. `function` and what follows it are of the site that keeps most.',
  ),
});
export type LeaksDocument = Declared<typeof LeaksDocument>;
