/** Boxes that float above the page: a tooltip that follows the pointer, and a menu that takes the keyboard. */
import { append, element, styled, type Child } from './element.js';

const GAP = 12;

export class Tooltip {
  readonly root = element('div', { class: 'tooltip', role: 'tooltip' });

  constructor() {
    this.root.hidden = true;
    document.body.append(this.root);
  }

  show(x: number, y: number, ...children: readonly Child[]): void {
    this.root.replaceChildren();
    append(this.root, children);
    this.root.hidden = false;
    this.move(x, y);
  }

  move(x: number, y: number): void {
    const { offsetWidth, offsetHeight } = this.root;
    const left = x + GAP + offsetWidth > innerWidth ? Math.max(4, x - GAP - offsetWidth) : x + GAP;
    const top = y + GAP + offsetHeight > innerHeight ? Math.max(4, y - GAP - offsetHeight) : y + GAP;
    styled(this.root, { left: `${left}px`, top: `${top}px` });
  }

  hide(): void {
    this.root.hidden = true;
  }
}

export interface MenuEntry {
  readonly title: string;
  readonly key?: string;
  readonly isChosen?: boolean;
  choose(): void;
}

/** Opens a menu at a place of the window; arrows move, Enter chooses, Esc or a click beside it closes. */
export function openMenu(x: number, y: number, title: string, entries: readonly MenuEntry[]): void {
  document.querySelector('.menu')?.remove();
  const before = document.activeElement;
  const close = (): void => {
    menu.remove();
    removeEventListener('pointerdown', onPointer, true);
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const onPointer = (event: PointerEvent): void => {
    if (!(event.target instanceof Node) || !menu.contains(event.target)) close();
  };
  const buttons = entries.map((entry) =>
    element(
      'button',
      {
        type: 'button',
        role: entry.isChosen === undefined ? 'menuitem' : 'menuitemradio',
        'aria-checked': entry.isChosen === undefined ? null : String(entry.isChosen),
        onclick: () => {
          close();
          entry.choose();
        },
      },
      element('span', {}, entry.title),
      entry.key === undefined ? null : element('kbd', {}, entry.key),
    ),
  );
  const menu = element('div', { class: 'menu', role: 'menu', 'aria-label': title }, ...buttons);
  menu.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const last = buttons.length - 1;
    const next = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    if (next !== undefined) buttons[next]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (event.key !== 'Enter' && event.key !== ' ') {
      const entry = entries.find(({ key }) => key === event.key);
      if (entry === undefined) return;
      close();
      entry.choose();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(menu);
  styled(menu, {
    left: `${Math.max(4, Math.min(x, innerWidth - menu.offsetWidth - 4))}px`,
    top: `${Math.max(4, Math.min(y, innerHeight - menu.offsetHeight - 4))}px`,
  });
  addEventListener('pointerdown', onPointer, true);
  (buttons.find((_, index) => entries[index]?.isChosen) ?? buttons[0])?.focus({ preventScroll: true });
}

/** Opens a menu below a button. */
export function openMenuBelow(button: Element, title: string, entries: readonly MenuEntry[]): void {
  const box = button.getBoundingClientRect();
  openMenu(box.left, box.bottom + 4, title, entries);
}
