/**
 * `memscope.config.json` → the rules, suppressions and allowances of a gate. Comments and trailing commas are fine. What
 * is wrong with it is wrong usage, and says at which line.
 */
import { parseRule, parseSize, RuleError, type Suppression } from '@memscope/model';
import { CheckConfig } from '@memscope/model/documents/check-config';
import type { AskedRule } from '@memscope/query';

import { printable } from '@memscope/model/text/printable';
import { UsageError } from '../exit-code.js';
import { JsonText } from '../options/json-document.js';
import { isMissing, readTextFile } from '../options/read-text-file.js';

/** Looked for where a command runs, if none is named. */
export const CONFIG_NAME = 'memscope.config.json';

export interface ReadConfig {
  readonly rules: readonly AskedRule[];
  /** Null: the file does not say. */
  readonly defaultRules: boolean | null;
  readonly suppressions: readonly Suppression[];
  readonly allow: NonNullable<CheckConfig['allow']>;
}

const NO_CONFIG: ReadConfig = { rules: [], defaultRules: null, suppressions: [], allow: [] };
const MOST_RULES = 1000;
/** A rule that is longer is not shown again. */
export const LONGEST_SHOWN = 200;

/** `path` null: the file of the usual name, where there is one. Throws `UsageError`. */
export function readConfig(path: string | null): ReadConfig {
  const text = readText(path ?? CONFIG_NAME, path === null);
  return text === null ? NO_CONFIG : parseConfig(text, path ?? CONFIG_NAME);
}

/** Throws `UsageError`. `path` is what the file is called in messages. */
export function parseConfig(text: string, path: string): ReadConfig {
  const json = new JsonText(text, path);
  if (text.trim() === '') throw json.failAt(0, 'is empty; write {} for the default rules');
  const config = json.check(CheckConfig) as CheckConfig;
  if ((config.rules?.length ?? 0) > MOST_RULES) throw json.failOf(['rules'], `there are more than ${MOST_RULES} rules`);
  return {
    rules: (config.rules ?? []).map((entry, position): AskedRule => {
      const [written, severity] = typeof entry === 'string' ? [entry, undefined] : [entry.rule, entry.severity];
      try {
        return { rule: parseRule(written), source: 'config', severity: severity ?? 'fail' };
      } catch (cause) {
        if (!(cause instanceof RuleError)) throw cause;
        const at = typeof entry === 'string' ? ['rules', position] : ['rules', position, 'rule'];
        const said = cause.rule.length > LONGEST_SHOWN ? '' : `"${cause.rule}": `;
        throw json.failOf(at, `${said}${cause.message}`, 1 + cause.position);
      }
    }),
    defaultRules: config.defaultRules ?? null,
    suppressions: (config.suppressions ?? []).map(({ function: name, file, rule, reason, expires, upTo }, position) => {
      if (expires !== undefined && !isDate(expires)) {
        throw json.failOf(['suppressions', position, 'expires'], `"${expires}" is no date`);
      }
      return {
        function: name,
        file: file ?? null,
        rule: rule ?? null,
        reason,
        expires: expires ?? null,
        upTo: upTo === undefined ? null : readSize(upTo, json, ['suppressions', position, 'upTo']),
      };
    }),
    allow: config.allow ?? [],
  };
}

function readSize(text: string, json: JsonText, at: (string | number)[]): number {
  try {
    return parseSize(text);
  } catch (cause) {
    if (!(cause instanceof RuleError)) throw cause;
    throw json.failOf(at, cause.message);
  }
}

/** Whether the calendar has it; it is written as one. */
function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
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
