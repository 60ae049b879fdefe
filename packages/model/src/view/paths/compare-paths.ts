/**
 * What a base and a head weigh on merged paths → what grew on them, and weights that a drawing of both can have. Growth
 * is taken path by path and summed upwards, so that what shrank elsewhere below a caller is never netted against it:
 * grown less shrunk is the change, in every subtree.
 */
import type { ComparedWeight } from '../view-choices.js';
import type { PathTable } from './path-table.js';
import { addBelow, type PathWeights } from './weigh-paths.js';

export interface ComparedPaths {
  readonly head: PathWeights;
  readonly base: PathWeights;
  readonly grown: PathWeights;
}

/** `table` has one row for each path (`mergePaths`). */
export function comparePaths(
  table: Pick<PathTable, 'length' | 'parent'>,
  head: PathWeights,
  base: PathWeights,
): ComparedPaths {
  const grown = (now: Float64Array, before: Float64Array): Float64Array =>
    now.map((each, row) => grownOf(each, before[row]!));
  const selfBytes = grown(head.selfBytes, base.selfBytes);
  const selfCount = grown(head.selfCount, base.selfCount);
  return { head, base, grown: addBelow(table, selfBytes, selfCount) };
}

function grownOf(head: number, base: number): number {
  // Of what only counts are known bytes are NaN.
  return head <= base ? 0 : head - base;
}

/** Of a path, or of any sum of paths. */
export function weighCompared(by: ComparedWeight, head: number, base: number, grown: number): number {
  switch (by) {
    case 'head':
      return head;
    case 'base':
      return base;
    case 'grown':
      return grown;
    case 'shrunk':
      return base + grown - head;
    case 'larger':
      return base + grown;
    case 'change':
      return 2 * grown + base - head;
  }
}

export function weightsCompared(by: ComparedWeight, { head, base, grown }: ComparedPaths): PathWeights {
  if (by === 'head') return head;
  if (by === 'base') return base;
  if (by === 'grown') return grown;
  const weigh = (name: keyof PathWeights): Float64Array =>
    head[name].map((each, row) => weighCompared(by, each, base[name][row]!, grown[name][row]!));
  return {
    selfBytes: weigh('selfBytes'),
    selfCount: weigh('selfCount'),
    bytes: weigh('bytes'),
    count: weigh('count'),
  };
}
