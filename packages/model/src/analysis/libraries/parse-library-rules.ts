/**
 * A user's file of rules → rules. JSON:
 *
 * ```json
 * { "rules": [
 *   { "library": "our engine", "category": "framework", "module": ["libengine*.so*"] },
 *   { "library": "its cache", "category": "framework", "module": ["libengine*"], "function": ["engine::Cache::*"] }
 * ] }
 * ```
 *
 * Rules are tried in order, so the narrower one stands first. Each needs `library`, `category` and at least one list of
 * patterns (`module`, `function`, `file`, `package`; see library-rule.ts). `"forCaller": true` says that the library
 * hands out memory on behalf of its callers, as an allocator does: they own it.
 */
import { JsonBoundsError, parseBoundedJson } from '../../text/bounded-json.js';
import type { LibraryRule } from './library-rule.js';

const MOST_CHARACTERS = 1 << 20;
const MOST_RULES = 1000;
const MOST_PATTERNS = 100;
const MOST_PATTERN_CHARACTERS = 300;
const MOST_NAME_CHARACTERS = 100;
/** The document, its rules, a rule, its lists; each list may have any pattern. */
const BOUNDS = { depth: 4, containers: 2 + 5 * MOST_RULES, values: 10 + MOST_RULES * (10 + 4 * MOST_PATTERNS) };
const LISTS = ['module', 'function', 'file', 'package'] as const;
const KNOWN = new Set<string>(['library', 'category', ...LISTS, 'forCaller']);

/** What is wrong with a file of rules, and where: `rules[2].module[0]: expected …, found …`. */
export class LibraryRuleError extends Error {
  override readonly name = 'LibraryRuleError';
  readonly code = 'libraryRules';
}

const EXAMPLE = '{"rules": [{"library": "Our cache", "category": "application", "function": ["ourcache::*"]}]}';

/** Throws a `LibraryRuleError` at the first thing that is wrong. */
export function parseLibraryRules(text: string): LibraryRule[] {
  if (text.length > MOST_CHARACTERS) throw new LibraryRuleError(`more than ${MOST_CHARACTERS} characters`);
  let document: unknown;
  try {
    document = parseBoundedJson(text, BOUNDS);
  } catch (cause) {
    if (cause instanceof JsonBoundsError) throw new LibraryRuleError(cause.message, { cause });
    throw new LibraryRuleError(`is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (!isRecord(document)) throw fault('', `an object with "rules", as in ${EXAMPLE}`, document);
  const { rules } = document;
  if (!Array.isArray(rules)) throw fault('rules', `a list of rules, as in ${EXAMPLE}`, rules);
  if (rules.length > MOST_RULES) throw fault('rules', `${MOST_RULES} rules at most`, rules.length);
  return rules.map((rule, index) => parseRule(rule, `rules[${index}]`));
}

function parseRule(value: unknown, at: string): LibraryRule {
  if (!isRecord(value)) throw fault(at, 'a rule', value);
  const unknown = Object.keys(value).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) {
    throw new LibraryRuleError(`${at}: "${unknown}" is not among ${[...KNOWN].join(', ')}`);
  }
  const lists: Partial<Record<(typeof LISTS)[number], string[]>> = {};
  for (const list of LISTS) if (value[list] !== undefined) lists[list] = parsePatterns(value[list], `${at}.${list}`);
  if (Object.keys(lists).length === 0) throw new LibraryRuleError(`${at}: needs one of ${LISTS.join(', ')}`);
  const { forCaller = false } = value;
  if (typeof forCaller !== 'boolean') throw fault(`${at}.forCaller`, 'true or false', forCaller);
  return {
    library: parseText(value['library'], `${at}.library`, MOST_NAME_CHARACTERS),
    category: parseText(value['category'], `${at}.category`, MOST_NAME_CHARACTERS),
    ...lists,
    ...(forCaller ? { forCaller } : {}),
  };
}

function parsePatterns(value: unknown, at: string): string[] {
  const patterns = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(patterns) || patterns.length === 0) throw fault(at, 'a pattern or a list of patterns', value);
  if (patterns.length > MOST_PATTERNS) throw fault(at, `${MOST_PATTERNS} patterns at most`, patterns.length);
  return patterns.map((pattern, index) => parseText(pattern, `${at}[${index}]`, MOST_PATTERN_CHARACTERS));
}

function parseText(value: unknown, at: string, most: number): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > most) {
    throw fault(at, `a text of 1 to ${most} characters`, value);
  }
  return value;
}

function fault(at: string, expected: string, found: unknown): LibraryRuleError {
  const text = found === undefined ? 'nothing' : JSON.stringify(found);
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return new LibraryRuleError(`${at === '' ? '' : `${at}: `}expected ${expected}, found ${shown}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
