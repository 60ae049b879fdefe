/**
 * A filter as a tree, and the functions that build one. What builds filters for shorthands (`--thread`, `--exclude`)
 * combines trees with these functions and never the text of filters.
 *
 * Trees made by these functions and by `parseFilter` are in a normal form: an `all` or `any` holds no filter of its own
 * kind and never just one, and `not` holds no `not`. So `parseFilter(formatFilter(filter))` is an equal tree.
 */
import type { NumberField, TextField } from './filter-field.js';
import type { Pattern } from './pattern.js';

export type Filter = AllFilter | AnyFilter | NotFilter | TextTerm | NumberTerm;

/** Every one must hold; none = everything passes. */
export interface AllFilter {
  readonly kind: 'all';
  readonly filters: readonly Filter[];
}

/** At least one must hold; none = nothing passes. */
export interface AnyFilter {
  readonly kind: 'any';
  readonly filters: readonly Filter[];
}

export interface NotFilter {
  readonly kind: 'not';
  readonly filter: Filter;
}

export interface TextTerm {
  readonly kind: 'text';
  readonly field: TextField;
  readonly pattern: Pattern;
}

export type Comparison = '<' | '<=' | '=' | '>=' | '>';

export interface NumberTerm {
  readonly kind: 'number';
  readonly field: NumberField;
  readonly comparison: Comparison;
  /** Bytes (`size`), allocations (`count`) or milliseconds (`lifetime`); finite, not negative. */
  readonly value: number;
}

/** The empty filter. */
export const EVERYTHING: Filter = { kind: 'all', filters: [] };

export function allOf(...filters: readonly Filter[]): Filter {
  const parts = filters.flatMap((filter) => (filter.kind === 'all' ? filter.filters : [filter]));
  return parts.length === 1 ? parts[0]! : { kind: 'all', filters: parts };
}

export function anyOf(...filters: readonly Filter[]): Filter {
  const parts = filters.flatMap((filter) => (filter.kind === 'any' ? filter.filters : [filter]));
  if (parts.length === 0) return not(EVERYTHING);
  return parts.length === 1 ? parts[0]! : { kind: 'any', filters: parts };
}

export function not(filter: Filter): Filter {
  return filter.kind === 'not' ? filter.filter : { kind: 'not', filter };
}

/** `name` as the field: a function or a file, as a term without a field. */
export function textTerm(field: TextField, pattern: Pattern): TextTerm {
  return { kind: 'text', field, pattern };
}

export function numberTerm(field: NumberField, comparison: Comparison, value: number): NumberTerm {
  return { kind: 'number', field, comparison, value };
}

/** Every term, left to right. */
export function termsOf(filter: Filter): (TextTerm | NumberTerm)[] {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.filters.flatMap(termsOf);
    case 'not':
      return termsOf(filter.filter);
    case 'text':
    case 'number':
      return [filter];
  }
}

/** Whether any term asks for the field: a capture without lifetimes cannot answer `lifetime`. */
export function usesField(filter: Filter, field: TextField | NumberField): boolean {
  return termsOf(filter).some((term) => term.field === field);
}
