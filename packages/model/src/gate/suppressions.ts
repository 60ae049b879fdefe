/**
 * What a project has decided to live with: functions that may exceed rules, each with a reason, and most with a day on
 * which that ends, or a size up to which it holds. One that matches nothing, or whose day is over, is said: it hides what
 * nobody remembers. So is one whose size is exceeded.
 */
import type { CheckedRow, CheckedSuppression } from '../documents/check.js';
import type { GateRule } from './rule.js';

export interface Suppression {
  /** Name of the function, without what is around it. */
  readonly function: string;
  /** End of its file's path, whole folders; null: any. */
  readonly file: string | null;
  /** Text of a rule; null: every rule. */
  readonly rule: string | null;
  readonly reason: string;
  /** The last day on which it holds, as 2026-12-31; null: for ever. */
  readonly expires: string | null;
  /** Bytes: of a change, or, under a budget, of what is held; null: any. Rules by number or time know none. */
  readonly upTo: number | null;
}

type SuppressedRow = Pick<CheckedRow, 'name' | 'file' | 'change'>;

export class Suppressions {
  readonly #all: readonly Suppression[];
  readonly #today: string;
  readonly #used = new Set<Suppression>();
  readonly #exceeded = new Set<Suppression>();

  /** `today` as 2026-12-31. */
  constructor(all: readonly Suppression[], today: string) {
    [this.#all, this.#today] = [all, today];
  }

  /** The one that holds today and covers the function under the rule; null: none. */
  find(rule: Pick<GateRule, 'text' | 'measure'>, { name, file, change }: SuppressedRow): Suppression | null {
    const meant = this.#all.filter(
      (each) =>
        !this.#isExpired(each) &&
        each.function === name &&
        (each.rule === null || each.rule === rule.text) &&
        (each.file === null || endsWithPath(file ?? '', each.file)),
    );
    const isOfBytes = rule.measure !== 'count' && rule.measure !== 'duration';
    const found = meant.find(({ upTo }) => upTo === null || !isOfBytes || change <= upTo);
    if (found !== undefined) this.#used.add(found);
    else for (const each of meant) this.#exceeded.add(each);
    return found ?? null;
  }

  covers(rule: Pick<GateRule, 'text' | 'measure'>, row: SuppressedRow): boolean {
    return this.find(rule, row) !== null;
  }

  /** Asked after all rules were. */
  report(): CheckedSuppression[] {
    return this.#all.map((each) => ({ ...each, status: this.#statusOf(each) }));
  }

  #statusOf(each: Suppression): CheckedSuppression['status'] {
    if (this.#isExpired(each)) return 'expired';
    if (this.#exceeded.has(each)) return 'exceeded';
    return this.#used.has(each) ? 'used' : 'unused';
  }

  #isExpired({ expires }: Suppression): boolean {
    return expires !== null && expires < this.#today;
  }
}

function endsWithPath(path: string, end: string): boolean {
  return path === end || path.replaceAll('\\', '/').endsWith(`/${end.replace(/^\.?\//, '')}`);
}
