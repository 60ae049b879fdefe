/**
 * A table of paths and a transform of the user → the changed table. Each takes what the one before it made, so that they
 * work in the order in which they are given. Where a function calls itself, its outermost call counts.
 *
 * - focus: only paths through the function, starting with it;
 * - callees: the same without the function itself, whose own bytes stay with the root (or the thread);
 * - callers: only paths through the function, ending with it;
 * - hide: its frames vanish, their bytes go to the caller;
 * - collapse: neighbouring frames of a module become one, of the module as a whole.
 */
import type { FunctionKey, PathKey } from '../../rows.js';
import type { Transform } from '../../api.js';
import type { FrameGroups } from '../frame-groups.js';
import { framesOfFunctions } from '../match-functions.js';
import { ROOT_KEY } from '../path-tree.js';
import { ViewError } from '../view-error.js';
import { DROPPED, type PathTable } from './path-table.js';
import { rewirePaths } from './rewire-paths.js';

/** `FunctionName` of a function; null for native code without a name, which cannot be told by it. */
export function nameFunction({
  name,
  file,
}: {
  readonly name: string | null;
  readonly file: string | null;
}): string | null {
  return name === null ? null : `${name}\n${file ?? ''}`;
}

/** Whether a function is called so, without putting its name together: there may be tens of thousands to ask. */
function isCalled(
  { name, file }: { readonly name: string | null; readonly file: string | null },
  target: string,
): boolean {
  if (name === null || target.length !== name.length + 1 + (file?.length ?? 0)) return false;
  return target[name.length] === '\n' && target.startsWith(name) && target.endsWith(file ?? '');
}

/** Position of the first function of the name. Throws `ViewError` `outside` where there is none. */
export function findFunction(target: string, { functions }: Pick<FrameGroups, 'functions'>): FunctionKey {
  const found = functions.findIndex((each) => isCalled(each, target));
  if (found < 0) throw new ViewError('outside', `there is no function ${quote(target)} in the capture`);
  return found;
}

/** Positions of all functions of the name, at least one: native code has one in each module. Throws like `findFunction`. */
export function findFunctions(target: string, groups: Pick<FrameGroups, 'functions'>): FunctionKey[] {
  const rows: FunctionKey[] = [];
  for (let row = findFunction(target, groups); row < groups.functions.length; row++) {
    if (isCalled(groups.functions[row]!, target)) rows.push(row);
  }
  return rows;
}

/** By frame row: 1 where it is of the function. Throws `ViewError` `outside` where no frame is. */
export function chooseFunction(target: string, groups: FrameGroups): Uint8Array {
  return framesOfFunctions(groups, findFunctions(target, groups));
}

/** Throws `ViewError` `outside` where no frame is of the function or module. */
export function transformPaths(table: PathTable, { kind, target }: Transform, groups: FrameGroups): PathTable {
  if (kind === 'collapse') return collapseModule(table, target, groups);
  const chosen = chooseFunction(target, groups);
  switch (kind) {
    case 'hide':
      return hideFunction(table, chosen);
    case 'focus':
      return keepBelow(table, chosen, true);
    case 'callees':
      return keepBelow(table, chosen, false);
    case 'callers':
      return keepAbove(table, chosen, true);
  }
}

function hideFunction(table: PathTable, chosen: Uint8Array): PathTable {
  const { length, parent, key } = table;
  const target = new Uint32Array(length);
  for (let row = 1; row < length; row++) target[row] = isChosen(key[row]!, chosen) ? target[parent[row]!]! : row;
  return rewirePaths(table, target);
}

/** From the outermost call of a chosen function on; without that call itself unless `withCall`. */
export function keepBelow(table: PathTable, chosen: Uint8Array, withCall: boolean): PathTable {
  const { length, parent, key } = table;
  const target = new Uint32Array(length);
  const ends = new Uint32Array(length).fill(DROPPED);
  for (let row = 1; row < length; row++) {
    const above = parent[row]!;
    const isBelow = ends[above] !== DROPPED;
    if (isBelow || key[row]! < ROOT_KEY) target[row] = row;
    else target[row] = isChosen(key[row]!, chosen) && withCall ? row : target[above]!;
    if (isBelow || isChosen(key[row]!, chosen)) ends[row] = target[row]!;
  }
  return rewirePaths(table, target, ends);
}

/** Down to the outermost call of a chosen function, which takes what is below it; or, not `withCall`, to its caller. */
export function keepAbove(table: PathTable, chosen: Uint8Array, withCall: boolean): PathTable {
  const { length, parent, key } = table;
  const target = new Uint32Array(length);
  const ends = new Uint32Array(length).fill(DROPPED);
  for (let row = 1; row < length; row++) {
    const above = parent[row]!;
    const isBelow = ends[above] !== DROPPED;
    const isCall = !isBelow && isChosen(key[row]!, chosen);
    target[row] = isBelow || (isCall && !withCall) ? target[above]! : row;
    if (isBelow || isCall) ends[row] = target[row]!;
  }
  return rewirePaths(table, target, ends);
}

function collapseModule(table: PathTable, name: string, { moduleOf, modules }: FrameGroups): PathTable {
  const frames = moduleOf.length;
  const first = modules.findIndex((module) => module.name === name);
  if (first < 0) throw new ViewError('outside', `there is no module ${quote(name)} in the capture`);
  const isNamed = modules.map((module) => module.name === name);
  const isInside = (key: PathKey): boolean =>
    key >= 0 && isNamed[key < frames ? moduleOf[key]! : key - frames] === true;
  const { length, parent, key } = table;
  const newKey = key.map((own) => (isInside(own) ? frames + first : own));
  const target = new Uint32Array(length);
  for (let row = 1; row < length; row++) {
    const above = target[parent[row]!]!;
    target[row] = newKey[row] === frames + first && newKey[above] === frames + first ? above : row;
  }
  return rewirePaths(table, target, target, newKey);
}

/** Keys of threads and of whole modules are none of a function. */
function isChosen(key: PathKey, chosen: Uint8Array): boolean {
  return key >= 0 && chosen[key] === 1;
}

function quote(target: string): string {
  return JSON.stringify(target.length > 80 ? `${target.slice(0, 80)}…` : target);
}
