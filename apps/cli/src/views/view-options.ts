/**
 * The options that every view shares, and what they come as. A view names the groups that mean something to it; an
 * option of another has its default.
 */
import type { OptionGroup } from '../options/option-group.js';
import { outputFlags, type OutputFlags, type RawOutputFlags } from '../options/output-options.js';
import { READING_OPTIONS, readingFlags, type RawReadingFlags, type ReadingFlags } from '../options/reading-options.js';
import {
  FILTER_OPTIONS,
  FRAME_OPTIONS,
  MEASURE_OPTIONS,
  NATIVE_OPTIONS,
  selectionFlags,
  TIME_OPTIONS,
  type RawSelectionFlags,
  type SelectionFlags,
} from '../options/selection-options.js';
import { SYMBOL_OPTIONS } from '../options/symbol-options.js';

export interface ViewFlags extends SelectionFlags, OutputFlags {
  readonly reading: ReadingFlags;
}

/** What commander hands to a view's action. */
export type RawViewFlags = RawSelectionFlags & RawOutputFlags & RawReadingFlags;

export const CAPTURE_PARAMETER = ['<capture>', 'a capture file, a .memscope profile, or - for standard input'] as const;

/** The groups of a view that shows any measure of any stacks, with the group of its own behind the measure. */
export function stackViewOptions(own: OptionGroup, output: OptionGroup): OptionGroup[] {
  return [
    MEASURE_OPTIONS,
    own,
    TIME_OPTIONS,
    FILTER_OPTIONS,
    FRAME_OPTIONS,
    NATIVE_OPTIONS,
    output,
    READING_OPTIONS,
    SYMBOL_OPTIONS,
  ];
}

export function viewFlags(raw: RawViewFlags): ViewFlags {
  return { ...selectionFlags(raw), ...outputFlags(raw), reading: readingFlags(raw) };
}
