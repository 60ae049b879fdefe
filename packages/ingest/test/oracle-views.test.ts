/**
 * Windows and trees of stored profiles against memray's temporal answers and rows: what was live at the greatest heap
 * within a window, what was allocated in it and lived on, and that every view's bytes add up to the capture's totals.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listCaptures, oracleFrames, readOracle, type Oracle, type OracleTemporalRow } from '@memscope/fixtures';
import {
  drawInvertedPaths,
  foldPaths,
  NATIVE_FRAME,
  orderChildren,
  outermostRows,
  rankPaths,
  select,
  tablePaths,
  ViewError,
  weighPaths,
  type Profile,
  type Selection,
  type SiteMeasure,
  type StackTable,
  type StackTables,
} from '@memscope/model';
import { openProfile } from '@memscope/store';

import { ingestCapture } from '../src/ingest-capture.js';
import { scratchFolder } from './scratch-folder.js';

/** Keeps every memory record's tick apart, as memray does below 10,000. */
const ALL_TICKS = 10_000;
const MANY_STACKS = 200_000;

/** Ticks in which memray's temporal rows do not add up to its own greatest heaps; see the kernel's tests. */
const ROWS_DO_NOT_ADD_UP: Readonly<Record<string, readonly number[]>> = { 'pandas-v13': [32, 33, 34, 35, 36, 37, 38] };

async function profileOf(path: string, name: string): Promise<Profile> {
  const profilePath = join(scratchFolder(), `${name}.memscope`);
  await ingestCapture({ path, profilePath, temporaryThreshold: 1, maxTicks: ALL_TICKS, stamp: null, threaded: false });
  return openProfile(profilePath);
}

function ask(profile: Profile, measure: SiteMeasure, window: string | null = null): Selection {
  return select(profile, {
    measure,
    window,
    filter: null,
    splitThreads: true,
  });
}

/** "tid@Python frames" → "bytes/count", without rows of nothing. */
type Rows = Record<string, string>;

function rowsOf(selection: Selection): Rows {
  const { sites, stackTables, weights, profile } = selection;
  const { stack, stacks } = selection.shownStacks();
  const python = pythonStacksOf({ ...stackTables, stacks });
  const { tid } = profile.threads();
  const sums = new Map<string, [number, number]>();
  for (let site = 0; site < sites.length; site++) {
    const key = `${tid[sites.thread[site]!]}@${python.rowOf[stack[site]!]}`;
    add(sums, key, weights.bytes[site]!, weights.count[site]!);
  }
  return Object.fromEntries(
    Object.entries(settle(sums)).map(([key, row]) => {
      const [thread, stackRow] = key.split('@');
      return [`${thread}@${python.nameOf(Number(stackRow))}`, row];
    }),
  );
}

interface PythonStacks {
  /** By stack: which stack of Python frames is left without the native ones; the same number for those that read alike. */
  readonly rowOf: Uint32Array;
  nameOf(row: number): string;
}

const knownStacks = new WeakMap<StackTable, PythonStacks>();

function pythonStacksOf(tables: Pick<StackTables, 'frames'> & { readonly stacks: StackTable<number> }): PythonStacks {
  const known = knownStacks.get(tables.stacks);
  if (known !== undefined) return known;
  const { frames, stacks } = tables;
  const texts = Array.from({ length: frames.length }, (_, frame) =>
    frames.kind[frame] === NATIVE_FRAME
      ? null
      : `${frames.functionName[frame]}|${frames.file[frame]}|${frames.line[frame]}`,
  );
  const parents = [0];
  const own = [''];
  const rows = new Map<string, number>();
  const rowOf = new Uint32Array(stacks.length);
  for (let stack = 1; stack < stacks.length; stack++) {
    const outer = rowOf[stacks.parent[stack]!]!;
    const text = texts[stacks.frame[stack]!]!;
    if (text === null) {
      rowOf[stack] = outer;
      continue;
    }
    const key = `${outer} ${text}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = parents.push(outer) - 1;
      own.push(text);
      rows.set(key, row);
    }
    rowOf[stack] = row;
  }
  const found: PythonStacks = {
    rowOf,
    nameOf(innermost) {
      let name = '';
      for (let row = innermost; row > 0; row = parents[row]!) name += `${own[row]}<`;
      return name;
    },
  };
  knownStacks.set(tables.stacks, found);
  return found;
}

/** Rows of memray's whose intervals `amount` gives weight to. */
function rowsOfOracle(
  oracle: Oracle,
  rows: readonly OracleTemporalRow[],
  counts: (from: number, to: number | null) => boolean,
): Rows {
  const sums = new Map<string, [number, number]>();
  for (const [tid, , stack, intervals] of rows) {
    const name = oracleFrames(oracle, stack).reduce((outer, frame) => `${frame.join('|')}<${outer}`, '');
    for (const [from, to, count, bytes] of intervals) if (counts(from, to)) add(sums, `${tid}@${name}`, bytes, count);
  }
  return settle(sums);
}

function add(sums: Map<string, [number, number]>, key: string, bytes: number, count: number): void {
  const [bytesBefore, countBefore] = sums.get(key) ?? [0, 0];
  sums.set(key, [bytesBefore + bytes, countBefore + count]);
}

function settle(sums: Map<string, [number, number]>): Rows {
  return Object.fromEntries(
    [...sums].flatMap(([key, [bytes, count]]) => (bytes === 0 && count === 0 ? [] : [[key, `${bytes}/${count}`]])),
  );
}

/** Some windows of every length, the whole among them. */
function windowsOf(ticks: number): [from: number, to: number][] {
  const at = (share: number): number => Math.round(share * ticks);
  return [
    [0, ticks],
    [0, 0],
    [ticks, ticks],
    [at(0.1), at(0.5)],
    [at(0.25), at(0.26)],
    [at(0.5), at(0.5)],
    [at(0.33), at(0.9)],
    [at(0.7), ticks],
  ];
}

const CASES = listCaptures()
  .filter(({ hasOracle }) => hasOracle)
  .map((capture) => [capture.name, capture.path] as const);

describe.each(CASES)('%s:', (name, path) => {
  test('windows hold memray’s temporal answers, and every view holds every byte', async () => {
    const oracle = readOracle(path);
    const profile = await profileOf(path, name);
    const { capture } = profile;
    const aggregated = capture.layout === 'aggregated';
    for (const measure of ['peak', 'leaked', 'total', 'temporary'] as const) {
      if (aggregated && (measure === 'total' || measure === 'temporary')) {
        expect(() => ask(profile, measure)).toThrow(ViewError);
        continue;
      }
      const selection = ask(profile, measure);
      const { sites, groups, shown } = selection;
      const { stack, stacks } = selection.shownStacks();
      const recorded = tablePaths(sites, stack, stacks, selection.splitThreads);
      const table = foldPaths(recorded, groups, { shown, mergeRecursion: false });
      const tree = weighPaths(table, selection.weights);
      const children = orderChildren(table, null);
      // Millions of joined stacks from the inside out take seconds, and tell no more.
      const maxDepth = table.length > MANY_STACKS ? 8 : Infinity;
      const options = { by: 'bytes', width: Infinity, root: 0, most: Infinity, maxDepth } as const;
      const inverted = drawInvertedPaths(table, tree, options);
      const outermost = outermostRows(table, children, groups.functionOf, groups.functions.length);
      const functions = rankPaths(table, tree, outermost, groups.functionOf, groups.functions.length);
      const sum = (column: Float64Array): number => column.reduce((all, each) => all + each, 0);
      const bytes = {
        peak: capture.peakBytes,
        leaked: capture.leakedBytes,
        total: capture.bytesAllocated,
        temporary: capture.temporaryBytes,
      }[measure];
      // Replaced allocations are in the heap, but in no site.
      const replaced = measure === 'peak' ? profile.notes.replacedBytes : 0;
      expect(Math.abs(selection.bytes - bytes!)).toBeLessThanOrEqual(replaced);
      expect({
        tree: tree.bytes[0],
        count: tree.count[0],
        self: sum(tree.selfBytes),
        inverted: inverted.bytes[0],
        invertedSelf: sum(inverted.selfBytes) + sum(inverted.foldedBytes),
        functions: sum(functions.selfBytes),
      }).toEqual({
        tree: selection.bytes,
        count: selection.count,
        self: selection.bytes,
        inverted: selection.bytes,
        invertedSelf: selection.bytes,
        functions: selection.bytes,
      });
      expect(functions.bytes.every((all, row) => all >= functions.selfBytes[row]! && all <= selection.bytes)).toBe(
        true,
      );
    }
    if (aggregated) {
      expect(() => ask(profile, 'peak', '#0..#0')).toThrow(ViewError);
      return;
    }
    const { temporal_leaks: leaks, temporal_high_water_mark: peaks } = oracle;
    if (leaks === undefined || peaks === undefined) return;
    for (const [from, to] of windowsOf(profile.ticks().length)) {
      const window = `#${from}..#${to}`;
      const leaked = rowsOfOracle(
        oracle,
        leaks,
        (born, died) => born >= from && born <= to && (died === null || died > to),
      );
      expect({ window, rows: rowsOf(ask(profile, 'leaked', window)) }).toEqual({ window, rows: leaked });
      const selection = ask(profile, 'peak', window);
      const { peakTick } = selection.window!;
      if (ROWS_DO_NOT_ADD_UP[name]?.includes(peakTick)) continue;
      const live = rowsOfOracle(oracle, peaks, (first, end) => first <= peakTick && (end === null || end > peakTick));
      expect({ window, rows: rowsOf(selection) }).toEqual({ window, rows: live });
    }
  }, 180_000);
});
