/**
 * `memscope.config.json` → the rules, suppressions and allowances of a gate. Comments and trailing commas are fine. What
 * is wrong with it is wrong usage, and says at which line.
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
import { parseRule, RuleError, type Suppression } from '@memscope/model';
import { CheckConfig } from '@memscope/model/documents/check-config';
import type { AskedRule } from '@memscope/query';
import { Errors } from 'typebox/value';

import { printable } from '@memscope/model/text/printable';
import { UsageError } from '../exit-code.js';
import { isMissing, readTextFile } from '../options/read-text-file.js';

/** Looked for where a command runs, if none is named. */
export const CONFIG_NAME = 'memscope.config.json';

export interface ReadConfig {
  readonly rules: readonly AskedRule[];
  readonly defaultRules: boolean;
  readonly suppressions: readonly Suppression[];
  readonly allow: NonNullable<CheckConfig['allow']>;
}

const NO_CONFIG: ReadConfig = { rules: [], defaultRules: false, suppressions: [], allow: [] };
const DEEPEST = 100;
const MOST_RULES = 1000;

/** `path` null: the file of the usual name, where there is one. Throws `UsageError`. */
export function readConfig(path: string | null): ReadConfig {
  const text = readText(path ?? CONFIG_NAME, path === null);
  return text === null ? NO_CONFIG : parseConfig(text, path ?? CONFIG_NAME);
}

/** Throws `UsageError`. `path` is what the file is called in messages. */
export function parseConfig(text: string, path: string): ReadConfig {
  const fail = (offset: number, reason: string): UsageError => {
    const before = text.slice(0, offset).split('\n');
    const place = `${printable(path)}:${before.length}:${before.at(-1)!.length + 1}`;
    return new UsageError(`${place}: ${printable(reason)}`);
  };
  if (isTooDeep(text)) throw fail(0, `brackets are more than ${DEEPEST} deep`);
  if (text.trim() === '') throw fail(0, 'is empty; write {} for the default rules');
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) throw fail(error.offset, `no JSON: ${printParseErrorCode(error.error)}`);
  if (root === undefined) throw fail(0, 'holds nothing; write {} for the default rules');
  const value: unknown = getNodeValue(root);
  // Of a property that has no business there the first error is of its value.
  const fault = Errors(CheckConfig, value).find(({ keyword }) => keyword !== 'boolean');
  if (fault !== undefined) {
    const at = findNodeAtLocation(root, pathOf(fault.instancePath, root)) ?? root;
    throw fail(nodeOf(at, fault).offset, sayFault(fault));
  }
  const config = value as CheckConfig;
  if ((config.rules?.length ?? 0) > MOST_RULES) {
    throw fail(findNodeAtLocation(root, ['rules'])?.offset ?? 0, `there are more than ${MOST_RULES} rules`);
  }
  return {
    rules: (config.rules ?? []).map((entry, position): AskedRule => {
      const [written, severity] = typeof entry === 'string' ? [entry, undefined] : [entry.rule, entry.severity];
      try {
        return { rule: parseRule(written), source: 'config', severity: severity ?? 'fail' };
      } catch (cause) {
        if (!(cause instanceof RuleError)) throw cause;
        const node =
          findNodeAtLocation(root, ['rules', position, 'rule']) ?? findNodeAtLocation(root, ['rules', position]);
        throw fail((node?.offset ?? 0) + 1 + cause.position, `"${cause.rule}": ${cause.message}`);
      }
    }),
    defaultRules: config.defaultRules ?? false,
    suppressions: (config.suppressions ?? []).map(({ function: name, file, rule, reason, expires }) => ({
      function: name,
      file: file ?? null,
      rule: rule ?? null,
      reason,
      expires: expires ?? null,
    })),
    allow: config.allow ?? [],
  };
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

/** Null where it is not there and need not be. */
function readText(path: string, isOptional: boolean): string | null {
  try {
    return readTextFile(path, 'a configuration').replace(/^\uFEFF/, '');
  } catch (error) {
    if (isMissing(error) && isOptional) return null;
    const reason = isMissing(error) ? 'no such file' : error instanceof Error ? error.message : String(error);
    throw new UsageError(`${printable(path)}: ${printable(reason)}`, { cause: error });
  }
}
