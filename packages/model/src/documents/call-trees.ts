/** What `memscope tree`, `callers` and `callees` print with `--json`: the nodes of a call tree as a list. */
import { Type } from 'typebox';

import { arenasFlag, baseSelf, baseWeights, frameColumns, namedFunction, selfAndInclusive } from './common-parts.js';
import { viewHead } from './selection.js';
import {
  document,
  flag,
  measuredBytes,
  orNull,
  record,
  share,
  sharedBy,
  sharedPart,
  text,
  whole,
} from './vocabulary.js';
import type { Declared } from './vocabulary.js';

export const ListedNode = sharedPart(
  'listed-node',
  'node of a call tree',
  'A node in the documents of views that list the nodes of a call tree, parents before their children.',
  {
    parent: orNull(whole('Position of the parent among the nodes; null in the root, which is the first.')),
    thread: orNull(record({ tid: text(), name: orNull(text()) }), 'Of a level that tells threads apart.'),
    frame: orNull(record(frameColumns), 'Null in the root, in threads, imports and arenas.'),
    import: Type.Optional(text('What of a library is imported, at any of its lines; left out elsewhere.')),
    hiddenFrames: whole('Frames between the node and its caller that do not show, the most of any path.'),
    ...arenasFlag,
    bytes: measuredBytes('With everything below.'),
    count: whole(),
    selfBytes: measuredBytes('Of paths that end here.'),
    selfCount: whole(),
    ...baseWeights,
    ...baseSelf,
    folded: record({ nodes: whole(), bytes: measuredBytes(), count: whole() }, 'Children that are not listed.'),
  },
);
export type ListedNode = Declared<typeof ListedNode>;

const maxDepth = orNull(Type.Integer({ minimum: 1 }));

function nodes(description: string) {
  return Type.Array(sharedBy(ListedNode), { description, minItems: 1 });
}

export const TreeDocument = document('tree', 'What `memscope tree --json` prints. Sizes are bytes.', {
  ...viewHead,
  inverted: flag('Whether children are callers.'),
  threshold: share('Share of the whole below which nodes are folded.'),
  maxDepth,
  nodes: nodes('Heaviest children first.'),
});
export type TreeDocument = Declared<typeof TreeDocument>;

const sandwichParts = {
  ...viewHead,
  pattern: text('The functions as they were asked for.'),
  functions: Type.Array(record(namedFunction), {
    description: 'Those that match, heaviest first.',
    minItems: 1,
  }),
  ...selfAndInclusive(
    'Allocated by the functions themselves.',
    'With all that they called; a path counts once, at its outermost call of one of them.',
  ),
  ...baseWeights,
  ...baseSelf,
  threshold: share("Share of the functions' own below which nodes are folded."),
  maxDepth,
};

export const CallersDocument = document('callers', 'What `memscope callers --json` prints.', {
  ...sandwichParts,
  nodes: nodes('The tree from the functions outwards: below a node stand its callers.'),
});
export type CallersDocument = Declared<typeof CallersDocument>;

export const CalleesDocument = document('callees', 'What `memscope callees --json` prints.', {
  ...sandwichParts,
  nodes: nodes('The tree from the functions inwards: below a node stands what it called.'),
});
export type CalleesDocument = Declared<typeof CalleesDocument>;
