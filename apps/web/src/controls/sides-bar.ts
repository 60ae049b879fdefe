/** With a base, above every view: which run is the head and which the base, and how to swap them. */
import type { Run } from '@memscope/model';

import type { ChosenRuns } from '../api/question.js';
import { element } from '../dom/element.js';
import { visible } from '../dom/visible-text.js';
import { withSwappedSides } from '../state/change.js';
import type { Page } from '../views/view.js';

/** Of so many runs of a side names are told. */
const MOST_NAMED = 4;

export class SidesBar {
  readonly #base = element('span', { class: 'side-names' });
  readonly #head = element('span', { class: 'side-names' });
  readonly root: HTMLElement;

  constructor(page: Page) {
    const swap = element(
      'button',
      {
        type: 'button',
        class: 'link-button',
        title: 'The head becomes the base (x)',
        onclick: () => page.change(withSwappedSides),
      },
      'Swap ',
      element('kbd', {}, 'x'),
    );
    this.root = element(
      'section',
      { class: 'sides-bar', 'aria-label': 'What is compared' },
      element('strong', { class: 'side base' }, 'Base'),
      this.#base,
      element('span', { class: 'quiet', 'aria-hidden': 'true' }, '→'),
      element('strong', { class: 'side head' }, 'Head'),
      this.#head,
      swap,
    );
  }

  draw(set: ChosenRuns | null): void {
    this.root.hidden = set === null || set.base.length === 0;
    if (set === null) return;
    this.#base.textContent = namesOf(set.base);
    this.#head.textContent = namesOf(set.head);
  }
}

function namesOf(side: readonly Run[]): string {
  const names = side.slice(0, MOST_NAMED).map(({ name }) => visible(name, 60));
  const rest = side.length - names.length;
  return rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
}
