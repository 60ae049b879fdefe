/** A scrolling list of any length that holds only the rows on the screen. All rows are of one height. */
import { countNoun, formatCount } from '@memscope/model';

import { element, styled } from '../../dom/element.js';

const ROW_PIXELS = 32;
/** Browsers clip taller boxes. */
const TALLEST = 12_000_000;
const MARGIN_ROWS = 6;
/** Rows on paper: those of the first answer. */
const MOST_PRINTED = 100;

export class VirtualRows {
  readonly #space = element('div', { class: 'virtual-space', role: 'presentation' });
  readonly root: HTMLElement;
  /** On paper alone: how many rows are left out. */
  readonly note = element('p', { class: 'print-only' });
  readonly #onScroll: () => void;
  #count = 0;
  #make: ((row: number) => HTMLElement) | null = null;
  #isWaiting = false;
  #isPrinted = false;
  /** Of those that are in the document. */
  #firstRow = 0;

  /** `onScroll` is called when other rows come into view. */
  constructor(root: HTMLElement, onScroll: () => void) {
    this.root = root;
    this.root.append(this.#space);
    this.#onScroll = onScroll;
    addEventListener('beforeprint', () => this.#print(true));
    addEventListener('afterprint', () => this.#print(false));
    root.addEventListener(
      'scroll',
      () => {
        if (this.#isWaiting) return;
        this.#isWaiting = true;
        requestAnimationFrame(() => {
          this.#isWaiting = false;
          this.#fill();
          this.#onScroll();
        });
      },
      { passive: true },
    );
  }

  /** First and last row that may be seen, however many rows there turn out to be. */
  range(): readonly [first: number, last: number] {
    const first = Math.floor(this.#scrolled() / ROW_PIXELS);
    const seen = Math.ceil((this.root.clientHeight || 600) / ROW_PIXELS);
    return [Math.max(0, first - MARGIN_ROWS), first + seen + MARGIN_ROWS];
  }

  draw(count: number, make: (row: number) => HTMLElement): void {
    this.#count = count;
    this.#make = make;
    styled(this.#space, { height: `${Math.min(TALLEST, count * ROW_PIXELS)}px` });
    this.#fill();
  }

  scrollToTop(): void {
    this.root.scrollTop = 0;
  }

  /** Scrolled pixels of the full list: where it is taller than a box may be, in proportion. */
  #scrolled(): number {
    const whole = this.#count * ROW_PIXELS;
    if (whole <= TALLEST) return this.root.scrollTop;
    const height = this.root.clientHeight;
    return (this.root.scrollTop / Math.max(1, TALLEST - height)) * (whole - height);
  }

  /** On paper the first rows stand one below the other, and how many there are. */
  #print(isPrinted: boolean): void {
    this.#isPrinted = isPrinted;
    this.#fill();
    const left = this.#count - MOST_PRINTED;
    this.note.textContent =
      left > 0
        ? `The first ${formatCount(MOST_PRINTED)} of ${countNoun(this.#count, 'row')}; CSV has all of them.`
        : '';
  }

  /** Where the keyboard is: the row, and which of the stops in it. */
  #focusedStop(): { readonly row: number; readonly stop: number } | null {
    const { activeElement } = document;
    const at = [...this.#space.children].findIndex((row) => row.contains(activeElement));
    if (at < 0) return null;
    const stop = stopsOf(this.#space.children[at]!).indexOf(activeElement as HTMLElement);
    return { row: this.#firstRow + at, stop };
  }

  #fill(): void {
    if (this.#make === null) return;
    const [first, last] = this.#isPrinted ? [0, MOST_PRINTED - 1] : this.range();
    const offset = this.root.scrollTop - this.#scrolled();
    const rows: HTMLElement[] = [];
    for (let row = first; row <= Math.min(last, this.#count - 1); row++) {
      const place = this.#isPrinted ? 'none' : `translateY(${row * ROW_PIXELS + offset}px)`;
      rows.push(styled(this.#make(row), { transform: place }));
    }
    const focused = this.#focusedStop();
    this.#space.replaceChildren(...rows);
    this.#firstRow = first;
    const row = focused === null ? undefined : rows[focused.row - first];
    if (row !== undefined) stopsOf(row)[focused!.stop]?.focus({ preventScroll: true });
  }
}

function stopsOf(row: Element): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('button, a, [tabindex]')];
}
