/** Rules of the command line, of the configuration, and the default ones → those that hold. */
import { DEFAULT_RULES, parseRule, RuleError } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { AskedRule } from '@memscope/query';

import { UsageError } from '../exit-code.js';
import { LONGEST_SHOWN, readConfig, type ReadConfig } from './read-config.js';

export interface RuleFlags {
  /** Empty: budgets alone are judged. */
  readonly baseline: readonly string[];
  /** Texts of rules; empty: those of the configuration, or the default ones. */
  readonly gateRules: readonly string[];
  /** The default rules hold beside others. */
  readonly defaultRules: boolean;
  /** Null: the file of the usual name, where there is one. */
  readonly config: string | null;
}

export interface GateRules {
  readonly config: ReadConfig;
  readonly rules: readonly AskedRule[];
}

/** The configuration, and all rules that hold. Throws `UsageError`. */
export function readGateRules(flags: RuleFlags): GateRules {
  const config = readConfig(flags.config);
  const rules = rulesOf(flags, config);
  if (flags.baseline.length === 0) refuseChanges(rules);
  return { config, rules };
}

/** Rules of the command line stand in place of the configuration's. Throws `UsageError`. */
function rulesOf({ gateRules, defaultRules }: RuleFlags, config: ReadConfig): readonly AskedRule[] {
  const named = gateRules.map((text): AskedRule => ({ rule: readRule(text), source: 'option', severity: 'fail' }));
  const own = named.length > 0 ? named : config.rules;
  const withDefaults = defaultRules || (named.length === 0 && (config.defaultRules ?? config.rules.length === 0));
  if (own.length === 0 && !withDefaults)
    throw new UsageError('check: there is no rule: the configuration has none, and turns the default rules off');
  return withDefaults ? [...own, ...DEFAULT_RULES.map((each): AskedRule => ({ ...each, source: 'default' }))] : own;
}

/** Without a baseline nothing changed. Throws `UsageError`. */
function refuseChanges(rules: readonly AskedRule[]): void {
  const change = rules.find(({ rule }) => rule.limit.kind === 'change');
  if (change === undefined) return;
  const why = change.source === 'default' ? 'the default rules need' : `${printable(change.rule.text)} needs`;
  throw new UsageError(
    `check: ${why} a baseline: --baseline old.bin; or judge the run by itself: --rule 'peak <= 512 MiB'`,
  );
}

function readRule(text: string): ReturnType<typeof parseRule> {
  try {
    return parseRule(text);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    if (error.rule.length > LONGEST_SHOWN)
      throw new UsageError(`--rule: ${printable(error.message)}`, { cause: error });
    const pointer = `${' '.repeat(error.position)}${'^'.repeat(Math.max(1, error.length))}`;
    throw new UsageError(`--rule: ${printable(error.message)}\n  ${printable(error.rule)}\n  ${pointer}`, {
      cause: error,
    });
  }
}
