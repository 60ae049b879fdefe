/**
 * Rows of a profile, ours and memray's, by thread and Python stack: what the two are compared by. memray's allocator of
 * a row is arbitrary, and rows that read the same are one for us. Stacks are interned in a tree that both sides share,
 * so that a stack of a hundred frames costs its own frame only.
 */
import type { Oracle, OracleRow } from '@memscope/fixtures';
import type { Decoded } from '../src/index.js';

export interface Held {
  bytes: number;
  count: number;
}

/** By "TID STACK" with the stack's number in a `StackNames`. */
export type HeldRows = Map<string, Held>;

export class StackNames {
  readonly #withLines: boolean;
  readonly #numbers = new Map<string, number>();
  readonly #parents: number[] = [0];
  readonly #labels: string[] = [''];

  /** Without lines, frames are told apart by function and file only. */
  constructor(withLines = true) {
    this.#withLines = withLines;
  }

  /** The number of a stack: its innermost frame on top of the stack `parent`; 0 is the empty one. */
  push(parent: number, functionName: string, file: string, line: number): number {
    const label = `${functionName} ${file}${this.#withLines ? `:${line}` : ''}`;
    const key = `${parent} ${label}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#labels.length);
    this.#parents.push(parent);
    return this.#labels.push(label) - 1;
  }

  /** "FUNCTION FILE:LINE", or "" of the empty stack. */
  innermost(stack: number): string {
    return this.#labels[stack]!;
  }

  /** Frames of a row's key, innermost first, behind the thread. */
  describe(key: string): string {
    const [tid = '', number] = key.split(' ');
    const frames: string[] = [];
    for (let at = Number(number); at !== 0; at = this.#parents[at]!) frames.push(this.#labels[at]!);
    return [tid, ...frames].join(' < ');
  }
}

/** The number of each of our stacks. */
export function namesOfStacks({ stacks, frames, strings }: Decoded, names: StackNames): number[] {
  const numbers = [0];
  for (let row = 1; row < stacks.length; row++) {
    const frame = stacks.frame[row]!;
    const functionName = strings[frames.functionName[frame]!]!;
    const file = strings[frames.file[frame]!]!;
    numbers.push(names.push(numbers[stacks.parent[row]!]!, functionName, file, frames.line[frame]!));
  }
  return numbers;
}

/** The number of a stack of memray's. */
export function namerOfOracle(oracle: Oracle, names: StackNames): (stack: number) => number {
  const numbers = new Map<number, number>();
  const nameOf = (stack: number): number => {
    const known = numbers.get(stack);
    if (known !== undefined) return known;
    const row = oracle.stacks[stack] ?? null;
    const frame = row === null ? undefined : oracle.frames[row[1]];
    const number = row === null || frame === undefined ? 0 : names.push(nameOf(row[0]), ...frame);
    numbers.set(stack, number);
    return number;
  };
  return nameOf;
}

export function addHeld(rows: HeldRows, key: string, bytes: number, count: number): void {
  const held = rows.get(key);
  if (held) {
    held.bytes += bytes;
    held.count += count;
  } else {
    rows.set(key, { bytes, count });
  }
}

/** The key of each of our sites. */
export function siteRowKeys(decoded: Decoded, names: StackNames): string[] {
  const stacks = namesOfStacks(decoded, names);
  const { sites, threads } = decoded;
  return Array.from(sites.pythonStack, (stack, row) => `${threads.tid[sites.thread[row]!]} ${stacks[stack]}`);
}

/** Our rows of two columns by site; sites without anything are left out. */
export function heldBySites(keys: readonly string[], bytes: ArrayLike<number>, count: ArrayLike<number>): HeldRows {
  const rows: HeldRows = new Map();
  for (const [row, key] of keys.entries()) {
    if (bytes[row] !== 0 || count[row] !== 0) addHeld(rows, key, bytes[row]!, count[row]!);
  }
  return rows;
}

export function heldByOracle(rows: readonly OracleRow[], nameOf: (stack: number) => number): HeldRows {
  const held: HeldRows = new Map();
  for (const [tid, , bytes, count, stack] of rows) addHeld(held, `${tid} ${nameOf(stack)}`, bytes, count);
  return held;
}

/** Every row that is not the same on both sides, in words. */
export function differences(ours: HeldRows, theirs: HeldRows, describe: (key: string) => string): string[] {
  const words = (held: Held | undefined): string => (held ? `${held.bytes} bytes, ${held.count} times` : 'nothing');
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
    const [mine, other] = [words(ours.get(key)), words(theirs.get(key))];
    return mine === other ? [] : [`${describe(key)}: ours ${mine}; memray's ${other}`];
  });
}
