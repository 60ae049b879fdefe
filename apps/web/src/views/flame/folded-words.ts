/** What a flame graph does not draw → a sentence on it: imports that are folded, what is too narrow, what a report lacks. */
import { countNoun, formatBytes, formatCount, type FlameHead } from '@memscope/model';

import type { FlameAnswer } from '../../api/question.js';
import type { FoldedFrames } from '../../report/page-report.js';

/** `notHeld` null: nothing is missing, as on a server. */
export function sayFolded(
  { head, column }: Pick<FlameAnswer, 'head' | 'column'>,
  notHeld: FoldedFrames | null,
): string {
  const hasClosed = column.closed?.includes(1) === true;
  const closed = hasClosed ? 'What a library runs while it is imported is folded: click its frame to see it. ' : '';
  return closed + sayNarrow(head, notHeld);
}

function sayNarrow({ foldedNodes, foldedBytes, weigh }: FlameHead, notHeld: FoldedFrames | null): string {
  // Of two sides it is what widths are, which is no amount of either.
  const amount = weigh === null ? amountOf(foldedNodes, foldedBytes) : '';
  if (notHeld !== null && notHeld.nodes > 0) {
    return `${countNoun(foldedNodes, 'frame is', 'frames are')} not drawn${amount}. Zoom in for what is narrower than a pixel. ${sayNotHeld(notHeld)}`;
  }
  if (foldedNodes === 0) return '';
  return `${countNoun(foldedNodes, 'frame narrower than a pixel is', 'frames narrower than a pixel are')} not drawn${amount}. Zoom in to see ${foldedNodes === 1 ? 'it' : 'them'}.`;
}

/** Empty where bytes are not known. */
function amountOf(nodes: number, bytes: number): string {
  return Number.isFinite(bytes) ? `: ${formatBytes(bytes)}${nodes === 1 ? '' : ' together'}` : '';
}

function sayNotHeld({ nodes, bytes, share }: FoldedFrames): string {
  if (nodes === 1) {
    return `1 frame ${bytes > 0 ? `(${formatBytes(bytes)}) ` : ''}is not in this report; memscope serve shows it.`;
  }
  return `${countNoun(nodes, 'frame')} ${bytes > 0 ? `(${formatBytes(bytes)} together) ` : ''}are not in this report, most of them below 1/${formatCount(share)} of all bytes; memscope serve shows them.`;
}
