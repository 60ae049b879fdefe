/** Some frames → what was allocated on stacks that go through one of them, which is often a small part of a capture. */
import type { SiteWeights } from '../profile.js';
import type { StackTable } from '../tables.js';

/** Weights of the sites on such stacks, 0 for the others. `chosen` is by frame row, `stack` by site. */
export function weighThrough(
  chosen: Uint8Array,
  { length, parent, frame }: StackTable,
  stack: Uint32Array,
  weights: SiteWeights,
): SiteWeights {
  const through = new Uint8Array(length);
  for (let row = 1; row < length; row++) through[row] = chosen[frame[row]!]! | through[parent[row]!]!;
  return {
    bytes: weights.bytes.map((bytes, site) => (through[stack[site]!] === 0 ? 0 : bytes)),
    count: weights.count.map((count, site) => (through[stack[site]!] === 0 ? 0 : count)),
  };
}
