/**
 * Lines of a file, and those of a function that a capture has seen → what of the file is worth showing: the function's
 * whole definition, found by its `def` or `class` and indentation, or else some lines around. Of a long one only what
 * is near lines that were seen.
 */

export interface SourceRegion {
  /** Numbers of the lines to show, ascending, from 1. */
  readonly lines: readonly number[];
  /** Where its definition was found, null where it was not. */
  readonly definition: number | null;
}

/** Lines around one that was seen. */
const AROUND = 3;
/** A longer region is not shown whole. */
const LONGEST = 100;
const DEFINITION = /^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([\p{L}\p{N}_]+)/u;
const LONGEST_NAME = 1_000;

/** `seen` are numbers of lines of the file, ascending, at least one. */
export function findRegion(lines: readonly string[], name: string | null, seen: readonly number[]): SourceRegion {
  const first = seen[0]!;
  const last = seen.at(-1)!;
  const definition = findDefinition(lines, name, first);
  const from = definition === null ? Math.max(1, first - AROUND) : beforeDecorators(lines, definition);
  const to = definition === null ? Math.min(lines.length, last + AROUND) : endOfBlock(lines, definition, last);
  const shown = Array.from({ length: to - from + 1 > LONGEST ? 0 : to - from + 1 }, (_, index) => from + index);
  return { lines: shown.length > 0 ? shown : nearLines(seen, definition, from, to), definition };
}

/** True for a name that a `def` or `class` gives. */
export function isDefinedName(name: string | null): boolean {
  return name !== null && /^[\p{L}\p{N}_.]+$/u.test(name.slice(0, LONGEST_NAME));
}

/** The nearest at or above the first line that was seen. */
function findDefinition(lines: readonly string[], name: string | null, first: number): number | null {
  if (!isDefinedName(name)) return null;
  const own = name!.slice(name!.lastIndexOf('.') + 1);
  for (let line = first; line >= 1; line--) {
    if (DEFINITION.exec(lines[line - 1]!.slice(0, LONGEST_NAME))?.[1] === own) return line;
  }
  return null;
}

function beforeDecorators(lines: readonly string[], definition: number): number {
  let line = definition;
  while (line > 1 && definition - line < AROUND && /^[ \t]*@/.test(lines[line - 2]!)) line--;
  return line;
}

/** The last line that is indented more than the definition, not before `last`. */
function endOfBlock(lines: readonly string[], definition: number, last: number): number {
  const outer = indentation(lines[definition - 1]!);
  let end = last;
  for (let line = last + 1; line <= lines.length; line++) {
    const text = lines[line - 1]!;
    if (text.trim() === '') continue;
    if (indentation(text) <= outer) break;
    end = line;
  }
  return end;
}

/** Columns, with tab stops every eight as Python counts them. */
export function indentation(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (character === '\t') columns += 8 - (columns % 8);
    else if (character === ' ') columns++;
    else break;
  }
  return columns;
}

function nearLines(seen: readonly number[], definition: number | null, from: number, to: number): number[] {
  const near = new Set<number>(definition === null ? [] : [definition]);
  for (const line of seen) {
    for (let at = Math.max(from, line - AROUND); at <= Math.min(to, line + AROUND); at++) near.add(at);
  }
  return [...near].sort((a, b) => a - b);
}
