/** An amount on a card: its unit is smaller than its number, and stays beside it. */
import { element } from '../dom/element.js';

/** `text` as "12.3 MiB". */
export function bigNumber(text: string): (string | HTMLElement)[] {
  const [value = text, unit = ''] = text.split(' ');
  return [value, element('span', { class: 'tile-unit' }, ` ${unit}`)];
}
