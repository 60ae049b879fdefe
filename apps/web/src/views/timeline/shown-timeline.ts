/** The answers that the timeline draws, together. */
import type { BandsAnswer, TimelineAnswer } from '../../api/question.js';
import { visible } from '../../dom/visible-text.js';
import type { StackedBand } from '../../drawing/stack-bands.js';
import type { BandsBy } from '../../state/page-state.js';
import type { Frame } from '../view.js';

export interface ShownTimeline {
  readonly whole: TimelineAnswer;
  readonly timeline: TimelineAnswer;
  readonly bands: {
    readonly answer: BandsAnswer;
    /** Those that the legend shows. */
    readonly stacked: readonly StackedBand[];
    /** Of each of them. */
    readonly colours: readonly string[];
    /** They are of a filter, or not all of them show: all of the heap is more. */
    readonly isPart: boolean;
    readonly by: BandsBy;
  } | null;
  /** All of the base, on the clock of the head; null where nothing is compared. */
  readonly base: TimelineAnswer | null;
  readonly frame: Frame;
}

export function bandTitle({ name, rest }: { readonly name: string; readonly rest: boolean }): string {
  return rest ? 'the rest' : visible(name === '' ? '?' : name, 60);
}
