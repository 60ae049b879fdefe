/** Drawn paths → lines that a person can check: two blanks a level, "name bytes/count", "(self …)" where it has any. */
import {
  drawInvertedPaths,
  drawPaths,
  foldPaths,
  labelKey,
  orderChildren,
  select,
  tablePaths,
  transformPaths,
  weighPaths,
  type DrawnPaths,
  type DrawOptions,
  type PathTable,
  type Profile,
  type Selection,
  type SelectionRequest,
  type Transform,
} from '../../../src/index.js';
import { ALL_LEAKED } from '../selection-requests.js';

/** Narrower than one pixel is nothing. */
export const EVERYTHING_DRAWN: DrawOptions = { by: 'bytes', width: 1e9, root: 0, most: 1e9 };

export interface Question {
  readonly request?: Partial<SelectionRequest> & { readonly mergeRecursion?: boolean };
  readonly transforms?: readonly Transform[];
  readonly inverted?: boolean;
  readonly options?: Partial<DrawOptions>;
  /** Whose paths there are; those of all sites unless given. */
  readonly of?: 'weighing' | 'all';
}

export function pathsOf(selection: Selection, { request = {}, transforms = [], of = 'all' }: Question): PathTable {
  const { sites, pathStacks, groups, shown, splitThreads } = selection;
  const { stack, stacks } = pathStacks(of);
  const table = tablePaths(sites, stack, stacks, splitThreads);
  const folded = foldPaths(table, groups, { shown, mergeRecursion: request.mergeRecursion ?? false });
  return transforms.reduce((paths, transform) => transformPaths(paths, transform, groups), folded);
}

export function draw(profile: Profile, question: Question = {}): { drawn: DrawnPaths; lines: string[] } {
  return drawSelection(select(profile, { ...ALL_LEAKED, ...question.request }), question);
}

export function drawSelection(selection: Selection, question: Question = {}): { drawn: DrawnPaths; lines: string[] } {
  const table = pathsOf(selection, question);
  const weights = weighPaths(table, selection.weights);
  const options = { ...EVERYTHING_DRAWN, ...question.options };
  const drawn = question.inverted
    ? drawInvertedPaths(table, weights, options)
    : drawPaths(table, weights, orderChildren(table, null), options);
  return { drawn, lines: linesOf(drawn, selection) };
}

export function linesOf(drawn: DrawnPaths, selection: Selection): string[] {
  const { start, rows } = orderChildren(drawn, drawn.bytes);
  const lines: string[] = [];
  const nameOf = (key: number): string => {
    const { kind, name, line } = labelKey(key, selection);
    if (kind === 'all') return '.';
    return kind === 'thread'
      ? `[${name.replace(/ \(thread \d+\)$/, '')}]`
      : `${name}${line === null ? '' : `:${line}`}`;
  };
  const write = (node: number, depth: number): void => {
    const self =
      drawn.selfBytes[node]! > 0 || drawn.selfCount[node]! > 0
        ? ` (self ${drawn.selfBytes[node]}/${drawn.selfCount[node]})`
        : '';
    const folded = drawn.foldedNodes[node]! > 0 ? ` +${drawn.foldedNodes[node]} of ${drawn.foldedBytes[node]}` : '';
    const weight = `${drawn.bytes[node]}/${drawn.count[node]}`;
    lines.push(`${'  '.repeat(depth)}${nameOf(drawn.key[node]!)} ${weight}${self}${folded}`);
    for (let at = start[node]!; at < start[node + 1]!; at++) write(rows[at]!, depth + 1);
  };
  write(0, 0);
  return lines;
}
