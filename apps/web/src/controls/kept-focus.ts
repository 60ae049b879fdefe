/**
 * Keeps the keyboard where it belongs while the page draws anew: where the view went, on what was drawn again under the same
 * name, and after Back on what it was on then.
 */
import { focusPlace, isFocusLost, returnFocus, type FocusPlace } from '../dom/focus-place.js';

/** Pictures of the screen in which the place is looked for to which the keyboard returns. */
const MOST_TRIES = 60;

export class KeptFocus {
  readonly #main: HTMLElement;
  /** Once it is drawn. */
  #returnTo: FocusPlace | null = null;

  /** `main` holds the view that is shown, and nothing else. */
  constructor(main: HTMLElement) {
    this.#main = main;
    // Whoever does something else meanwhile stays where he is.
    for (const type of ['keydown', 'pointerdown']) addEventListener(type, () => (this.#returnTo = null), true);
  }

  /** After the next drawing; null: nowhere. */
  returnTo(place: FocusPlace | null): void {
    this.#returnTo = place;
  }

  /** `onOther` gets what another view is called that was drawn. */
  around(draw: () => void, onOther: (name: string) => void): void {
    const before = this.#main.contains(document.activeElement) ? focusPlace() : null;
    const shownBefore = this.#main.firstElementChild;
    draw();
    const shown = this.#main.firstElementChild;
    const isOther = isView(shownBefore) && shown !== shownBefore;
    if (isOther && isView(shown)) onOther(shown.ariaLabel ?? '');
    if (this.#returnTo !== null) this.#tryToReturn(this.#returnTo, MOST_TRIES);
    if (!isFocusLost() || (before === null && !isOther)) return;
    if (isOther || before === null || !returnFocus(before)) this.#main.focus({ preventScroll: true });
  }

  /** Some of a view is laid out a moment after it is drawn. */
  #tryToReturn(place: FocusPlace, tries: number): void {
    if (this.#returnTo !== place) return;
    if (returnFocus(place)) this.#returnTo = null;
    else if (tries > 0) requestAnimationFrame(() => this.#tryToReturn(place, tries - 1));
  }
}

/** A notice that stands in its place is none. */
function isView(shown: Element | null): shown is Element {
  return shown?.matches('.view') === true;
}
