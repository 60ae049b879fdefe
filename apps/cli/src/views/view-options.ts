/**
 * The options that every view shares, and what they come as. A view names the groups that mean something to it; an
 * option of another has its default.
 */
import { outputFlags, type OutputFlags, type RawOutputFlags } from '../options/output-options.js';
import { readingFlags, type RawReadingFlags, type ReadingFlags } from '../options/reading-options.js';
import { selectionFlags, type RawSelectionFlags, type SelectionFlags } from '../options/selection-options.js';

export interface ViewFlags extends SelectionFlags, OutputFlags {
  readonly reading: ReadingFlags;
}

/** What commander hands to a view's action. */
export type RawViewFlags = RawSelectionFlags & RawOutputFlags & RawReadingFlags;

export const CAPTURE_PARAMETER = ['<capture>', 'a capture file, a .memscope profile, or - for standard input'] as const;

export function viewFlags(raw: RawViewFlags): ViewFlags {
  return { ...selectionFlags(raw), ...outputFlags(raw), reading: readingFlags(raw) };
}
