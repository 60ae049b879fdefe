/** What functions hold of a selection, by themselves or with all that they called, in a line below their name. */
import { formatBytes, formatCount, formatShare, type Selection } from '@memscope/model';

/** Several stand below each other, numbers aligned. */
export function totalLine(title: string, bytes: number, count: number, selection: Selection, counts: boolean): string {
  const share = counts ? formatShare(count, selection.count) : formatShare(bytes, selection.bytes);
  return `  ${title.padEnd(6)}  ${formatBytes(bytes)} in ${formatCount(count)} ${count === 1 ? 'allocation' : 'allocations'} (${share})`;
}
