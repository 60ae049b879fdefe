/** Help: what the views are for, the keys, windows and the filter language. Made when it is first opened. */
import { FILTER_HELP } from '@memscope/model';

import { element } from '../dom/element.js';

const KEYS: readonly (readonly [title: string, keys: readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['1 – 5', 'Overview, Timeline, Flame graph, Tables, Leaks'],
      ['/', 'search, or the filter'],
      ['Esc', 'back to where this was opened, else undo the last narrowing: search, zoom, transform, filter, window'],
      ['x', 'swap the head and the base'],
      ['r', 'show runners and the import system, or fold them'],
      ['?', 'this help'],
    ],
  ],
  [
    'Flame graph',
    [
      ['← ↑ ↓ →', 'move between frames'],
      ['Enter', 'zoom in; in the search: the next match, with Shift the one before'],
      ['n  N', 'next match, the one before'],
      ['Backspace', 'zoom out'],
      ['f  h', 'focus on the function, hide it'],
      ['c', 'collapse its module'],
      ['[  ]', 'only its callers, only what it calls'],
      ['m', 'merge recursion'],
      ['s', 'callers, callees and source'],
    ],
  ],
  [
    'Timeline',
    [
      ['← →', 'move over time; with Shift: select a window'],
      ['Enter', 'select the tick'],
      ['+  −  0', 'zoom in, zoom out, show all'],
    ],
  ],
];

const WINDOW_HELP =
  'A window is FROM..TO or one place: a share of the recording (10%..50%), times since its start (3.5s..12s, also ms, ' +
  'm, h), ticks (#100..#250), peak or rss-peak. It covers every tick that it touches. Within a window, Peak is what was ' +
  'live at its greatest heap, Live at end what was allocated in it and is live at its end.';

export class HelpDialog {
  #dialog: HTMLDialogElement | null = null;

  show(): void {
    this.#dialog ??= makeDialog();
    if (!this.#dialog.isConnected) document.body.append(this.#dialog);
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}

function makeDialog(): HTMLDialogElement {
  const dialog = element(
    'dialog',
    { class: 'help', 'aria-label': 'Help' },
    element(
      'form',
      { method: 'dialog' },
      element('h2', {}, 'Help'),
      element('button', { class: 'button', value: 'close', autofocus: true }, 'Close'),
    ),
    element(
      'div',
      { class: 'help-columns' },
      ...KEYS.map(([title, keys]) =>
        element(
          'section',
          {},
          element('h3', {}, title),
          element(
            'dl',
            { class: 'keys' },
            ...keys.flatMap(([key, meaning]) => [
              element('dt', {}, element('kbd', {}, key)),
              element('dd', {}, meaning),
            ]),
          ),
        ),
      ),
    ),
    element('h3', {}, 'Windows of time'),
    element('p', {}, WINDOW_HELP),
    element('h3', {}, 'Filters and searches'),
    element('pre', {}, FILTER_HELP),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  // `method=dialog` closes it, but the page's policy allows no form to be submitted anywhere.
  dialog.querySelector('form')?.addEventListener('submit', (event) => {
    event.preventDefault();
    dialog.close();
  });
  return dialog;
}
