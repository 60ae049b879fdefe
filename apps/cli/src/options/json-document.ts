/**
 * The text of a document that a user named → its value, checked by the schema that declares it. What is wrong with it is
 * wrong usage, and says at which line.
 */
import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type JSONPath,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { printable } from '@memscope/model/text/printable';
import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';

import { UsageError } from '../exit-code.js';

const DEEPEST = 100;

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
    if (isTooDeep(this.#text)) throw this.failAt(0, `brackets are more than ${DEEPEST} deep`);
    const value = this.#value();
    // Of a property that has no business there the first error is of its value.
    const fault = Errors(schema, value).find(({ keyword }) => keyword !== 'boolean');
    if (fault === undefined) return value;
    const root = this.#parse();
    const at = findNodeAtLocation(root, pathOf(fault.instancePath, root)) ?? root;
    throw this.failAt(nodeOf(at, fault).offset, sayFault(fault));
  }

  /** Of a value in it, `behind` characters into it; of the whole where it is not there. */
  failOf(path: JSONPath, reason: string, behind = 0): UsageError {
    return this.failAt((findNodeAtLocation(this.#parse(), path)?.offset ?? 0) + behind, reason);
  }

  failAt(offset: number, reason: string): UsageError {
    const before = this.#text.slice(0, offset).split('\n');
    const place = `${printable(this.#path)}:${before.length}:${before.at(-1)!.length + 1}`;
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

  #parse(): Node {
    if (this.#root !== null) return this.#root;
    const errors: ParseError[] = [];
    const root = parseTree(this.#text, errors, { allowTrailingComma: true });
    const [error] = errors;
    if (error !== undefined) throw this.failAt(error.offset, `no JSON: ${printParseErrorCode(error.error)}`);
    if (root === undefined) throw this.failAt(0, 'holds nothing');
    return (this.#root = root);
  }
}

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

function sayFault({ keyword, params, message, instancePath }: Fault): string {
  const where = instancePath === '' ? 'it' : instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties' && 'additionalProperties' in params) {
    return `${where} has no "${String([params.additionalProperties].flat()[0])}"`;
  }
  if (keyword === 'enum' && 'allowedValues' in params) {
    return `${where} is one of ${[params.allowedValues].flat().join(', ')}`;
  }
  return `${where} ${message}`;
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
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(findNodeAtLocation(root, path)?.type === 'array' ? Number(name) : name);
  }
  return path;
}

/** What is deeper would overflow the parser's stack. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === '[' || letter === '{') depth++;
    else if (letter === ']' || letter === '}') depth--;
    if (depth > DEEPEST) return true;
  }
  return false;
}
