/**
 * What addresses were resolved to, as columns: each address has one frame or, where calls were inlined, several,
 * innermost first.
 */
import { FRAME_SOURCES, type FrameSource } from '@memscope/model';

/** Index into `FRAME_SOURCES`. */
export const UNRESOLVED = 0;
export const FROM_DEBUG = 1;

export interface FrameColumns {
  /** How many addresses. */
  readonly length: number;
  /** Frames of address i are rows `start[i]` to `start[i + 1]`, at least one, innermost first. */
  readonly start: Uint32Array;
  /** Rows of `strings`; -1 = unknown. Demangled. */
  readonly functionName: Int32Array;
  readonly file: Int32Array;
  /** 1-based; 0 = unknown. */
  readonly line: Uint32Array;
  /** Index into `FRAME_SOURCES`. */
  readonly source: Uint8Array;
  readonly strings: readonly string[];
}

const GREATEST_LINE = 0x7fff_ffff;

/** Collects frames, address by address. */
export class FrameColumnsBuilder {
  readonly #start: number[] = [0];
  readonly #functionName: number[] = [];
  readonly #file: number[] = [];
  readonly #line: number[] = [];
  readonly #source: number[] = [];
  readonly #strings: string[] = [];
  readonly #rowOfString = new Map<string, number>();

  /** A frame of the address that is being built; call innermost first. */
  add(functionName: string | null, file: string | null, line: number, source: number): void {
    this.#functionName.push(this.#rowOf(functionName));
    this.#file.push(this.#rowOf(file));
    this.#line.push(line >= 0 && line <= GREATEST_LINE ? Math.floor(line) : 0);
    this.#source.push(source);
  }

  /** Ends an address; one without any frame gets an unresolved one. */
  end(): void {
    if (this.#source.length === this.#start.at(-1)) this.add(null, null, 0, UNRESOLVED);
    this.#start.push(this.#source.length);
  }

  /** All frames of one address of other columns. */
  copy(from: FrameColumns, address: number): void {
    const text = (row: number): string | null => (row < 0 ? null : from.strings[row]!);
    for (let row = from.start[address]!; row < from.start[address + 1]!; row++) {
      this.add(text(from.functionName[row]!), text(from.file[row]!), from.line[row]!, from.source[row]!);
    }
    this.end();
  }

  finish(): FrameColumns {
    return {
      length: this.#start.length - 1,
      start: Uint32Array.from(this.#start),
      functionName: Int32Array.from(this.#functionName),
      file: Int32Array.from(this.#file),
      line: Uint32Array.from(this.#line),
      source: Uint8Array.from(this.#source),
      strings: this.#strings,
    };
  }

  #rowOf(text: string | null): number {
    if (text === null) return -1;
    let row = this.#rowOfString.get(text);
    if (row === undefined) {
      row = this.#strings.length;
      this.#strings.push(text);
      this.#rowOfString.set(text, row);
    }
    return row;
  }
}

/** One frame, for reading row by row. */
export interface ResolvedFrame {
  readonly functionName: string | null;
  readonly file: string | null;
  readonly line: number;
  readonly source: FrameSource;
}

/** The frames of one address, innermost first. Allocates: for tests and single questions. */
export function framesOf(columns: FrameColumns, address: number): ResolvedFrame[] {
  const found: ResolvedFrame[] = [];
  for (let row = columns.start[address]!; row < columns.start[address + 1]!; row++) {
    found.push({
      functionName: columns.strings[columns.functionName[row]!] ?? null,
      file: columns.strings[columns.file[row]!] ?? null,
      line: columns.line[row]!,
      source: FRAME_SOURCES[columns.source[row]!]!,
    });
  }
  return found;
}
