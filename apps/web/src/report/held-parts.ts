/** Which parts of a view a report's own answers are about, and what is said of profiles that it holds in part. */
import {
  countNoun,
  formatCount,
  formatShare,
  GROUPINGS,
  partsRead,
  VIEW_QUESTIONS,
  type HeldProfile,
  type ViewPart,
  type ViewQuery,
  type ViewQuestion,
} from '@memscope/model';

import type { PageState } from '../state/page-state.js';

/** Which question a view stands on; null: one that no part of the view changes. */
export const QUESTIONS: Readonly<Record<PageState['view'], ViewQuestion | null>> = {
  overview: 'overview',
  timeline: null,
  flame: 'flame',
  tables: 'table',
  leaks: 'leaks',
  history: null,
};

/** Empty where all of it is held. */
export function sayHeld({ sites, ofSites, share, ticksPerStretch }: HeldProfile): string {
  const folded =
    sites === ofSites
      ? ''
      : `This report holds ${formatCount(sites)} of ${countNoun(ofSites, 'allocation site')} as they were recorded, at least ${formatShare(share, 1)} of all bytes; what the others hold counts at their callers, and only there is it found. `;
  const stretches =
    ticksPerStretch === null || ticksPerStretch === 1
      ? ''
      : `Windows begin and end every ${formatCount(ticksPerStretch)} memory records. `;
  return folded === '' && stretches === '' ? '' : `${folded}${stretches}memscope serve answers exactly.`;
}

export function isQuestion(route: string): route is ViewQuestion {
  return VIEW_QUESTIONS.some((each) => each === route);
}

/** Parts of which a report holds all: bytes and counts are in every answer, measures and threads in its key. */
const ALL_HELD: ReadonlySet<ViewPart> = new Set(['measure', 'counts', 'splitThreads']);

/**
 * Whether the report's answers are answers to it. Leaks and the timeline of a report are those of the window that it was
 * made of.
 */
export function isHeld(view: ViewQuery, held: ViewQuery, question: ViewQuestion, by: string | null): boolean {
  const grouping = GROUPINGS.find((each) => each === by) ?? null;
  return partsRead(question, grouping, held.filter !== null).every(
    (part) =>
      ALL_HELD.has(part) ||
      (part === 'window' && question === 'leaks') ||
      // A flame graph holds what is below imports.
      (part === 'frames' && question === 'flame' && view.frames === 'imports' && held.frames === 'program') ||
      view[part] === held[part],
  );
}
