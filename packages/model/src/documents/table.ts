/**
 * What `memscope table --json` prints. What a row holds depends on what it stands for: a row of each grouping is declared
 * here, and the document of a grouping has rows of that one.
 */
import { Type, type TObject } from 'typebox';

import { PYTHON_MODULE_KINDS } from '../analysis/module-of-file.js';
import { GROUPINGS, SORTS, type Grouping } from '../view/groupings.js';
import {
  allocatorName,
  anyFrameColumns,
  anyFunctionColumns,
  applicationColumns,
  arenasFlag,
  baseSelf,
  baseWeights,
  functionOwnerColumns,
  ownerColumns,
  runColumns,
  selfAndInclusive,
  threadColumns,
  threadNumber,
} from './common-parts.js';
import { viewHead } from './selection.js';
import {
  document,
  epochMs,
  lineNumber,
  listOf,
  measuredBytes,
  oneOf,
  orNull,
  record,
  text,
  whole,
} from './vocabulary.js';
import type { Declared } from './vocabulary.js';

/** Groups of frames. */
const groupWeights = {
  ...selfAndInclusive(
    'Allocated by the group itself: with it as the innermost frame.',
    'With all that it called; a path counts once, however often the group is on it.',
  ),
  ...baseWeights,
  ...baseSelf,
  ...arenasFlag,
};
/** Groups of sites. */
const weights = { bytes: measuredBytes(), count: whole(), ...baseWeights };

const siteAllocator = orNull(allocatorName, "memray's name in lower case; null of the measure `objects`.");

/** A row of each grouping. */
const rows = {
  function: record({ ...anyFunctionColumns, ...groupWeights }),
  location: record({ ...anyFrameColumns, ...groupWeights }),
  module: record({ module: orNull(text()), kind: orNull(oneOf([...PYTHON_MODULE_KINDS, 'native'])), ...groupWeights }),
  application: record({ ...applicationColumns, ...weights }),
  owner: record({
    ...functionOwnerColumns,
    ...weights,
    ownPeakBytes: orNull(
      whole(
        'The most that it held at once, whenever that was and whatever is selected; null in an aggregated capture.',
      ),
    ),
    ownPeakTick: orNull(whole()),
    ownPeakMs: orNull(epochMs('End of that tick, in milliseconds since the epoch.')),
  }),
  library: record({ ...ownerColumns, ...weights }),
  category: record({ category: ownerColumns.category, ...weights }),
  site: record({
    ...anyFrameColumns,
    ...ownerColumns,
    callerFunction: orNull(text('The next shown frame outwards.')),
    callerFile: orNull(text()),
    callerLine: orNull(lineNumber()),
    allocator: siteAllocator,
    // Told apart only where that is asked for.
    thread: Type.Optional(text(threadNumber)),
    threadName: Type.Optional(orNull(text())),
    ...weights,
    ...arenasFlag,
  }),
  thread: record({ ...threadColumns, ...weights }),
  allocator: record({ allocator: siteAllocator, ...weights }),
  run: record({ ...runColumns, ...weights }),
} satisfies Readonly<Record<Grouping, TObject>>;

const table = document('table', 'What `memscope table --json` prints.', {
  ...viewHead,
  by: oneOf(GROUPINGS),
  sort: orNull(oneOf(SORTS), 'Null where rows have one order only.'),
  rowCount: whole('Rows there are; `rows` holds no more than were asked for.'),
  rows: listOf(
    Type.Unknown(),
    'Heaviest first. Of groups of frames, self bytes of all rows add up to the bytes of the selection; by own peak, owners that hold nothing by the measure are listed, too.',
  ),
});

export type TableDocumentRow<By extends Grouping> = Declared<(typeof rows)[By]>;

export type TableDocumentBy<By extends Grouping> = Omit<Declared<typeof table>, 'by' | 'rows'> & {
  readonly by: By;
  readonly rows: readonly TableDocumentRow<By>[];
};

export type TableDocument = { [By in Grouping]: TableDocumentBy<By> }[Grouping];

export const TableDocument = Type.Unsafe<TableDocument>({
  ...table,
  oneOf: GROUPINGS.map((by) => ({ properties: { by: { const: by }, rows: { type: 'array', items: rows[by] } } })),
});
