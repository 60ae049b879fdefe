/** What a symbolizer says of addresses, as it comes: mangled names, and nothing for what it does not know. */

/** One frame of an answer; innermost first. */
export interface AnsweredFrame {
  /** Mangled, null where the debug sections do not say. */
  readonly functionName: string | null;
  readonly file: string | null;
  /** 0 = unknown. */
  readonly line: number;
}

/** Reads a symbolizer's lines; the answers come in the order of the addresses. */
export interface AnswerReader {
  /** Returns what is wrong with the line, or null. */
  line(text: string): string | null;
  /** The output is at its end: returns what is missing, or null. */
  end(): string | null;
  /** Complete answers so far, by address. */
  readonly answers: readonly (readonly AnsweredFrame[])[];
}

/** Calls inlined into one place; more is no program's but a stranger's file. */
export const MOST_FRAMES_PER_ADDRESS = 512;
const MOST_NAME_CHARACTERS = 1 << 16;

/** An answer's text; what the tools write for "unknown" becomes null. */
export function textOrNull(text: unknown): string | null {
  if (typeof text !== 'string' || text === '' || text === '??' || text === '<invalid>') return null;
  return text.length > MOST_NAME_CHARACTERS ? text.slice(0, MOST_NAME_CHARACTERS) : text;
}
