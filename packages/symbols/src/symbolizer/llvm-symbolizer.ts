/**
 * `llvm-symbolizer --output-style=JSON` (LLVM 13 and newer; docs/CommandGuide/llvm-symbolizer.rst): an address a line
 * in, and for each a line of JSON out:
 * `{"Address":"0x1139","Symbol":[{"FunctionName":"_Z1fv","FileName":"/src/a.cpp","Line":7,…},…]}`, innermost first.
 */
import { parseBoundedJson, type JsonBounds } from '@memscope/model';
import { MOST_FRAMES_PER_ADDRESS, textOrNull, type AnsweredFrame, type AnswerReader } from './symbolizer-answers.js';

/** The first that knows JSON. */
export const OLDEST_LLVM = 13;
/** A list of frames, each with a dozen members; frames beyond those that count are still parsed. */
const BOUNDS: JsonBounds = { depth: 6, containers: 1 << 16, values: 1 << 20 };

/** Options for one file; a path cannot be taken for an option. */
export function llvmSymbolizerOptions(file: string): string[] {
  return [`--obj=${file}`, '--output-style=JSON', '--functions=linkage', '--inlines', '--no-demangle'];
}

export class LlvmSymbolizerReader implements AnswerReader {
  readonly answers: (readonly AnsweredFrame[])[] = [];
  readonly #addresses: Float64Array;

  constructor(addresses: Float64Array) {
    this.#addresses = addresses;
  }

  line(text: string): string | null {
    if (text === '') return null;
    const expected = this.#addresses[this.answers.length];
    if (expected === undefined) return 'said more than it was asked';
    let answer: unknown;
    try {
      answer = parseBoundedJson(text, BOUNDS);
    } catch {
      return 'printed something else than JSON';
    }
    if (typeof answer !== 'object' || answer === null) return 'printed something else than an answer';
    const { Address: address, Symbol: symbols } = answer as { Address?: unknown; Symbol?: unknown };
    if (typeof address !== 'string' || Number(address) !== expected)
      return 'answered for an address it was not asked for';
    this.answers.push(Array.isArray(symbols) ? symbols.slice(0, MOST_FRAMES_PER_ADDRESS).flatMap(readFrame) : []);
    return null;
  }

  end(): string | null {
    return this.answers.length < this.#addresses.length ? 'ended before it had answered everything' : null;
  }
}

function readFrame(symbol: unknown): AnsweredFrame[] {
  if (typeof symbol !== 'object' || symbol === null) return [];
  const { FunctionName, FileName, Line } = symbol as { FunctionName?: unknown; FileName?: unknown; Line?: unknown };
  const frame = {
    functionName: textOrNull(FunctionName),
    file: textOrNull(FileName),
    line: typeof Line === 'number' && Line > 0 ? Line : 0,
  };
  return frame.functionName === null && frame.file === null ? [] : [frame];
}
