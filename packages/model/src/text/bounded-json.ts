/**
 * A stranger's JSON text → its value, where it is no larger than what the caller expects. A text of a few bytes a value
 * can become a hundred times its size in memory, and one that nests without end keeps the parser busy for minutes; so
 * the text is looked over before it is parsed, in one pass that makes nothing.
 */

export interface JsonBounds {
  /** Lists and objects within one another. */
  readonly depth: number;
  /** Lists and objects in all. */
  readonly containers: number;
  /** Numbers, texts, true, false, null, lists and objects in all; the names of an object's members are not counted. */
  readonly values: number;
  /** Members of objects in all, each of which takes many times what a value in a list does; by default any number. */
  readonly members?: number;
}

/** A text that exceeds the bounds; the message says which and where. */
export class JsonBoundsError extends Error {
  override readonly name = 'JsonBoundsError';
  readonly code = 'jsonBounds';
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Throws a `JsonBoundsError`, or a `SyntaxError` for what is no JSON. */
export function parseBoundedJson(text: string, bounds: JsonBounds): unknown {
  checkBounds(text, bounds);
  return JSON.parse(text) as unknown;
}

function checkBounds(text: string, bounds: JsonBounds): void {
  const { length } = text;
  const mostMembers = bounds.members ?? Infinity;
  let members = 0;
  let depth = 0;
  let containers = 0;
  // A container's first value stands behind no comma; so one is counted for each, also for an empty one.
  let values = 1;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at = endOfText(text, at + 1);
    } else if (unit === COMMA) {
      if (++values > bounds.values) throw new JsonBoundsError(`more than ${bounds.values} values at character ${at}`);
    } else if (unit === COLON) {
      if (++members > mostMembers) throw new JsonBoundsError(`more than ${mostMembers} members at character ${at}`);
    } else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      if (++depth > bounds.depth) throw new JsonBoundsError(`nests deeper than ${bounds.depth} at character ${at}`);
      if (++containers > bounds.containers)
        throw new JsonBoundsError(`more than ${bounds.containers} lists and objects at character ${at}`);
      values++;
    } else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) {
      depth--;
    }
  }
}

/** Where the text that begins at `at` has its closing quote, or the end. */
function endOfText(text: string, at: number): number {
  const { length } = text;
  for (; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit === BACKSLASH) at++;
  }
  return length;
}
