/**
 * What a row number is a row of. Tables are columns and rows are numbers, so that nothing else tells a stack's row from a
 * frame's; a mix-up would give a wrong name or a wrong sum, silently. A plain number (a loop's counter) passes for any of
 * them, the row of one table for none of another's: what reads a column of rows and hands them on is checked, and nothing
 * needs a cast.
 */
export type Row<Table extends string> = number & { readonly rowOf?: Table };

/** Of `StackTable`, as it was recorded; 0 is the empty stack. */
export type StackRow = Row<'stack'>;
/** Of a table of stacks as a view shows them: Python's and native frames joined. */
export type ShownStackRow = Row<'shown stack'>;
/** Of `FrameTable`; in signed columns -1 is none. */
export type FrameRow = Row<'frame'>;
/** Of `SiteTable`. */
export type SiteRow = Row<'site'>;
/** Of `ThreadTable`. */
export type ThreadRow = Row<'thread'>;
/** Of `OwnerTable`. */
export type OwnerRow = Row<'owner'>;
/** Position in `FrameGroups.functions`: a function at any line. */
export type FunctionKey = Row<'function'>;
/** Position in `FrameGroups.modules`. */
export type ModuleKey = Row<'module'>;
/** Of `PathTable`. */
export type PathRow = Row<'path'>;
/** What a path's row stands for: a frame, or what `PathTable.key` says. */
export type PathKey = Row<'frame' | 'thread or module'>;

/** A column of rows of another table. */
export interface RowColumn<R extends number> extends Uint32Array {
  [row: number]: R;
}

/** The same where there may be none, or other things than rows. */
export interface SignedRowColumn<R extends number> extends Int32Array {
  [row: number]: R;
}
