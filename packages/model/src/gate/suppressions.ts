/**
 * What a project has decided to live with: functions that may exceed rules, each with a reason, and most with a day on
 * which that ends. One that matches nothing, or whose day is over, is said: it hides what nobody remembers.
 */
import type { CheckedSuppression } from '../documents/check.js';

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
}

export class Suppressions {
  readonly #all: readonly Suppression[];
  readonly #today: string;
  readonly #used = new Set<Suppression>();

  /** `today` as 2026-12-31. */
  constructor(all: readonly Suppression[], today: string) {
    [this.#all, this.#today] = [all, today];
  }

  /** The one that holds today and covers the function under the rule; null: none. */
  find(rule: string, { name, file }: { readonly name: string; readonly file: string | null }): Suppression | null {
    const found = this.#all.find(
      (each) =>
        !this.#isExpired(each) &&
        each.function === name &&
        (each.rule === null || each.rule === rule) &&
        (each.file === null || endsWithPath(file ?? '', each.file)),
    );
    if (found !== undefined) this.#used.add(found);
    return found ?? null;
  }

  covers(rule: string, row: { readonly name: string; readonly file: string | null }): boolean {
    return this.find(rule, row) !== null;
  }

  /** Asked after all rules were. */
  report(): CheckedSuppression[] {
    return this.#all.map((each) => ({
      ...each,
      status: this.#isExpired(each) ? 'expired' : this.#used.has(each) ? 'used' : 'unused',
    }));
  }

  #isExpired({ expires }: Suppression): boolean {
    return expires !== null && expires < this.#today;
  }
}

function endsWithPath(path: string, end: string): boolean {
  return path === end || path.replaceAll('\\', '/').endsWith(`/${end.replace(/^\.?\//, '')}`);
}
