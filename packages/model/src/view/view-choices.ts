/** What each choice of a view may be: listed once, for options, addresses and requests. Imports nothing that runs. */
import type { Transform } from '../api.js';
import type { SiteMeasure } from '../profile.js';

export const SITE_MEASURES = ['peak', 'leaked', 'total', 'temporary'] as const satisfies SiteMeasure[];

/** Python and native frames together, or one kind alone. */
export const STACK_CHOICES = ['joined', 'python', 'native'] as const;

export type StackChoice = (typeof STACK_CHOICES)[number];

export const TRANSFORM_KINDS = [
  'focus',
  'hide',
  'collapse',
  'callers',
  'callees',
] as const satisfies Transform['kind'][];
