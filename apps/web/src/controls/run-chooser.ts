/**
 * Which runs are shown: one, several as one, and what they are compared with. A box below the button of the top bar: a
 * name shows that run alone, and of each run it can be said on which side it stands.
 */
import { formatBytes, formatDuration, type Run } from '@memscope/model';

import type { ChosenRuns } from '../api/question.js';
import { element, styled } from '../dom/element.js';
import { visible } from '../dom/visible-text.js';
import { withRun, withRuns, withSwappedSides } from '../state/change.js';
import type { Page } from '../views/view.js';

const LONGEST_NAME = 60;

/** "after.bin against before.bin"; of several the first, and how many more. */
export function nameSet({ head, base }: ChosenRuns): string {
  return base.length === 0 ? nameSide(head) : `${nameSide(head)} against ${nameSide(base)}`;
}

export function nameSide(side: readonly Run[]): string {
  const [first, ...others] = side;
  if (first === undefined) return '';
  return others.length === 0 ? first.name : `${first.name} and ${others.length} more`;
}

/** Opens it below `button`; a click beside it or Esc closes it. */
export class RunChooser {
  readonly #page: Page;
  readonly #button: HTMLElement;
  readonly #chooseCaptures: () => (() => void) | null;
  readonly #root = element('div', { class: 'menu run-chooser', role: 'dialog', 'aria-label': 'Runs' });
  #runs: readonly Run[] = [];
  #set: ChosenRuns | null = null;

  /** `chooseCaptures` gives null where the server takes none. */
  constructor(page: Page, button: HTMLElement, chooseCaptures: () => (() => void) | null) {
    this.#page = page;
    this.#chooseCaptures = chooseCaptures;
    this.#button = button;
    this.#root.addEventListener('keydown', (event) => this.#onKey(event));
  }

  open(): void {
    document.querySelector('.menu')?.remove();
    document.body.append(this.#root);
    this.#fill();
    const box = this.#button.getBoundingClientRect();
    const top = box.bottom + 4;
    styled(this.#root, {
      left: `${Math.max(4, Math.min(box.left, innerWidth - this.#root.offsetWidth - 4))}px`,
      top: `${top}px`,
      'max-height': `calc(100vh - ${top + 4}px)`,
    });
    addEventListener('pointerdown', this.#onPointer, true);
    this.#root.querySelector<HTMLElement>('[aria-current], button')?.focus({ preventScroll: true });
  }

  draw(runs: readonly Run[], set: ChosenRuns | null): void {
    const isSame = runs.length === this.#runs.length && runs.every((run, at) => run === this.#runs[at]);
    if (isSame && sameSet(set, this.#set)) return;
    this.#runs = runs;
    this.#set = set;
    if (this.#root.isConnected) this.#fill();
  }

  #fill(): void {
    const focus = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['focus'] : undefined;
    const choose = this.#chooseCaptures();
    const isCompared = this.#set !== null && this.#set.base.length > 0;
    this.#root.replaceChildren(
      ...this.#families(),
      element('div', { class: 'run-list' }, this.#table()),
      ...(isCompared
        ? [
            element(
              'div',
              { class: 'tool-row' },
              this.#act('Swap the sides (x)', 'swap', () => this.#page.change(withSwappedSides)),
              this.#act('Compare no more', 'alone', () => this.#choose(this.#ids('head'), [])),
            ),
          ]
        : []),
      ...(choose === null
        ? []
        : [
            this.#act('Add captures… (or drop them on the page)', 'add', () => {
              this.#close();
              choose();
            }),
          ]),
    );
    if (focus !== undefined) this.#root.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
  }

  #table(): HTMLElement {
    const head = element(
      'tr',
      {},
      element('th', { scope: 'col' }, 'Show alone'),
      element('th', { scope: 'col', title: 'Runs that are taken as one' }, 'Head'),
      element('th', { scope: 'col', title: 'What they are compared with' }, 'Base'),
    );
    const rows = this.#runs.map((run) => this.#row(run));
    return element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
  }

  /** A parent and the children that it was followed into. */
  #families(): HTMLElement[] {
    return this.#runs.flatMap((parent) => {
      const family = [parent, ...this.#runs.filter((run) => run.parent === parent.id)];
      if (family.length === 1) return [];
      const ids = family.map(({ id }) => id);
      const shown = this.#ids('head');
      if (ids.length === shown.length && ids.every((id) => shown.includes(id))) return [];
      const title = `${visible(parent.name, LONGEST_NAME)}: its ${family.length} processes as one`;
      return [this.#act(title, `family ${parent.id}`, () => this.#choose(ids, []))];
    });
  }

  #row(run: Run): HTMLTableRowElement {
    const { id, name, commandLine } = run;
    const isAlone = this.#set?.base.length === 0 && this.#set.head.length === 1 && this.#set.head[0] === run;
    return element(
      'tr',
      {},
      element(
        'td',
        {},
        element(
          'button',
          {
            type: 'button',
            'data-focus': `run ${id}`,
            'aria-current': isAlone ? 'true' : null,
            title: visible(commandLine ?? name, 300),
            onclick: () => {
              this.#close();
              this.#page.change((state) => withRun(state, id));
            },
          },
          element('span', { class: 'run-title' }, visible(name, LONGEST_NAME)),
          element('span', { class: 'quiet' }, factsOf(run)),
          run.state === 'failed' ? element('span', { class: 'run-trouble' }, visible(reasonOf(run), 200)) : null,
        ),
      ),
      this.#box(run, 'head'),
      this.#box(run, 'base'),
    );
  }

  #box(run: Run, side: 'head' | 'base'): HTMLTableCellElement {
    const { id, name } = run;
    const shown = this.#ids(side);
    const isOn = shown.includes(id);
    const isUnreadable = run.state === 'failed' && !isOn;
    const words = side === 'head' ? 'in the head' : 'in the base';
    return element(
      'td',
      {},
      element('input', {
        type: 'checkbox',
        'data-focus': `${side} ${id}`,
        'aria-label': `${visible(name, LONGEST_NAME)} ${words}`,
        checked: isOn,
        title: isUnreadable ? visible(`It could not be read: ${reasonOf(run)}`, 300) : null,
        // Something is always shown.
        disabled: isUnreadable || (side === 'head' && isOn && shown.length === 1),
        onchange: () => {
          const next = isOn ? shown.filter((each) => each !== id) : [...shown, id];
          if (side === 'head') this.#choose(next, this.#ids('base'));
          else this.#choose(this.#ids('head'), next);
        },
      }),
    );
  }

  #act(title: string, focus: string, act: () => void): HTMLButtonElement {
    return element('button', { type: 'button', class: 'button', 'data-focus': focus, onclick: act }, title);
  }

  #ids(side: 'head' | 'base'): string[] {
    return (this.#set?.[side] ?? []).map(({ id }) => id);
  }

  #choose(head: readonly string[], base: readonly string[]): void {
    this.#page.change((state) => withRuns(state, { head, base }));
  }

  readonly #onPointer = (event: PointerEvent): void => {
    const { target } = event;
    if (!(target instanceof Node) || !this.#root.contains(target)) this.#close();
  };

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.#close();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.#move(event.key === 'ArrowDown' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #move(by: number): void {
    const all = [...this.#root.querySelectorAll<HTMLElement>('button, input:not(:disabled)')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
  }

  #close(): void {
    removeEventListener('pointerdown', this.#onPointer, true);
    const hadFocus = this.#root.contains(document.activeElement);
    this.#root.remove();
    if (hadFocus) this.#button.focus({ preventScroll: true });
  }
}

function reasonOf({ message }: Run): string {
  return message ?? 'nobody knows why';
}

function factsOf({ state, durationMs, durationIsLeast, peakBytes }: Run): string {
  if (state === 'failed') return 'could not be read';
  if (state !== 'ready' || peakBytes === null) return `${state}…`;
  const span = durationMs === null ? '' : ` in ${durationIsLeast ? 'at least ' : ''}${formatDuration(durationMs)}`;
  return `${formatBytes(peakBytes)}${span}`;
}

function sameSet(a: ChosenRuns | null, b: ChosenRuns | null): boolean {
  const ids = (set: ChosenRuns | null): string =>
    JSON.stringify(set === null ? null : [set.head, set.base].map((side) => side.map(({ id }) => id)));
  return ids(a) === ids(b);
}
