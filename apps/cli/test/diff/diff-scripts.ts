/** Captures of which a test of a diff compares two, as text. */
import type { DiffDocument } from '@memscope/model';

import { CAPTURE_START_MS, SHOP } from '../views/view-captures.js';

/** The shop in another folder, all lines lower: a cache that grew, a function that went, one that has another name. */
export const NEXT_SHOP = SHOP.replaceAll('/srv/shop/app/', '/opt/release-2/app/')
  .replaceAll(/\.py:(\d+)/g, (_, line: string) => `.py:${Number(line) + 12}`)
  .replace('malloc 0x2000 2000000', 'malloc 0x2000 2600000')
  .replaceAll('push total ', 'push sum_up ')
  .replace('malloc 0x4000 3000000', 'malloc 0x4000 2600000');

/** A recording of a second with one thread. */
export function script(body: string): string {
  return `capture v13 start=${CAPTURE_START_MS} end=${CAPTURE_START_MS + 1000} main_tid=1\nthread 1\nmemory t=0 rss=1000000\n${body}\nmemory t=500 rss=2000000\n`;
}

/** Every list of the document. */
export function allRows({ grew, shrank, moved, peakMoved }: DiffDocument): DiffDocument['grew'] {
  return [...grew, ...shrank, ...moved, ...peakMoved];
}
