/** What the captures that are shown can answer: what one of them cannot is not offered. */
import { canAnswer, type Question as CaptureQuestion } from '@memscope/model';

import type { ChosenRuns } from '../api/question.js';

/** Also where it is not known. */
export function canSetAnswer({ head, base }: ChosenRuns, question: CaptureQuestion): boolean {
  return [...head, ...base].every(({ answers }) => answers === null || canAnswer({ answers }, question));
}

/** Of a capture without lifetimes, for who would ask for a part of its time. */
export const WITHOUT_TIMES =
  'An aggregated capture keeps only what was live at the peak and at the end, not when it was allocated';
