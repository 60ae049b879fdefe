/**
 * The text of a document that a user named → its value, checked by the schema that declares it. What is wrong with it is
 * wrong usage, and says at which line.
 */
import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  visit,
  type JSONPath,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { nearestNames } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';

import { UsageError } from '../exit-code.js';

const DEEPEST = 100;
/** A value in the parser's tree takes a hundred bytes. */
const MOST_VALUES = 4_000_000;

/** By the parser's names. */
const SYNTAX_ERRORS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no value; texts stand in double quotes',
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'a name in double quotes is missing before this',
  ValueExpected: 'a value is missing before this',
  ColonExpected: 'a colon is missing before this',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'a } is missing',
  CloseBracketExpected: 'a ] is missing',
  EndOfFileExpected: 'something stands behind the end',
  InvalidCommentToken: 'a comment begins with // or /*',
  UnexpectedEndOfComment: 'a comment has no end',
  UnexpectedEndOfString: 'a text has no end: a double quote is missing',
  UnexpectedEndOfNumber: 'a number has no end',
  InvalidUnicode: 'behind \\u stand four hexadecimal digits',
  InvalidEscapeCharacter: 'a backslash stands before a character that takes none',
  InvalidCharacter: 'a text has a control character in it',
};

export class JsonText {
  readonly #text: string;
  readonly #path: string;
  #root: Node | null = null;

  /** `path` is what the file is called in messages. */
  constructor(text: string, path: string) {
    [this.#text, this.#path] = [text, path];
  }

  /** Comments and trailing commas are fine. Throws `UsageError`. */
  check(schema: TSchema): unknown {
    const conflict = /^(?:<{7}|={7}|>{7})(?: |$)/m.exec(this.#text);
    if (conflict !== null) throw this.failAt(conflict.index, 'a merge left a conflict here: take one of its sides');
    const excess = excessOf(this.#text);
    if (excess !== null) throw this.failAt(0, excess);
    const value = this.#value();
    this.#refuseRepeated();
    const fault = mainFault(Errors(schema, value));
    if (fault === undefined) return value;
    const root = this.#parse();
    const at = findNodeAtLocation(root, pathOf(fault.instancePath, root)) ?? root;
    throw this.failAt(nodeOf(at, fault).offset, sayFault(fault, schema, at.value));
  }

  /** Of a value in it, `behind` characters into it; of the whole where it is not there. */
  failOf(path: JSONPath, reason: string, behind = 0): UsageError {
    return this.failAt((findNodeAtLocation(this.#parse(), path)?.offset ?? 0) + behind, reason);
  }

  failAt(offset: number, reason: string): UsageError {
    let [line, start] = [1, 0];
    for (let end = this.#text.indexOf('\n'); end >= 0 && end < offset; end = this.#text.indexOf('\n', start)) {
      line++;
      start = end + 1;
    }
    const place = `${printable(this.#path)}:${line}:${offset - start + 1}`;
    return new UsageError(`${place}: ${printable(reason)}`);
  }

  /** Places are only looked for where something is wrong. */
  #value(): unknown {
    try {
      return JSON.parse(this.#text);
    } catch {
      return getNodeValue(this.#parse());
    }
  }

  /** Of a key that is there twice the last would hold without a word. */
  #refuseRepeated(): void {
    const open: Set<string>[] = [];
    visit(
      this.#text,
      {
        onObjectBegin: () => void open.push(new Set()),
        onObjectEnd: () => void open.pop(),
        onObjectProperty: (name, offset) => {
          const names = open.at(-1)!;
          if (names.has(name)) throw this.failAt(offset, `"${name}" is there twice`);
          names.add(name);
        },
      },
      { allowTrailingComma: true },
    );
  }

  #parse(): Node {
    if (this.#root !== null) return this.#root;
    const errors: ParseError[] = [];
    const root = parseTree(this.#text, errors, { allowTrailingComma: true });
    const [error] = errors;
    if (error !== undefined) {
      const name = printParseErrorCode(error.error);
      throw this.failAt(error.offset, `no JSON: ${SYNTAX_ERRORS[name] ?? name}`);
    }
    if (root === undefined) throw this.failAt(0, 'holds nothing');
    return (this.#root = root);
  }
}

interface Fault {
  readonly keyword: string;
  /** JSON pointers, of the schema behind a #. */
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** Of a property that has no business there the first error is of its value; of what may be a text or a record, that it is no text. */
function mainFault(all: readonly Fault[]): Fault | undefined {
  const faults = all.filter(({ keyword }) => keyword !== 'boolean');
  const [first] = faults;
  const union = /^(.*\/anyOf)\/\d+$/.exec(first?.schemaPath ?? '')?.[1];
  if (first?.keyword !== 'type' || union === undefined) return first;
  return (
    faults.find(
      ({ keyword, schemaPath, instancePath }) =>
        schemaPath.startsWith(`${union}/`) &&
        `${instancePath}/`.startsWith(`${first.instancePath}/`) &&
        (keyword !== 'type' || instancePath !== first.instancePath),
    ) ?? first
  );
}

/** `value` is what it is about, where that is a text. */
function sayFault(
  { keyword, params, message, instancePath, schemaPath }: Fault,
  schema: TSchema,
  value: unknown,
): string {
  const where = instancePath === '' ? 'it' : nameOfPath(instancePath);
  const declared = declaredAt(schema, schemaPath);
  if (keyword === 'additionalProperties' && 'additionalProperties' in params) {
    const name = String([params.additionalProperties].flat()[0]);
    return `${where} has no "${name}"${sayNearest(name, Object.keys(declared['properties'] ?? {}))}`;
  }
  if (keyword === 'enum' && 'allowedValues' in params) {
    const allowed = [params.allowedValues].flat().map(String);
    return `${where} is one of ${allowed.join(', ')}${typeof value === 'string' ? sayNearest(value, allowed) : ''}`;
  }
  if (keyword === 'const') return `${where} is ${JSON.stringify(declared['const'])}`;
  const examples = declared['examples'];
  if (keyword === 'pattern' && Array.isArray(examples)) return `${where} is written as ${String(examples[0])}`;
  return `${where} ${sayKeyword(keyword, params as Readonly<Record<string, unknown>>) ?? message}`;
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'must be a list: [ … ]',
  object: 'must be an object: { … }',
  string: 'must be a text in double quotes',
  boolean: 'must be true or false',
  integer: 'must be a whole number',
  number: 'must be a number',
  null: 'must be null',
};

/** For people who know no schema; null where its own words have to do. */
function sayKeyword(
  keyword: string,
  { type, limit, requiredProperties }: Readonly<Record<string, unknown>>,
): string | null {
  const bound = Number(limit);
  switch (keyword) {
    case 'type':
      return [type]
        .flat()
        .map((each) => TYPES[String(each)] ?? String(each))
        .join(', or ');
    case 'required':
      return `has no ${[requiredProperties]
        .flat()
        .map((name) => JSON.stringify(name))
        .join(' and no ')}, which it needs`;
    case 'minLength':
      return bound === 1 ? 'is empty' : `has fewer than ${bound} letters`;
    case 'maxLength':
      return `has more than ${bound} letters`;
    case 'minItems':
      return bound === 1 ? 'is an empty list' : `has fewer than ${bound} entries`;
    case 'maxItems':
      return `has more than ${bound} entries`;
    case 'minimum':
      return `is less than ${bound}`;
    case 'maximum':
      return `is more than ${bound}`;
    default:
      return null;
  }
}

/** A JSON pointer → "rules[0].severity". */
function nameOfPath(pointer: string): string {
  return namesOf(pointer)
    .map((name, at) => (/^\d+$/.test(name) ? `[${name}]` : `${at === 0 ? '' : '.'}${name}`))
    .join('');
}

function sayNearest(name: string, known: readonly string[]): string {
  const [near] = nearestNames(name, known, 1);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

function declaredAt(schema: TSchema, pointer: string): Readonly<Record<string, unknown>> {
  let at: unknown = schema;
  for (const part of namesOf(pointer)) at = (at as Record<string, unknown> | undefined)?.[part];
  return (at ?? {}) as Record<string, unknown>;
}

/** Of a property that has no business there, the property. */
function nodeOf(at: Node, { keyword, params }: Fault): Node {
  if (keyword !== 'additionalProperties' || !('additionalProperties' in params)) return at;
  const name = String([params.additionalProperties].flat()[0]);
  return at.children?.find((property) => property.children?.[0]?.value === name) ?? at;
}

/** A JSON pointer → a path that the parser takes: positions in lists are numbers. */
function pathOf(pointer: string, root: Node): JSONPath {
  const path: JSONPath = [];
  for (const name of namesOf(pointer)) {
    path.push(findNodeAtLocation(root, path)?.type === 'array' ? Number(name) : name);
  }
  return path;
}

function namesOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What would overflow the parser's stack, or fill the memory; null: neither does. */
function excessOf(text: string): string | null {
  let [depth, values] = [0, 0];
  for (const letter of text) {
    if (letter === '[' || letter === '{') depth++;
    else if (letter === ']' || letter === '}') depth--;
    else if (letter === ',') values++;
    if (depth > DEEPEST) return `brackets are more than ${DEEPEST} deep`;
    if (values > MOST_VALUES) return `it has more than ${MOST_VALUES} values`;
  }
  return null;
}
