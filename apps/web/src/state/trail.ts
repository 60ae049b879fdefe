/**
 * The entries that the page made in the browser's history: what each shows, whether it was opened from another place of
 * the page, and where the keyboard was when it was left. The number of an entry is kept in the history itself; after a
 * reload nothing more is known of the ones before.
 */
import type { FocusPlace } from '../dom/focus-place.js';

interface Step {
  /** As of `writeUrl`. */
  readonly text: string;
  /** Another view, or a function, that something in the page led to; Esc returns from it. */
  readonly isOpened: boolean;
  focus: FocusPlace | null;
}

/** What is kept in an entry of the history. */
export interface StepMark {
  readonly step: number;
}

export class Trail {
  readonly #steps = new Map<number, Step>();
  #at: number;

  constructor(mark: unknown, text: string) {
    this.#at = stepOf(mark) ?? 0;
    this.#steps.set(this.#at, { text, isOpened: false, focus: null });
  }

  get mark(): StepMark {
    return { step: this.#at };
  }

  /** The entry that is shown is left for a new one behind it. */
  push(text: string, isOpened: boolean, focus: FocusPlace | null): void {
    this.#leave(focus);
    this.#at++;
    this.#steps.set(this.#at, { text, isOpened, focus: null });
  }

  replace(text: string): void {
    const { isOpened = false, focus = null } = this.#steps.get(this.#at) ?? {};
    this.#steps.set(this.#at, { text, isOpened, focus });
  }

  /** To an entry that was there before; gives where the keyboard was in it. */
  returnTo(mark: unknown, text: string, focus: FocusPlace | null): FocusPlace | null {
    this.#leave(focus);
    this.#at = stepOf(mark) ?? 0;
    const known = this.#steps.get(this.#at);
    if (known === undefined) this.#steps.set(this.#at, { text, isOpened: false, focus: null });
    return known?.focus ?? null;
  }

  /** Whether the entry before is where Esc leads to: from there this one was opened, or it shows just `text`. */
  leadsBackTo(text: string): boolean {
    const before = this.#steps.get(this.#at - 1);
    if (before === undefined) return false;
    return this.#steps.get(this.#at)?.isOpened === true || before.text === text;
  }

  #leave(focus: FocusPlace | null): void {
    const left = this.#steps.get(this.#at);
    if (left !== undefined) left.focus = focus;
  }
}

function stepOf(mark: unknown): number | null {
  const step: unknown = typeof mark === 'object' && mark !== null && 'step' in mark ? mark.step : null;
  return typeof step === 'number' ? step : null;
}
