/**
 * A legend whose entries choose what is shown: a click shows one alone, Shift-click hides it, and a menu (right click,
 * Shift-F10) has both and filters by it. Esc, or a second click, shows all again.
 */
import { element, styled } from '../dom/element.js';
import { openMenu, type MenuEntry } from '../dom/floating.js';
import { ALL_SHOWN, type LegendChoice } from '../state/page-state.js';

export interface LegendEntry {
  readonly name: string;
  readonly title: string;
  /** As CSS has it. */
  readonly colour: string;
  readonly amount: string;
  /** What the amount is, in a sentence. */
  readonly hint?: string;
  /** Passes what it stands for; null where nothing can be asked for. */
  readonly filter: string | null;
}

export interface LegendUses {
  choose(choice: LegendChoice): void;
  filter(filter: string): void;
}

/** Whether what an entry stands for is shown. */
export function isChosen({ only, hidden }: LegendChoice, name: string): boolean {
  return only === null ? !hidden.includes(name) : only === name;
}

export function legendEntries(entries: readonly LegendEntry[], choice: LegendChoice, uses: LegendUses): HTMLElement[] {
  const items = entries.map((entry) => legendEntry(entry, choice, uses));
  if (choice.only === null && choice.hidden.length === 0) return items;
  const all = { type: 'button', class: 'legend-button link-button', onclick: () => uses.choose(ALL_SHOWN) } as const;
  return [...items, element('li', {}, element('button', all, 'Show all'))];
}

function legendEntry(entry: LegendEntry, choice: LegendChoice, uses: LegendUses): HTMLElement {
  const { name, title, colour, amount, hint, filter } = entry;
  const isOnly = choice.only === name;
  const isShown = isChosen(choice, name);
  const isolate = (): void => uses.choose(isOnly ? ALL_SHOWN : { only: name, hidden: [] });
  const hide = (): void => uses.choose(toggleHidden(choice, name));
  const openEntryMenu = (x: number, y: number): void =>
    openMenu(x, y, title, [
      { title: isOnly ? 'Show all' : 'Show this alone', choose: isolate },
      { title: isShown ? 'Hide this' : 'Show this again', choose: hide },
      ...(filter === null
        ? []
        : ([
            { title: 'Filter to this', choose: () => uses.filter(filter) },
            { title: 'Filter this out', choose: () => uses.filter(`-${filter}`) },
          ] satisfies MenuEntry[])),
    ]);
  return element(
    'li',
    {},
    element(
      'button',
      {
        type: 'button',
        class: isShown ? 'legend-button' : 'legend-button is-hidden',
        'data-legend': name,
        'aria-pressed': String(isOnly),
        title: `${hint === undefined ? '' : `${hint}\n`}Click: this alone. Shift-click: hide it. Right click or Shift-F10: filter by it.`,
        onclick: (event) => (event.shiftKey ? hide() : isolate()),
        oncontextmenu: (event) => {
          event.preventDefault();
          const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
          openEntryMenu(event.clientX || box.left, event.clientY || box.bottom);
        },
      },
      styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), { background: colour }),
      title,
      amount === '' ? null : element('span', { class: 'quiet' }, amount),
      isShown ? null : element('span', { class: 'visually-hidden' }, ', hidden'),
    ),
  );
}

/** Of what is shown alone, hiding it means that all the others are. */
function toggleHidden({ only, hidden }: LegendChoice, name: string): LegendChoice {
  if (only === name) return { only: null, hidden: [name] };
  return { only: null, hidden: hidden.includes(name) ? hidden.filter((each) => each !== name) : [...hidden, name] };
}
