/** The bar at the top: which run, which view, saving, theme, help. */
import type { Run } from '@memscope/model';

import type { ChosenRuns } from '../api/question.js';
import { element, icon } from '../dom/element.js';
import { openMenuBelow, type MenuEntry } from '../dom/floating.js';
import { visible } from '../dom/visible-text.js';
import { fileNameOf, saveFile } from '../export/save.js';
import { withView } from '../state/change.js';
import { VIEW_NAMES, type PageState, type ViewName } from '../state/page-state.js';
import { fragmentOf } from '../state/location.js';
import { writeUrl } from '../state/url.js';
import type { Page, Savable } from '../views/view.js';
import { HelpDialog } from './help-dialog.js';
import { nameSet, nameSide, RunChooser } from './run-chooser.js';
import { chooseTheme, currentTheme, type ThemeChoice } from './theme.js';
import { VIEW_TITLES } from './view-titles.js';

const ICONS = {
  down: 'M4 6l4 4l4-4',
  save: 'M8 2v8M4.500 7L8 10.500L11.500 7M2.500 13.500h11',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  help: 'M5.500 6a2.500 2.500 0 1 1 3.600 2.200c-.8.4-1.100.8-1.100 1.800M8 12.500v.500',
};

const TOO_MANY_ROWS = 'More than a million rows: a filter makes them fewer';

export interface TopBarUses {
  savable(): Savable | null;
  onTheme(): void;
  /** Null: the server takes none. */
  chooseCaptures(): (() => void) | null;
}

export class TopBar {
  readonly #page: Page;
  readonly #uses: TopBarUses;
  readonly #help = new HelpDialog();
  readonly #tabs = new Map<ViewName, HTMLAnchorElement>();
  readonly #run: HTMLButtonElement;
  readonly #connection = element('span', { class: 'connection', role: 'status' });
  readonly root: HTMLElement;
  readonly #chooser: RunChooser;
  #set: ChosenRuns | null = null;

  constructor(page: Page, uses: TopBarUses) {
    this.#page = page;
    this.#uses = uses;
    this.#run = element('button', {
      type: 'button',
      class: 'run-name',
      'aria-haspopup': 'dialog',
      onclick: () => this.#chooser.open(),
    });
    this.#chooser = new RunChooser(page, this.#run, () => uses.chooseCaptures());
    const tabs = VIEW_NAMES.map((name, index) => this.#makeTab(name, VIEW_TITLES[name], index));
    this.root = element(
      'header',
      { class: 'top-bar' },
      element('span', { class: 'brand' }, element('span', { class: 'brand-mark', 'aria-hidden': 'true' }), 'memscope'),
      this.#run,
      element('nav', { class: 'tabs', 'aria-label': 'Views' }, ...tabs),
      element('span', { class: 'spacer' }),
      this.#connection,
      this.#iconButton('Save what is shown', ICONS.save, (button) => this.#chooseFile(button)),
      this.#iconButton('Light or dark', ICONS.theme, (button) => this.#chooseTheme(button)),
      this.#iconButton('Help (?)', ICONS.help, () => this.showHelp()),
    );
  }

  /** `set` null: none that is known. */
  draw(
    state: PageState,
    runs: readonly Run[],
    set: ChosenRuns | null,
    { isConnected, hasHistory }: { readonly isConnected: boolean; readonly hasHistory: boolean },
  ): void {
    this.#set = set;
    this.#chooser.draw(runs, set);
    for (const [name, tab] of this.#tabs) {
      tab.hidden = name === 'history' && !hasHistory;
      const address = writeUrl(withView(state, name));
      tab.href = this.#page.report === null ? address || '?' : fragmentOf(address);
      if (name === state.view && !tab.hasAttribute('aria-current')) {
        tab.setAttribute('aria-current', 'page');
        // On a phone the tabs are wider than the screen.
        tab.parentElement?.scrollTo({ left: tab.offsetLeft - 60 });
      }
      if (name !== state.view) tab.removeAttribute('aria-current');
    }
    const canAdd = runs.length > 0 && this.#uses.chooseCaptures() !== null;
    const others = runs.length > 1 || canAdd;
    this.#run.replaceChildren(
      ...nameSides(set),
      ...(others
        ? [
            runs.length > 1 ? element('span', { class: 'badge' }, String(runs.length)) : '',
            element('span', { class: 'visually-hidden' }, 'runs: choose others'),
            icon(ICONS.down),
          ]
        : []),
    );
    this.#run.disabled = !others && set !== null;
    this.#run.hidden = set === null && !others;
    this.#run.title = set === null ? '' : titleOf(set);
    this.#connection.textContent =
      this.#page.report !== null ? 'report' : isConnected ? '' : 'memscope serve does not answer';
    if (this.#page.report !== null) {
      this.#connection.title = 'A file that asks nobody anything';
      this.#connection.classList.add('is-report');
    }
  }

  showHelp(): void {
    this.#help.show();
  }

  #makeTab(name: ViewName, title: string, index: number): HTMLAnchorElement {
    const tab = element(
      'a',
      {
        href: this.#page.report === null ? '?' : '#',
        title: `${title} (${index + 1})`,
        'data-title': title,
        onclick: (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          this.#page.change((state) => withView(state, name));
        },
      },
      title,
    );
    this.#tabs.set(name, tab);
    return tab;
  }

  #iconButton(title: string, path: string, act: (button: HTMLButtonElement) => void): HTMLButtonElement {
    const button = element('button', { type: 'button', class: 'icon-button', 'aria-label': title, title }, icon(path));
    button.addEventListener('click', () => act(button));
    return button;
  }

  #chooseFile(button: HTMLButtonElement): void {
    const savable = this.#uses.savable();
    const name = fileNameOf(savable?.of ?? (this.#set === null ? 'memscope' : nameSet(this.#set)), savable?.name ?? '');
    const entries: MenuEntry[] = [];
    const { csv, svg, png } = savable ?? {};
    if (csv)
      entries.push({
        title: 'CSV: the numbers',
        choose: () =>
          void Promise.resolve(csv()).then(
            (text) => saveFile(`${name}.csv`, text, 'text/csv;charset=utf-8'),
            (fault: unknown) =>
              this.#refuse(button, fault instanceof RangeError ? TOO_MANY_ROWS : 'The rows could not be saved as CSV'),
          ),
      });
    if (svg) entries.push({ title: 'SVG: the picture', choose: () => saveFile(`${name}.svg`, svg(), 'image/svg+xml') });
    if (png) {
      entries.push({
        title: 'PNG: the picture',
        choose: () =>
          void png().then(
            (blob) => saveFile(`${name}.png`, blob, 'image/png'),
            () => this.#refuse(button, 'The picture is too large for a PNG: save it as SVG'),
          ),
      });
    }
    if (entries.length === 0) entries.push({ title: 'Nothing is shown that could be saved', choose: () => undefined });
    openMenuBelow(button, 'Save', entries);
  }

  /** Says where the reader looks, and aloud, why there is no file. */
  #refuse(button: HTMLButtonElement, reason: string): void {
    this.#page.announce(reason);
    openMenuBelow(button, 'Save', [{ title: reason, choose: () => undefined }]);
  }

  #chooseTheme(button: HTMLButtonElement): void {
    const { choice } = currentTheme();
    const titles: readonly (readonly [ThemeChoice, string])[] = [
      ['system', 'As the system'],
      ['light', 'Light'],
      ['dark', 'Dark'],
    ];
    const entries = titles.map(([each, title]): MenuEntry => ({
      title,
      isChosen: each === choice,
      choose: () => {
        chooseTheme(each);
        this.#uses.onTheme();
      },
    }));
    openMenuBelow(button, 'Theme', entries);
  }
}

/** Which side is which stands in words, and in the colours of the sides. */
function nameSides(set: ChosenRuns | null): HTMLElement[] {
  if (set === null) return [element('span', {})];
  const head = element('span', { class: 'head-name' }, visible(nameSide(set.head), 60));
  if (set.base.length === 0) return [head];
  return [
    head,
    element('span', { class: 'quiet' }, 'against'),
    element('span', { class: 'base-name' }, visible(nameSide(set.base), 60)),
  ];
}

function titleOf({ head, base }: ChosenRuns): string {
  const all = (side: readonly Run[]): string =>
    side.map(({ name, commandLine }) => (side.length === 1 ? (commandLine ?? name) : name)).join(', ');
  return visible(base.length === 0 ? all(head) : `head: ${all(head)}; base: ${all(base)}`, 300);
}
