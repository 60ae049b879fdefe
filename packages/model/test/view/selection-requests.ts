/** What tests ask of a profile unless they say otherwise: everything, with the threads merged. */
import type { SelectionRequest } from '../../src/index.js';

export const ALL_LEAKED: SelectionRequest = {
  measure: 'leaked',
  window: null,
  filter: null,
  splitThreads: false,
};

export const ALL_AT_PEAK: SelectionRequest = { ...ALL_LEAKED, measure: 'peak' };
