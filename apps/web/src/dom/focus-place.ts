/** Where the keyboard is, to return there later, though what stood there may have been drawn anew meanwhile. */

export interface FocusPlace {
  readonly element: HTMLElement;
  /** What it is called: of what is drawn anew the one that is called the same takes its place. */
  readonly name: string;
}

/** Null: nowhere, or on something that has no use for it. */
export function focusPlace(): FocusPlace | null {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return null;
  return { element: activeElement, name: nameOf(activeElement) };
}

/** Whether it could: what is not there yet may be asked for again after the next drawing. */
export function returnFocus({ element, name }: FocusPlace): boolean {
  const isThere = element.isConnected && element.checkVisibility();
  const place = isThere
    ? element
    : [...document.querySelectorAll<HTMLElement>(element.tagName)].find(
        (each) => nameOf(each) === name && each.checkVisibility(),
      );
  place?.focus({ preventScroll: true });
  if (place === undefined || document.activeElement !== place) return false;
  place.scrollIntoView({ block: 'nearest' });
  return true;
}

/** Whether it has fallen from what was removed, or cannot be seen any more. */
export function isFocusLost(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || !activeElement.checkVisibility();
}

function nameOf(element: HTMLElement): string {
  // What it looks like changes with its own choice.
  const { legend } = element.dataset;
  if (legend !== undefined) return `legend ${legend}`;
  const said = element.getAttribute('aria-label') ?? element.textContent;
  return `${element.className}\n${said}`;
}
