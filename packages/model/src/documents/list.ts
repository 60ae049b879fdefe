/** What `memscope list --json` prints: functions with their lines, and their source where it is at hand. */
import { SOURCE_MISSES } from '../view/source-lookup.js';
import { baseSelf, baseWeights, namedFunction, selfAndInclusive } from './common-parts.js';
import { viewHead } from './selection.js';
import { document, flag, isoTime, lineNumber, listOf, oneOf, orNull, record, text, whole } from './vocabulary.js';
import type { Declared } from './vocabulary.js';

const source = record({
  path: text('The file that was read, without links.'),
  modifiedTime: isoTime(),
  changedSinceStart: flag('Whether it was modified after the recording started, so that lines may have moved.'),
  definitionLine: orNull(lineNumber()),
});

const line = record({
  line: orNull(lineNumber()),
  text: orNull(text('At most 1,000 UTF-16 units; null where the source is not at hand.')),
  ...selfAndInclusive('Allocated in this line itself.', 'With what was called from it; a path counts once in a line.'),
  ...baseWeights,
  ...baseSelf,
});

const listedFunction = record({
  ...namedFunction,
  source: orNull(source),
  missing: orNull(
    oneOf(SOURCE_MISSES),
    'Why there is no source. It is looked for in --source folders only, for the 100 heaviest functions.',
  ),
  lines: listOf(
    line,
    "Ascending; with a base numbers of lines are those of each side: where the file changed, the same number may be another line. Lines that hold something, and where the source is at hand those around; self numbers add up to the function's.",
  ),
});

export const ListDocument = document('list', 'What `memscope list --json` prints.', {
  ...viewHead,
  pattern: text('The functions as they were asked for.'),
  functionCount: whole('Functions that match; `functions` holds no more than were asked for.'),
  functions: listOf(listedFunction, 'Heaviest first.'),
});
export type ListDocument = Declared<typeof ListDocument>;
