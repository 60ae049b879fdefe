/** A filter that cannot be read → what is wrong with it, and where. The server judges again; this is at once. */
import { FilterError, parseFilter } from '@memscope/model';

import { element } from '../dom/element.js';
import { visible } from '../dom/visible-text.js';

/** Null where the text is a filter, or empty. */
export function findFilterTrouble(text: string): FilterError | null {
  if (text.trim() === '') return null;
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}

/** The text with the wrong part marked, and why. */
export function filterTroubleElement(text: string, { message, position, length }: FilterError): HTMLElement[] {
  const end = position + length;
  return [
    element(
      'code',
      {},
      visible(text.slice(0, position)),
      element('mark', {}, visible(text.slice(position, end)) || '␣'),
      visible(text.slice(end)),
    ),
    element('span', {}, visible(message, 300)),
  ];
}
