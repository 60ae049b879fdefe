/**
 * Sites → the line of the application that leads to each, whatever library allocated there: what leaks, bands and the
 * filter's `application` tell memory apart by. What is imported is apart from what the line does itself; pymalloc's
 * arenas are of no line, since which line needed a new one is chance; what no line of the application leads to is told by
 * its package, or by where it was allocated.
 */
import { NO_ARENA, PYTHON_OBJECTS } from '../analysis/arenas.js';
import { NO_PYTHON_FRAME } from '../analysis/module-of-file.js';
import { leadingLines } from '../analysis/peak/leading-lines.js';
import type { SiteKeys, StackTables } from '../profile.js';
import type { FrameRow } from '../rows.js';

export const LEAK_ROW_KINDS = ['line', 'import', 'objects', 'frameless'] as const;
export type LeakRowKind = (typeof LEAK_ROW_KINDS)[number];

export const [LINE_KIND, IMPORT_KIND, OBJECTS_KIND, FRAMELESS_KIND] = [0, 1, 2, 3] as const;

export interface ApplicationSubject {
  readonly sites: Pick<SiteKeys, 'length' | 'pythonStack'>;
  readonly stackTables: StackTables;
  /** By site, as `findArenas` gives it. */
  readonly arenas: Uint8Array | null;
}

/** Every window asks of the same sites. */
const knownLines = new WeakMap<ApplicationSubject['sites'], Uint32Array>();

/** By site: a key of its line, which `kindOfLine` and `frameOfLine` take apart. */
export function applicationLines({ sites, stackTables, arenas }: ApplicationSubject): Uint32Array {
  const known = knownLines.get(sites);
  if (known !== undefined) return known;
  const { frame } = stackTables.stacks;
  const { leadingOf, enteredOf } = leadingLines(stackTables);
  const lines = new Uint32Array(sites.length);
  for (let site = 0; site < lines.length; site++) {
    const stack = sites.pythonStack[site]!;
    if (arenas !== null && arenas[site] !== NO_ARENA) lines[site] = OBJECTS_KIND;
    else if (stack === 0) lines[site] = FRAMELESS_KIND;
    else {
      const row = frame[leadingOf(stack) || stack]!;
      lines[site] = LEAK_ROW_KINDS.length * row + (enteredOf(stack) === 0 ? LINE_KIND : IMPORT_KIND);
    }
  }
  knownLines.set(sites, lines);
  return lines;
}

/** Position in `LEAK_ROW_KINDS`. */
export function kindOfLine(key: number): number {
  return key % LEAK_ROW_KINDS.length;
}

/** Null where the key is of no line. */
export function frameOfLine(key: number): FrameRow | null {
  return kindOfLine(key) > IMPORT_KIND ? null : Math.floor(key / LEAK_ROW_KINDS.length);
}

/** Behind the names of a line, where what it imports is apart from what it does itself. */
export const LINE_PARTS: Readonly<Record<'line' | 'import', string>> = { line: ' itself', import: ' imports' };

/**
 * What the filter's `application` calls a line: its file with its number, with its function and its number, or with its
 * function at any line; each with the part of it, too.
 */
export function namesOfLine(
  key: number,
  { functionName, file, line }: Pick<StackTables['frames'], 'functionName' | 'file' | 'line'>,
): string[] {
  const frame = frameOfLine(key);
  if (frame === null) return [kindOfLine(key) === OBJECTS_KIND ? PYTHON_OBJECTS : NO_PYTHON_FRAME];
  const place = file[frame] ?? '';
  const [name, number] = [functionName[frame] ?? null, line[frame]!];
  const names = [
    ...(number > 0 ? [`${place}:${number}`] : []),
    ...(name !== null && number > 0 ? [`${place}:${name}:${number}`] : []),
    ...(name === null ? [] : [`${place}:${name}`]),
  ];
  const part = LINE_PARTS[kindOfLine(key) === LINE_KIND ? 'line' : 'import'];
  return names.flatMap((name) => [name, name + part]);
}
