/**
 * Functions of two sides → those that seem to have another name: one is on no stack of the head, one on none of the base,
 * both belong to the same library (or to the application), and nearly all that called the one, or was called by it, calls
 * or is called by the other. It is told, and nothing is matched by it: two functions may just do the same.
 */
import type { SelectedRun, Selection } from '../view/selection.js';

export interface FunctionPlace {
  readonly function: string | null;
  readonly file: string | null;
}

export interface RenamedFunction {
  readonly from: FunctionPlace;
  readonly to: FunctionPlace;
}

const LEAST_COMMON = 0.75;
/** Of functions that only one side has: more is another program. */
const MOST_CANDIDATES = 300;
/** Functions that only call the interpreter's own are told apart by nothing. */
const LEAST_NEIGHBOURS = 2;

export function findRenamedFunctions({ runs, stackTables, groups }: Selection): RenamedFunction[] {
  const { stacks } = stackTables;
  const sides = sidesOfFunctions({ runs, stackTables, groups });
  const only = (side: number): number[] =>
    [...sides.keys()].filter((row) => sides[row] === side && groups.functions[row]!.name !== null);
  const [came, gone] = [only(1), only(2)];
  if (came.length === 0 || gone.length === 0 || came.length + gone.length > MOST_CANDIDATES) return [];
  const neighbours = new Map<number, Set<number>>([...came, ...gone].map((row) => [row, new Set()]));
  const isCommon = (row: number): boolean => sides[row] === 3;
  for (let row = 1; row < stacks.length; row++) {
    const above = stacks.parent[row]!;
    if (above === 0) continue;
    const own = groups.functionOf[stacks.frame[row]!]!;
    const caller = groups.functionOf[stacks.frame[above]!]!;
    // Callers and callees of one function are told apart.
    if (isCommon(caller)) neighbours.get(own)?.add(2 * caller);
    if (isCommon(own)) neighbours.get(caller)?.add(2 * own + 1);
  }
  const found: RenamedFunction[] = [];
  const taken = new Set<number>();
  for (const from of gone) {
    const before = neighbours.get(from)!;
    if (before.size < LEAST_NEIGHBOURS) continue;
    const alike = came.filter(
      (to) => !taken.has(to) && groups.functions[to]!.module === groups.functions[from]!.module,
    );
    const [best, next] = alike
      .map((to) => ({ to, share: shareInCommon(before, neighbours.get(to)!) }))
      .sort((a, b) => b.share - a.share);
    if (best === undefined || best.share < LEAST_COMMON || next?.share === best.share) continue;
    taken.add(best.to);
    found.push({ from: placeOf(groups.functions[from]!), to: placeOf(groups.functions[best.to]!) });
  }
  return found;
}

function placeOf({ name, file }: { readonly name: string | null; readonly file: string | null }): FunctionPlace {
  return { function: name, file };
}

function shareInCommon(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const common = [...a].filter((each) => b.has(each)).length;
  return common / Math.max(1, a.size + b.size - common);
}

/** By function: 1 = it is on a stack of the head, 2 = of the base, 3 = of both. */
export function sidesOfFunctions({
  runs,
  stackTables: { frames },
  groups,
}: Pick<Selection, 'runs' | 'stackTables' | 'groups'>): Uint8Array {
  const firstBase = firstFrameOfBase(runs);
  const sides = new Uint8Array(groups.functions.length);
  for (let frame = 0; frame < frames.length; frame++) sides[groups.functionOf[frame]!]! |= frame < firstBase ? 1 : 2;
  return sides;
}

/** Frames of the head's runs stand before those of the base's. */
function firstFrameOfBase(runs: readonly SelectedRun[]): number {
  return runs.reduce((sum, { side, profile }) => sum + (side === 'head' ? profile.stackTables().frames.length : 0), 0);
}
