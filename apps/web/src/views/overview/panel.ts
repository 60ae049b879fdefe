/** A titled box of the overview. */
import { element, type Child } from '../../dom/element.js';

export function panel(title: string, ...children: readonly Child[]): HTMLElement {
  return element('section', { class: 'panel' }, element('h2', {}, title), ...children);
}
