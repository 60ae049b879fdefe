/** Keys of the page: 1–6 views, / search, x swaps the sides, r shows runners, Esc back, ? help; what is left goes to the view. */
import { withAllFrames, withoutLast, withSwappedSides, withView } from '../state/change.js';
import type { PageState, ViewName } from '../state/page-state.js';
import type { Page, View } from '../views/view.js';

export interface KeyTargets {
  read(): PageState;
  view(): View | null;
  showHelp(): void;
  /** Where what is shown was opened from, else to the state. */
  goBack(next: PageState): void;
  readonly viewNames: readonly ViewName[];
}

export function listenForKeys(page: Page, targets: KeyTargets): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (document.querySelector('dialog[open]') !== null) return;
    const focus = document.activeElement;
    if (isTextField(focus)) {
      if (event.key === 'Escape') leaveField(focus, page);
      return;
    }
    if (handleKey(event, page, targets)) event.preventDefault();
  });
}

function handleKey(event: KeyboardEvent, page: Page, targets: KeyTargets): boolean {
  const name = targets.viewNames[Number(event.key) - 1];
  if (name !== undefined) {
    page.change((state) => withView(state, name));
    return true;
  }
  switch (event.key) {
    case '?':
      targets.showHelp();
      return true;
    case '/': {
      const field =
        document.querySelector<HTMLInputElement>('main [data-search]') ??
        document.querySelector<HTMLInputElement>('[data-filter]');
      field?.focus();
      field?.select();
      return field !== null;
    }
    case 'x':
      page.change(withSwappedSides);
      return true;
    case 'r':
      page.change(withAllFrames);
      return true;
    case 'Escape':
      targets.goBack(withoutLast(targets.read()));
      return true;
    default: {
      // Buttons and radio buttons have their own use for these.
      const isControl = document.activeElement?.matches('button, a, input, summary, select') ?? false;
      if (isControl && /^(Arrow|Enter$| $)/.test(event.key)) return false;
      return targets.view()?.onKey?.(event) ?? false;
    }
  }
}

function isTextField(focus: Element | null): focus is HTMLInputElement {
  return focus instanceof HTMLInputElement && focus.type !== 'radio' && focus.type !== 'checkbox';
}

/** Esc in a field: empties it, or leaves it when it is empty. */
function leaveField(field: HTMLInputElement, page: Page): void {
  if (field.value === '') field.blur();
  else {
    field.value = '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
  page.redraw();
}
