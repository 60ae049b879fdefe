/** What each choice of a view may be: listed once, for options, addresses and requests. Imports nothing that runs. */
import type { SiteMeasure } from '../profile.js';

export const SITE_MEASURES = ['peak', 'leaked', 'total', 'temporary'] as const satisfies SiteMeasure[];

/** Python and native frames together, or one kind alone. */
export const STACK_CHOICES = ['joined', 'python', 'native'] as const;

export type StackChoice = (typeof STACK_CHOICES)[number];

/** What a change to the tree does. */
export const TRANSFORM_KINDS = [
  // Only paths through the function, from there on.
  'focus',
  // The function's frames vanish, their bytes go to the caller.
  'hide',
  // Neighbouring frames of the module become one.
  'collapse',
  // Only who calls the function, or only what it calls.
  'callers',
  'callees',
] as const;

export type TransformKind = (typeof TRANSFORM_KINDS)[number];
