/**
 * The fields of the filter language, in one table: a field that is added here is parsed, suggested and, by its kind,
 * matched. What a field means to the user stands in `FILTER_HELP`.
 */
import { distance } from 'fastest-levenshtein';

/**
 * `frame`: holds for a site when any frame of its stack has a text that matches. `site`: looks at the site itself.
 * `number`: compares.
 */
export const FILTER_FIELDS = [
  { name: 'function', kind: 'frame', example: 'function:NAME' },
  { name: 'file', kind: 'frame', example: 'file:NAME' },
  { name: 'line', kind: 'frame', example: 'line:FILE:NUMBER' },
  { name: 'module', kind: 'frame', example: 'module:NAME' },
  { name: 'library', kind: 'frame', example: 'library:NAME' },
  { name: 'category', kind: 'frame', example: 'category:NAME' },
  { name: 'application', kind: 'site', example: 'application:FILE:LINE' },
  { name: 'owner', kind: 'site', example: 'owner:NAME' },
  { name: 'thread', kind: 'site', example: 'thread:NAME' },
  { name: 'allocator', kind: 'site', example: 'allocator:NAME' },
  { name: 'size', kind: 'number', example: 'size>=1MiB' },
  { name: 'count', kind: 'number', example: 'count>100' },
  { name: 'lifetime', kind: 'number', example: 'lifetime<2s' },
] as const;

type FieldRow = (typeof FILTER_FIELDS)[number];

/** `name` is a term without a field: a function or a file. */
export type FrameField = Extract<FieldRow, { kind: 'frame' }>['name'] | 'name';
export type SiteField = Extract<FieldRow, { kind: 'site' }>['name'];
export type TextField = FrameField | SiteField;
export type NumberField = Extract<FieldRow, { kind: 'number' }>['name'];
export type FilterField = TextField | NumberField;

/** Whether it looks at the site itself, not at the frames of its stack. */
export function isSiteField(field: FilterField): field is SiteField {
  return FILTER_FIELDS.some(({ name, kind }) => name === field && kind === 'site');
}

/** The row of a field as it is written, in any case; `name` is not written. */
export function findField(written: string): FieldRow | undefined {
  const name = written.toLowerCase();
  return FILTER_FIELDS.find((field) => field.name === name);
}

/** What to write instead of a field that does not exist: "did you mean size>=1MiB?", or all there are. */
export function suggestField(written: string): string {
  const nearest = nearestName(
    written,
    FILTER_FIELDS.map(({ name }) => name),
  );
  const field = FILTER_FIELDS.find(({ name }) => name === nearest);
  return field === undefined
    ? `there are ${FILTER_FIELDS.map(({ name }) => name).join(', ')}`
    : `did you mean ${field.example}?`;
}

/** The name that was probably meant: one that begins like it, or is at most two letters away. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const text = written.toLowerCase().slice(0, 40);
  const begun = text.length >= 2 ? names.find((name) => name.startsWith(text)) : undefined;
  if (begun !== undefined) return begun;
  const reach = text.length <= 3 ? 1 : 2;
  let best: string | undefined;
  let least = reach + 1;
  for (const name of names) {
    const steps = distance(text, name);
    if (steps < least) [best, least] = [name, steps];
  }
  return best;
}
