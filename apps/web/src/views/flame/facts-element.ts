/** What is known of a frame, as a small table. */
import { element } from '../../dom/element.js';
import type { FrameFacts } from '../../drawing/flame-label.js';

export function factsElement({ name, place, lines }: FrameFacts): HTMLElement {
  return element(
    'div',
    { class: 'facts' },
    element('strong', { class: 'facts-name' }, name),
    place === '' ? null : element('span', { class: 'facts-place' }, place),
    element(
      'table',
      {},
      ...lines.map(([head = '', ...cells]) =>
        element(
          'tr',
          {},
          head === '' ? element('td') : element('th', { scope: 'row' }, head),
          ...cells.map((cell) => element('td', {}, cell)),
        ),
      ),
    ),
  );
}
