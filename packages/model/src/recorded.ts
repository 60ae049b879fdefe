/**
 * What reading captures and writing profiles needs of the model: the tables, what lifetimes sum up to, and whose code files
 * are. The threads that do load this alone, and none of the views.
 */
export type * from './index.js';

export { familyOfAllocator } from './analysis/allocator-family.js';
export { makeFrameAttributor } from './analysis/libraries/attribute-frame.js';
export { moduleOfFile } from './analysis/module-of-file.js';
export { ANSWER_KINDS, answersBut, canAnswer, NO_HISTORY, QUESTIONS } from './answers.js';
export { isFollowedChild, parentsOfForks } from './fork-families.js';
export { hashPair } from './join/joined-tree.js';
export { NEVER } from './lifetimes.js';
export { memoryProfile, weighObjects } from './memory-profile.js';
export { narrowed, narrowWeights } from './number-column.js';
export { isOutOfMemory } from './out-of-memory.js';
export { USAGE_COLUMNS } from './profile.js';
export { BUNDLE_SUFFIX, FRAME_SOURCES, JOIN_METHODS, MODULE_STATUSES, SYMBOL_ORIGINS } from './symbol-notes.js';
export { ALLOCATOR_NAMES, NATIVE_FRAME, OWNER_KINDS, PYTHON_FRAME } from './tables.js';
export { parseBoundedJson } from './text/bounded-json.js';
export { beginsOf } from './view/cohort-rows.js';
export { HeldByPeriod } from './view/held-by-period.js';
export { LEAST_RESERVED_BYTES, sumChanges } from './view/live-changes.js';
export { PeakLevelsBuilder } from './view/peak-levels.js';
export { withMainThread } from './view/thread-groups.js';
