/**
 * Rows that a verdict names, of those that a comparison has: what explains a total, what holds most, and what is said of
 * each, with its stack from where the program begins and the command that shows it.
 */
import {
  allOf,
  commandOf,
  filterOfApplication,
  foldCase,
  formatFilter,
  nameCategory,
  parseFilter,
  termOfRows,
  viewOf,
  type CheckedRow,
  type ComparedMeasure,
  type Filter,
  type GateRule,
  type RowChange,
} from '@memscope/model';
import type { CheckedSides, CheckedTotal } from './checked-sides.js';
import type { Comparison } from './comparison.js';

const MOST_ROWS = 10;
/** Of the largest: what is less is no cause of what the whole comes to. */
const LEAST_ROW_SHARE = 0.05;

/** Largest first. */
export function withoutSmall(rows: readonly CheckedRow[]): CheckedRow[] {
  return rows.filter(({ change }) => change >= LEAST_ROW_SHARE * rows[0]!.change);
}

/** What explains a total: what grew most in it; of a budget what holds most, unless what grew since a baseline within it is why it is exceeded. */
export function rowsOfTotal(
  { measure, limit }: GateRule,
  { base, head }: CheckedTotal,
  most: number,
  sides: CheckedSides,
): CheckedRow[] {
  if (measure === 'rss' || measure === 'duration') return [];
  if (measure === 'growing') return sides.growthOfHead().slice(0, MOST_ROWS).flatMap(rowOfGrowth);
  if (!sides.hasBase) return heldMost(measure, sides);
  const comparison = sides.by('function');
  const grew = (comparison.judge(measure)?.grew ?? []).filter(({ row }) => row !== comparison.compared.reservedRow);
  const clear = grew.filter(({ aboveNoise }) => aboveNoise);
  const shown = clear.length > 0 || limit.kind === 'change' ? clear : grew;
  const explained = shown.reduce((sum, { change }) => sum + change, 0);
  if (limit.kind === 'budget' && (base > most || explained < (head - most) / 2))
    return heldMost(measure, sides.alone());
  return shown.slice(0, MOST_ROWS).map((change) => describeRow(comparison, change, measure, change.change, sides));
}

function rowOfGrowth({ bytes, location, way }: ReturnType<CheckedSides['growthOfHead']>[number]): CheckedRow[] {
  if (location === null) return [];
  const { functionName, file, line } = location;
  return [
    {
      kind: 'function',
      name: functionName ?? '?',
      function: functionName,
      file,
      line: line > 0 ? line : null,
      way: null,
      caller: null,
      from: null,
      basis: null,
      suggestion: null,
      base: 0,
      head: bytes,
      change: bytes,
      status: 'grew',
      aboveNoise: true,
      stack: way.map((place) => ({ function: place.functionName, file: place.file, line: place.line })),
      command: null,
    },
  ];
}

function heldMost(measure: ComparedMeasure, sides: CheckedSides): CheckedRow[] {
  const comparison = sides.by('function');
  const column = comparison.compared.columns[measure];
  if (column === null) return [];
  const { value } = column.head;
  return [...value.keys()]
    .filter((row) => value[row]! > 0 && row !== comparison.compared.reservedRow)
    .sort((a, b) => value[b]! - value[a]!)
    .slice(0, MOST_ROWS)
    .map((row) => describeRow(comparison, heldRow(comparison, row, value[row]!), measure, value[row]!, sides));
}

function heldRow({ compared }: Comparison, row: number, bytes: number): RowChange {
  const { kind } = compared.rows[row]!;
  return {
    row,
    kind,
    from: null,
    basis: null,
    base: 0,
    head: bytes,
    change: bytes,
    status: 'grew',
    apart: null,
    aboveNoise: true,
  };
}

export function heldRows(comparison: Comparison, value: Float64Array): RowChange[] {
  return [...value.keys()].filter((row) => value[row]! > 0).map((row) => heldRow(comparison, row, value[row]!));
}

const DEEPEST_STACK = 100;

export function describeRow(
  comparison: Comparison,
  change: RowChange,
  measure: ComparedMeasure,
  counted: number,
  sides: CheckedSides,
): CheckedRow {
  const { row, stack } = comparison.describe(change, measure);
  const { frames, stacks } = comparison.main.stackTables;
  const rows: number[] = [];
  for (let at = stack; at !== 0 && rows.length < DEEPEST_STACK; at = stacks.parent[at]!) rows.push(stacks.frame[at]!);
  rows.reverse();
  const starts = comparison.startsProgram;
  // Where nothing but those is there they are what there is to say.
  const begin = Math.max(
    0,
    rows.findIndex((frame) => starts[frame] === 0),
  );
  const places = rows.slice(begin).map((frame) => ({
    function: frames.functionName[frame] ?? null,
    file: frames.file[frame] ?? null,
    line: frames.line[frame]!,
  }));
  const command = commandFor(comparison, change.row, row.way === null ? 0 : stack, measure, sides);
  return { ...row, change: counted, stack: places, command };
}

/** Of a command that people read. */
const MOST_SOURCES = 3;

/** Both sides of the row's memory, of repetitions those of the first; of processes of one program no run stands for all. */
function commandFor(
  comparison: Comparison,
  row: number,
  stack: number,
  measure: ComparedMeasure,
  sides: CheckedSides,
): string | null {
  const { head, base } = sides.run.set;
  if (sides.together && head.length + base.length > 2) return null;
  const { attributions } = comparison.main.owners();
  const libraries = attributions.flatMap(({ library, category }) => [library, category, nameCategory(category)]);
  // What it took over stands in the base where it was.
  const sources = (comparison.judge(measure)?.moved ?? []).flatMap((move) => (move.row === row ? [move.from!] : []));
  const wanted = sources.length > MOST_SOURCES ? [row] : [...new Set([row, ...sources])];
  const { rows } = comparison.compared;
  const term =
    rows[row]!.kind === 'imports'
      ? termOfImports(comparison, row, stack)
      : termOfRows(wanted, rows, new Set(libraries.map(foldCase)));
  if (term === null) return null;
  const filter = formatFilter(sides.filter === null ? term : allOf(parseFilter(sides.filter), term));
  const shown = measure === 'leaked' || measure === 'total' || measure === 'temporary' ? measure : null;
  const [after, before] = [head[0]!.capture.path, base[0]!.capture.path];
  const isShown = sides.hasBase && sides.knowsStacks;
  return commandOf(viewOf('tree', { measure: shown, filter, window: sides.window }), [after], isShown ? before : null);
}

/** All that the line of the application that leads to `stack` imports, whatever the number of that line on either side. */
function termOfImports({ compared, main }: Comparison, row: number, stack: number): Filter | null {
  const { starts, sites } = compared.sitesOfRows;
  const site = sites.subarray(starts[row], starts[row + 1]).find((each) => main.sites.pythonStack[each] === stack);
  return stack === 0 || site === undefined ? null : filterOfApplication(site, main);
}
