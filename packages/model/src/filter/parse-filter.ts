/**
 * The filter language: text → `Filter`.
 *
 *     filter     = [ any ]                          nothing at all = everything passes
 *     any        = all { "or" all }                 one is enough; also OR
 *     all        = unary { unary }                  all must hold
 *     unary      = "-" unary | "(" filter ")" | term
 *     term       = textField ":" pattern | pattern | numberField comparison quantity
 *     textField  = "function" | "file" | "module" | "thread" | "allocator"
 *     numberField = "size" | "count" | "lifetime"
 *     comparison = ">" | ">=" | "<" | "<=" | "="
 *     pattern    = word | quoted | regex            see pattern.ts
 *     quantity   = number [ unit ]                  see quantity.ts
 *
 * So "not" binds tighter than "and", and "and" tighter than "or". Spaces stand between terms and nowhere else. Fields
 * are written in any case. A word with a single ":" behind its first letters and digits names a field, so `std::vector`
 * is a word and `foo:bar` an error; a word like `vector<int>` stays a word where its start is no field. The words
 * `and`, `not`, `&&`, `|`, `!…` are errors that say what to write; in quotes they are text.
 *
 * What terms mean for an allocation site:
 * - `function:`, `file:`, `module:` hold when any frame of its stack matches; a pattern without a field is a function or
 *   a file. The module of a Python frame is its package, "standard library", "import system", "application" and
 *   so on (`moduleOfFile`), that of a native frame its name or path.
 * - `thread:` is the thread's name, or its number as a whole. A plain number stands alone in a name too: `thread:1` is
 *   neither thread 12 nor "Thread-12".
 * - `allocator:` with plain text is the whole name of an allocator or of a family (malloc and its relatives, pymalloc,
 *   mmap; `familyOfAllocator`). `malloc` is the family; `allocator:/^malloc$/` is that one alone, since a regular
 *   expression looks at names only.
 * - `size` and `count` are the site's bytes and allocations in what is being shown.
 * - `lifetime` is that of a single allocation, from birth to death; one that was never freed lived longer than any bound.
 *
 * Bounds: 10,000 characters, 200 terms, 16 of them `lifetime`, 100 parentheses and "-" within each other.
 */
import { FilterError } from './filter-error.js';
import { allOf, anyOf, EVERYTHING, not, type Filter } from './filter.js';
import { checkLength } from './read-pattern.js';
import { splitFilter, type Token } from './split-filter.js';

const MAX_DEPTH = 100;
const MAX_TERMS = 200;
/** Each can double what is kept per site. */
const MAX_LIFETIME_TERMS = 16;

interface Cursor {
  readonly filter: string;
  readonly tokens: readonly Token[];
  next: number;
  depth: number;
}

/** Throws `FilterError` with the offending place. */
export function parseFilter(text: string): Filter {
  checkLength(text);
  const tokens = splitFilter(text);
  checkTerms(text, tokens);
  const cursor: Cursor = { filter: text, tokens, next: 0, depth: 0 };
  const filter = parseAny(cursor);
  const rest = peek(cursor);
  if (rest.kind === 'close') {
    throw errorAt(cursor, rest, 'this parenthesis closes nothing; text with parentheses needs quotes');
  }
  return filter;
}

function parseAny(cursor: Cursor): Filter {
  if (isEnd(peek(cursor))) return EVERYTHING;
  const parts = [parseAll(cursor)];
  while (peek(cursor).kind === 'or') {
    const or = peek(cursor);
    cursor.next++;
    if (isEnd(peek(cursor)) || peek(cursor).kind === 'or') {
      throw errorAt(cursor, or, 'nothing behind or; to find the word write "or"');
    }
    parts.push(parseAll(cursor));
  }
  return anyOf(...parts);
}

function parseAll(cursor: Cursor): Filter {
  const first = peek(cursor);
  if (first.kind === 'or') throw errorAt(cursor, first, 'nothing before or; to find the word write "or"');
  const parts: Filter[] = [];
  while (!isEnd(peek(cursor)) && peek(cursor).kind !== 'or') parts.push(parseUnary(cursor));
  return allOf(...parts);
}

function parseUnary(cursor: Cursor): Filter {
  const token = peek(cursor);
  cursor.next++;
  if (token.kind === 'term') return token.term;
  if (++cursor.depth > MAX_DEPTH) throw errorAt(cursor, token, `more than ${MAX_DEPTH} levels deep`);
  const filter = token.kind === 'minus' ? not(parseUnary(cursor)) : parseParentheses(cursor, token);
  cursor.depth--;
  return filter;
}

function parseParentheses(cursor: Cursor, open: Token): Filter {
  const filter = parseAny(cursor);
  if (peek(cursor).kind !== 'close') throw errorAt(cursor, open, 'this parenthesis is not closed');
  cursor.next++;
  return filter;
}

function checkTerms(filter: string, tokens: readonly Token[]): void {
  let terms = 0;
  let lifetimes = 0;
  for (const token of tokens) {
    if (token.kind !== 'term') continue;
    const { position, length } = token;
    if (++terms > MAX_TERMS)
      throw new FilterError('syntax', `more than ${MAX_TERMS} terms`, { filter, position, length });
    if (token.term.field === 'lifetime' && ++lifetimes > MAX_LIFETIME_TERMS) {
      const message = `more than ${MAX_LIFETIME_TERMS} terms of lifetime`;
      throw new FilterError('syntax', message, { filter, position, length });
    }
  }
}

function peek({ tokens, next }: Cursor): Token {
  return tokens[next]!;
}

function isEnd(token: Token): boolean {
  return token.kind === 'end' || token.kind === 'close';
}

function errorAt({ filter }: Cursor, { position, length }: Token, message: string): FilterError {
  return new FilterError('syntax', message, { filter, position, length });
}
