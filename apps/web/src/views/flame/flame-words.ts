/** What a flame graph says of itself: what its root is, and why nothing is drawn. */
import type { ComparedWeight, ViewQuery } from '@memscope/model';

const NOTHING = ['Nothing to draw', 'Nothing passes the filter in this part of the recording.'] as const;

/** What stands there when nothing is as wide as a pixel by a weight. */
const NOTHING_COMPARED: Readonly<Record<ComparedWeight, readonly [title: string, reason: string]>> = {
  larger: NOTHING,
  head: ['Nothing in the head', 'Nothing of it passes the filter in this part of the recording.'],
  base: ['Nothing in the base', 'Nothing of it passes the filter in this part of the recording.'],
  change: ['Nothing changed', 'Both sides hold the same on every path.'],
  grown: ['Nothing grew', 'The head holds on no path more than the base.'],
  shrunk: ['Nothing shrank', 'The head holds on no path less than the base.'],
};

/** `weigh` is `larger` where there is no base. */
export function whyEmpty(weigh: ComparedWeight): readonly [title: string, reason: string] {
  return NOTHING_COMPARED[weigh];
}

/** What of memory the root is, behind its amount. */
export function wordsOf({ measure, window, filter, counts }: ViewQuery): string {
  const words: Readonly<Record<ViewQuery['measure'], string>> = {
    peak: 'live at the peak',
    leaked: window === null ? 'live at the end' : 'allocated in the window and live at its end',
    total: 'ever allocated',
    temporary: 'freed again at once',
    objects: 'objects that survive',
  };
  const unit = counts && measure !== 'objects' ? 'allocations ' : '';
  return `${unit}${words[measure]}${measure === 'peak' && window !== null ? ' of the window' : ''}${filter === null ? '' : ', filtered'}`;
}
