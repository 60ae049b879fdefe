/**
 * The rules of a gate that was told none: made of what unchanged runs of real programs differ by (diff/noise-floor.ts),
 * so that they stay silent on those, and see a change of a hundredth of the peak in one function from a single run.
 */
import { LEAST_OF } from '../diff/noise-floor.js';
import { parseRule, type GateRule } from './rule.js';

/** note: it is said, and fails nothing. */
export const RULE_SEVERITIES = ['fail', 'note'] as const;
export type RuleSeverity = (typeof RULE_SEVERITIES)[number];

export interface DefaultRule {
  readonly rule: GateRule;
  readonly severity: RuleSeverity;
  /** For people: why the limits are these. */
  readonly reason: string;
}

function change({ bytes, share }: { readonly bytes: number; readonly share: number }): string {
  return `+${share * 100}% and +${bytes / 1024 >= 1024 ? `${bytes / 1024 ** 2} MiB` : `${bytes / 1024} KiB`}`;
}

export const DEFAULT_RULES: readonly DefaultRule[] = [
  {
    rule: parseRule(`each function: peak ${change(LEAST_OF.function)}`),
    severity: 'fail',
    reason:
      'Counted is what a function holds more at the peak and at its own peak, whichever is less, so that a peak that ' +
      'moved is no growth. Of a function that allocates on two threads or more it is chance which of them holds what at ' +
      'the peak: there it takes 20% (12% of three runs against three), unless it also keeps or allocates more.',
  },
  {
    rule: parseRule(`each function: leaked ${change(LEAST_OF.function)}`),
    severity: 'fail',
    reason:
      'What is live at the end is the same in every run but for single blocks, also of functions of several threads.',
  },
  {
    rule: parseRule(`python objects: peak ${change(LEAST_OF.objects)}`),
    severity: 'fail',
    reason: "Arenas of Python's allocator come and go by the mebibyte, and whose need for a new one it was is chance.",
  },
  {
    rule: parseRule(`python objects: leaked ${change(LEAST_OF.objects)}`),
    severity: 'fail',
    reason: 'The same of those that are live at the end.',
  },
  {
    rule: parseRule(`import system: peak ${change(LEAST_OF.imports)}`),
    severity: 'fail',
    reason: 'The frames of the import system carry whatever modules happen to load.',
  },
  {
    rule: parseRule(`peak ${change(LEAST_OF.whole)}`),
    severity: 'fail',
    reason: 'Arenas are in it. Address space that is reserved and not used is not.',
  },
  {
    rule: parseRule(`each function: own-peak ${change(LEAST_OF.function)}`),
    severity: 'note',
    reason: 'What is held beside the peak costs no memory now; written as a rule of its own it fails.',
  },
];
