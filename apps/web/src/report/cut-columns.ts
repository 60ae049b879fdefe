/**
 * Embedded columns → the answers that the views draw: those of time cut to the visible ticks, a flame graph to what lies
 * below the shown root, is not closed in an import and is at least a pixel wide, as the server cuts them (`draw-paths.ts` of the model).
 */
import {
  weighCompared,
  type BandsHead,
  type ComparedFlameColumn,
  type ComparedWeight,
  type EmbeddedColumns,
  type EmbeddedFlameHead,
  type FlameLabel,
  type TimelineHead,
} from '@memscope/model';

import type { BandsAnswer, FlameAnswer, TimelineAnswer } from '../api/question.js';

export interface TickRange {
  readonly from: number;
  readonly to: number;
}

/** Null is all of it. Rows are the recorded ones: as many as there are ticks, or the report's columns. */
export function cutTimeline({ head, columns }: EmbeddedColumns<TimelineHead>, range: TickRange | null): TimelineAnswer {
  const [first, end] = rowsWithin(columns['tick'] ?? [], range);
  const ticks = columns['tick'] ?? [];
  const cut = range !== null && end > first;
  return {
    head: cut
      ? { ...head, fromTick: first === 0 ? 0 : (ticks[first - 1] ?? 0) + 1, toTick: ticks[end - 1] ?? 0 }
      : head,
    ...cutRows(columns, first, end),
  };
}

export function cutBands({ head, columns }: EmbeddedColumns<BandsHead>, range: TickRange | null): BandsAnswer {
  return { head, ...cutRows(columns, ...rowsWithin(columns['tick'] ?? [], range)) };
}

function rowsWithin(ticks: readonly (number | null)[], range: TickRange | null): [first: number, end: number] {
  if (range === null) return [0, ticks.length];
  const first = ticks.findIndex((tick) => tick !== null && tick >= range.from);
  if (first < 0) return [0, 0];
  const last = ticks.findIndex((tick) => tick !== null && tick >= range.to);
  return [first, last < 0 ? ticks.length : last + 1];
}

function cutRows(
  columns: EmbeddedColumns<unknown>['columns'],
  first: number,
  end: number,
): { length: number; column: Record<string, Float64Array> } {
  const column: Record<string, Float64Array> = {};
  for (const [name, values] of Object.entries(columns)) {
    column[name] = Float64Array.from(values.slice(first, end), (value) => value ?? Number.NaN);
  }
  return { length: end - first, column };
}

export interface FlameCut {
  /** Id of a node; null = everything. */
  readonly root: number | null;
  readonly width: number;
  /** By which widths are. */
  readonly counts: boolean;
  /** With a base. */
  readonly weigh: ComparedWeight;
  /** Shows what is below imports. */
  readonly opensImports: boolean;
}

const FLAME_COLUMNS = ['bytes', 'count', 'selfBytes', 'selfCount', 'hiddenFrames', 'closed', 'id'] as const;
const COMPARED_COLUMNS = [
  'baseBytes',
  'baseCount',
  'baseSelfBytes',
  'baseSelfCount',
  'grownBytes',
  'grownCount',
] as const satisfies ComparedFlameColumn[];

/** Null where the report has no such root. */
export function cutFlame(
  embedded: EmbeddedColumns<EmbeddedFlameHead>,
  labels: readonly FlameLabel[],
  { root, width, counts, weigh, opensImports }: FlameCut,
): FlameAnswer | null {
  const { head } = embedded;
  const isCompared = head.weigh !== null;
  const column = (name: string): readonly (number | null)[] => embedded.columns[name] ?? [];
  const [parents, ids, bytes] = [column('parent'), column('id'), column('bytes')];
  const own = counts ? column('count') : bytes;
  const [base, grown] = counts
    ? [column('baseCount'), column('grownCount')]
    : [column('baseBytes'), column('grownBytes')];
  const weight = isCompared
    ? own.map((each, row) => weighCompared(weigh, each ?? 0, base[row] ?? 0, grown[row] ?? 0))
    : own;
  const [foldedBytes, foldedNodes] = [column('foldedBytes'), column('foldedNodes')];
  const top = root === null ? 0 : ids.indexOf(root);
  if (top < 0) return null;
  const least = (weight[top] ?? 0) / Math.max(1, width);

  // By row of the report: row of the answer, or -1.
  const shown = new Int32Array(parents.length).fill(-1);
  const rows: number[] = [];
  const [parent, bytesFolded, nodesFolded]: [number[], number[], number[]] = [[], [], []];
  for (let row = top; row < parents.length; row++) {
    const above = row === top ? 0 : (shown[parents[row] ?? 0] ?? -1);
    if (above < 0) continue;
    const own = weight[row] ?? 0;
    const isClosed = !opensImports && row !== top && parents[row] !== top && column('closed')[parents[row] ?? 0] === 1;
    if (row === top || (!isClosed && own > 0 && own >= least)) {
      shown[row] = rows.push(row) - 1;
      parent.push(above);
      bytesFolded.push(foldedBytes[row] ?? 0);
      nodesFolded.push(foldedNodes[row] ?? 0);
    } else if (own > 0) {
      bytesFolded[above]! += bytes[row] ?? 0;
      nodesFolded[above]! += 1;
    }
  }

  const labelOf = (row: number): FlameLabel => labels[head.labels[column('label')[row] ?? 0] ?? 0]!;
  const used = new Map<FlameLabel, number>();
  const label = rows.map((row) => {
    const found = labelOf(row);
    if (!used.has(found)) used.set(found, used.size);
    return used.get(found)!;
  });
  const path: { id: number; label: FlameLabel }[] = [];
  for (let row = top; ; row = parents[row] ?? 0) {
    path.unshift({ id: ids[row] ?? 0, label: labelOf(row) });
    if (row === 0) break;
  }
  const isOpen = (at: number): boolean => at === 0 || opensImports || column('closed')[rows[at]!] !== 1;
  const sum = (values: readonly number[]): number =>
    values.reduce((all, each, at) => (isOpen(at) ? all + each : all), 0);
  const names = isCompared ? [...FLAME_COLUMNS, ...COMPARED_COLUMNS] : FLAME_COLUMNS;
  const picked = names.map((name) => {
    const values = column(name);
    return [name, Float64Array.from(rows, (row) => values[row] ?? 0)] as const;
  });
  return {
    head: {
      ...head,
      labels: [...used.keys()],
      rootBytes: bytes[top] ?? 0,
      rootCount: column('count')[top] ?? 0,
      foldedBytes: sum(bytesFolded),
      foldedNodes: sum(nodesFolded),
      path,
    },
    length: rows.length,
    column: {
      ...Object.fromEntries(picked),
      parent: Float64Array.from(parent),
      label: Float64Array.from(label),
      foldedBytes: Float64Array.from(bytesFolded),
      foldedNodes: Float64Array.from(nodesFolded),
    },
  };
}
