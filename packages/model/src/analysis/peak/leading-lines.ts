/**
 * Stacks → the line of the application that leads there, which is where a reader can change something: the innermost
 * one, and whether the import system was entered below it. A program without a line of its own (a package that is run)
 * is told by the package that it enters first.
 */
import type { StackTables } from '../../profile.js';
import { PYTHON_FRAME } from '../../tables.js';
import type { FindingPlace } from '../findings/finding-place.js';
import { moduleOfFile, type PythonModuleKind } from '../module-of-file.js';

/** `place` null = no line of Python leads there. */
export interface PlaceBytes {
  readonly place: FindingPlace | null;
  readonly bytes: number;
}

export interface LeadingLines {
  /** The row of the line that leads to a stack, 0 = none. */
  readonly leadingOf: (stack: number) => number;
  /** The row at which the import system was entered after that line, 0 = it was not. */
  readonly enteredOf: (stack: number) => number;
  /** The same number for stacks that end in the same line of the same file. */
  readonly lineOf: (stack: number) => number;
  readonly placeOf: (stack: number) => FindingPlace;
  readonly importedBy: (stack: number) => string | null;
}

/** What a comprehension or a lambda is part of names it. */
const NAMELESS = /^<(?:(?:list|dict|set)comp|genexpr|lambda)>$/;

/** What part a frame plays, as numbers, since there are millions of stacks. */
const PART = { none: 0, application: 1, importSystem: 2, package: 3, other: 4 } as const;

function partOfKind(kind: PythonModuleKind): number {
  return kind === 'application' || kind === 'importSystem' || kind === 'package' ? PART[kind] : PART.other;
}

/** Several findings ask of the same tables; whoever keeps these open need not keep what was found out of them. */
const known = new WeakMap<StackTables, WeakRef<LeadingLines>>();

export function leadingLines(tables: StackTables): LeadingLines {
  let lines = known.get(tables)?.deref();
  if (lines === undefined) known.set(tables, new WeakRef((lines = findLeadingLines(tables))));
  return lines;
}

/** From this share of the stacks on it takes less to look at all of them, in their order, than at the next ones asked for. */
const MANY_SHARE = 1 / 32;

/** Stacks are looked at when they are asked for, each once: mostly few are of interest. */
export function findLeadingLines(tables: StackTables): LeadingLines {
  const { frames, stacks } = tables;
  const { parent, frame } = stacks;
  // Native stacks stand behind Python's, and no line leads to them.
  let { length } = stacks;
  while (length > 1 && frames.kind[frame[length - 1]!] !== PYTHON_FRAME) length--;
  const moduleOf = frames.file.map((file, row) => (frames.kind[row] === PYTHON_FRAME ? moduleOfFile(file) : null));
  const partOf = Uint8Array.from(moduleOf, (own) => (own === null ? PART.none : partOfKind(own.kind)));
  const leading = new Uint32Array(length);
  const isApplication = new Uint8Array(length);
  const entered = new Uint32Array(length);
  /** The outermost row below `entered` that is no longer the import system's. */
  const imported = new Uint32Array(length);
  const isFound = new Uint8Array(length);
  isFound[0] = 1;
  /** What its caller is known to be led to by leads to `row`, or its own line does. */
  const find = (row: number): void => {
    isFound[row] = 1;
    const above = parent[row]!;
    const part = partOf[frame[row]!]!;
    if (part === PART.application) {
      leading[row] = row;
      isApplication[row] = 1;
      return;
    }
    leading[row] = leading[above]!;
    isApplication[row] = isApplication[above]!;
    entered[row] = entered[above]!;
    imported[row] = imported[above]!;
    if (part === PART.none) return;
    if (part === PART.importSystem) {
      entered[row] ||= row;
      return;
    }
    if (entered[row] !== 0) imported[row] ||= row;
    else if (part === PART.package && isApplication[row] === 0) {
      const { name } = moduleOf[frame[row]!]!;
      const isFirst = leading[above] === 0 || moduleOf[frame[leading[above]!]!]?.name === name;
      if (name !== 'memray' && isFirst) leading[row] = row;
    }
  };
  const callers: number[] = [];
  let asked = 0;
  const upTo = (stack: number): number => {
    if (isFound[stack] === 0 && ++asked > MANY_SHARE * length) {
      // Callers come before what they call.
      for (let row = 1; row < length; row++) if (isFound[row] === 0) find(row);
    }
    for (let row = stack; isFound[row] === 0; row = parent[row]!) callers.push(row);
    while (callers.length > 0) find(callers.pop()!);
    return stack;
  };
  const functionOf = (stack: number): string | null => {
    let row = stack;
    const { functionName, file } = frames;
    while (NAMELESS.test(functionName[frame[row]!] ?? '')) {
      const above = parent[row]!;
      if (above === 0 || file[frame[above]!] !== file[frame[row]!]) break;
      row = above;
    }
    return functionName[frame[row]!] ?? null;
  };
  const placeOf = (stack: number): FindingPlace => ({
    functionName: functionOf(stack),
    file: frames.file[frame[stack]!] ?? null,
    line: frames.line[frame[stack]!] ?? 0,
  });
  return {
    leadingOf: (stack) => leading[upTo(stack)] ?? 0,
    enteredOf: (stack) => entered[upTo(stack)] ?? 0,
    placeOf,
    lineOf: numberLines(tables),
    importedBy: (stack) => {
      const first = imported[upTo(stack)] ?? 0;
      return first === 0 ? null : nameImported(moduleOf[frame[first]!]!);
    },
  };
}

function numberLines({ frames, stacks }: StackTables): (stack: number) => number {
  const lineOfFrame = new Int32Array(frames.length).fill(-1);
  const numbers = new Map<string, number>();
  return (stack) => {
    const frame = stacks.frame[stack]!;
    if (lineOfFrame[frame]! < 0) {
      const name = `${frames.line[frame]} ${frames.file[frame]}`;
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      lineOfFrame[frame] = number;
    }
    return lineOfFrame[frame]!;
  };
}

/** "pandas"; of the standard library the module: "asyncio". */
function nameImported({ kind, name, shortFile }: { kind: string; name: string; shortFile: string }): string {
  return kind === 'standardLibrary' ? shortFile.replace(/(?:[\\/].*|\.py)$/, '') : name;
}

/** Stacks with bytes → the lines of the application that lead there, else their own. */
export function sumPlaces(
  stacks: readonly { readonly stack: number; readonly bytes: number }[],
  tables: StackTables,
  lines: LeadingLines = leadingLines(tables),
): PlaceBytes[] {
  const sums = new Map<number, { place: FindingPlace | null; bytes: number }>();
  for (const { stack, bytes } of stacks) {
    const own = lines.leadingOf(stack) || stack;
    const key = own === 0 ? -1 : lines.lineOf(own);
    const sum = sums.get(key) ?? { place: own === 0 ? null : lines.placeOf(own), bytes: 0 };
    sums.set(key, sum);
    sum.bytes += bytes;
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes);
}
