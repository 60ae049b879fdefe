/**
 * What two sides differ by → the first sentence of a diff: by how much, who it is, and how. Says no more than what is
 * above the noise of unchanged runs, and tells where the peak hides what happened beside it.
 */
import { countNoun, formatBytes, formatCount } from '../analysis/format-quantity.js';
import { namePlace } from '../analysis/findings/growth-text.js';
import { moduleOfFile } from '../analysis/module-of-file.js';
import type { DiffDocument, DiffRow, DiffTotal } from '../documents/diff.js';
import { BLOCKING_OBSTACLES, type ComparedMeasure } from './compared-measures.js';
import type { RowChange, RowChanges } from './judge-changes.js';
import { totalNoiseFloor } from './noise-floor.js';

/** Rows by a measure that the peak says nothing of. */
export type ChangesBeside = Pick<RowChanges, 'grew' | 'shrank'> & { readonly measure: ComparedMeasure };

type Compared = RowChanges &
  Pick<DiffDocument, 'base' | 'head' | 'measure' | 'totals' | 'renamed' | 'threadGroups' | 'obstacles'> & {
    readonly beside: readonly ChangesBeside[];
  };

const SUBJECTS: Readonly<Record<ComparedMeasure, string>> = {
  peak: 'The peak',
  'own-peak': 'What functions held at most',
  leaked: 'What is live at the end',
  total: 'What was allocated in all',
  temporary: 'What is freed at once',
  count: 'The number of allocations',
};
/** Whether a side is a window of its recording: what is live at its end may well be freed later. */
export function hasWindow({ base, head }: Pick<DiffDocument, 'base' | 'head'>): boolean {
  return [...base, ...head].some(({ window }) => window !== null);
}

const MOST_NAMED = 3;
/** Of the largest named one: less is left to the table. */
const LEAST_SHARE = 0.1;

export interface SummaryContext {
  /** `isOnlyWay`: one line of the application alone leads to it, so that it is that line's. */
  readonly describe: (
    change: RowChange,
    measure: ComparedMeasure,
  ) => { readonly row: DiffRow; readonly isOnlyWay: boolean };
  /** The most that a row of `rows` held at once on either side; null where a side does not know it. */
  readonly ownPeakOf: (row: number) => { readonly base: number; readonly head: number } | null;
  /** Whether a row kept growing in the head for as long as there was work. */
  readonly isGrowing: (row: DiffRow) => boolean;
  /** With a filter that nothing passes on either side: what was probably meant, '' where nothing is near. Else null. */
  readonly nothingPasses: string | null;
}

export function summariseChanges(compared: Compared, context: SummaryContext): string {
  const { nothingPasses } = context;
  if (nothingPasses !== null) return `Nothing passes the filter on either side. ${nothingPasses}`.trimEnd();
  return [
    ...sayObstacles(compared, sayChanges(compared, context)),
    ...sayThreads(compared),
    ...sayRenamed(compared),
  ].join(' ');
}

/** Where the bytes mean different things that comes first, and what they differ by is no more than what was recorded. */
function sayObstacles({ obstacles }: Compared, changes: string): string[] {
  const why = obstacles.filter(({ name }) => BLOCKING_OBSTACLES.includes(name)).map(({ text }) => text);
  if (why.length === 0) return [changes];
  const asRecorded = `${changes.slice(0, 1).toLowerCase()}${changes.slice(1)}`;
  return [`The two sides cannot be compared by bytes: ${why.join('; ')}.`, `As recorded, ${asRecorded}`];
}

/** What the summary does not begin with. */
export function untoldObstacles({ obstacles }: Pick<DiffDocument, 'obstacles'>): DiffDocument['obstacles'] {
  return obstacles.filter(({ name }) => !BLOCKING_OBSTACLES.includes(name));
}

function sayThreads({ threadGroups }: Compared): string[] {
  if (threadGroups.length === 0) return [];
  const list = threadGroups.slice(0, MOST_NAMED).map(({ name, base, head }) => `${name} (${base} before, ${head} now)`);
  return [`Other numbers of threads: ${list.join(', ')}.`];
}

/** The standard library's own modules are nobody's news. */
function sayRenamed({ renamed }: Compared): string[] {
  const list = renamed
    .filter(({ from }) => moduleOfFile(from.file).kind !== 'standardLibrary')
    .slice(0, MOST_NAMED)
    .map(({ from, to }) => `${placeText(from)} seems to be ${placeText(to)} now`);
  return list.length === 0 ? [] : [`${list.join(', ')}.`];
}

function sayChanges(compared: Compared, { describe, isGrowing, ownPeakOf }: SummaryContext): string {
  const { measure, totals, grew, shrank, moved, peakMoved, beside } = compared;
  const isWindow = hasWindow(compared);
  const say = (change: RowChange, of: ComparedMeasure): string => {
    const { row, isOnlyWay } = describe(change, of);
    const own = of === 'peak' && change.from === null ? ownPeakOf(change.row) : null;
    return sayRow(row, of, {
      isGrowing: of === measure && isGrowing(row),
      isWindow,
      isBeside: of !== measure,
      isOfWay: isOnlyWay,
      own,
    });
  };
  const total = totalOf(measure, compared);
  const isEmpty = grew.length + shrank.length + moved.length + peakMoved.length + beside.length === 0;
  if (isEmpty && (total === null || total.change === 0)) {
    return `${subjectOf(measure, compared)} is the same on both sides, and so is every function's part of it.`;
  }
  const reserved = measure === 'peak' ? (totals.reserved?.change ?? 0) : 0;
  const told = { ...total!, base: total!.base - (totals.reserved?.base ?? 0), change: total!.change - reserved };
  const whole = measure === 'peak' && reserved !== 0 ? told : total!;
  const first = sayTotal(subjectOf(measure, compared), measure, whole, reserved, changeByChance(grew, shrank));
  const direction = Math.sign(whole.change);
  const clear = named([...grew, ...shrank].filter(({ aboveNoise, kind }) => aboveNoise && kind !== 'reserved')).sort(
    (a, b) => direction * (Math.sign(b.change) - Math.sign(a.change)),
  );
  if (clear.length > 0) {
    // What is live at the end of a window tells where the window ends: where there is more to say the list has it.
    const told = isWindow ? beside.filter((other) => other.measure !== 'leaked') : beside;
    return `${first}: ${clear.map((change) => say(change, measure)).join(', ')}.${sayBeside(told, clear, say)}`;
  }
  const besides = sayBeside(beside, [], say);
  if (besides !== '') return `${first}.${besides}`;
  const shifted = moved.filter(({ aboveNoise }) => aboveNoise);
  if (shifted.length > 0) {
    const list = shifted.slice(0, MOST_NAMED).map((change) => {
      const { row } = describe(change, measure);
      const of = row.from?.name ?? '?';
      const what =
        measure === 'count'
          ? countNoun(row.head, `allocation of ${of} is`, `allocations of ${of} are`)
          : `${formatBytes(row.head)} of ${of} is`;
      return `${what} now ${sayShift(row)}`;
    });
    const what = measure === 'count' ? 'allocations' : 'memory';
    return `${first}; nothing grew or shrank beyond what unchanged runs differ by, but ${what} moved: ${list.join(', ')}.`;
  }
  const elsewhere = peakMoved.some(({ aboveNoise }) => aboveNoise)
    ? ' The peak lies at another moment, and holds other functions.'
    : '';
  return `${first}; no function changed by more than unchanged runs differ by.${elsewhere}`;
}

/** Of another function, or of the same under another caller. */
function sayShift(row: DiffRow): string {
  const before = row.from?.caller ?? null;
  if (row.caller !== null && isItself(row, row.caller)) return `${nameOf(row)}'s`;
  if (row.caller === null) return before === null ? `${nameOf(row)}'s` : `not below ${before.function ?? '?'} any more`;
  const instead = before === null ? '' : ` in place of ${before.function ?? '?'}`;
  return `below ${placeText(row.caller, row.caller.line)}${instead}`;
}

/** The stacks of a site that moved differ at its own function already. */
export function isItself(row: Pick<DiffRow, 'function' | 'file'>, caller: NonNullable<DiffRow['caller']>): boolean {
  return row.function === caller.function && row.file === caller.file;
}

/** The number that the rows of a measure make up. */
function totalOf(measure: ComparedMeasure, { totals }: Compared): DiffTotal | null {
  return measure === 'own-peak' ? totals.ownPeaks : totals[measure];
}

function subjectOf(measure: ComparedMeasure, compared: Compared): string {
  return measure === 'leaked' && hasWindow(compared)
    ? 'What was allocated in the window and is live at its end'
    : SUBJECTS[measure];
}

/** Arenas that came or went, as they do between unchanged runs. */
function changeByChance(grew: readonly RowChange[], shrank: readonly RowChange[]): number {
  const arenas = [...grew, ...shrank].find(({ kind }) => kind === 'objects');
  return arenas === undefined || arenas.aboveNoise ? 0 : arenas.change;
}

function sayTotal(
  wholeSubject: string,
  measure: ComparedMeasure,
  { base, head, change, distinct }: DiffTotal,
  reserved: number,
  byChance: number,
): string {
  const format = measure === 'count' ? formatCount : formatBytes;
  const subject =
    reserved === 0
      ? wholeSubject
      : `Without ${formatBytes(Math.abs(reserved))} ${reserved > 0 ? 'more' : 'less'} of address space that is reserved and not used, the peak`;
  if (change === 0) return `${subject} is the same (${format(head)})`;
  const others = measure === 'count' ? change : change - byChance;
  const isNoise = distinct === false || Math.abs(others) < totalNoiseFloor(measure, Math.min(base, head));
  const amount = `${change > 0 ? '+' : '−'}${format(Math.abs(change))}`;
  if (isNoise) return `${subject} is about the same (${format(head)}, ${amount})`;
  return `${subject} ${change > 0 ? 'grew' : 'shrank'} by ${format(Math.abs(change))} (${formatChange(base, change)})`;
}

/** "+29%", "−3.2%", "×14"; "new" where there was nothing. */
export function formatChange(base: number, change: number): string {
  if (change === 0) return '0%';
  if (base === 0) return 'new';
  const share = (100 * change) / base;
  if (share > 1000) return `×${formatCount((base + change) / base)}`;
  const size = Math.abs(share);
  const digits = size >= 9.95 ? size.toFixed(0) : size.toFixed(1);
  return digits === '0.0' ? `${share > 0 ? '+' : '−'}<0.1%` : `${share > 0 ? '+' : '−'}${digits}%`;
}

function named(rows: readonly RowChange[]): RowChange[] {
  const ordered = rows.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const most = Math.abs(ordered[0]?.change ?? 0);
  return ordered.filter(({ change }) => Math.abs(change) >= LEAST_SHARE * most).slice(0, MOST_NAMED);
}

interface RowManner {
  readonly isGrowing: boolean;
  readonly isWindow: boolean;
  /** Of another measure than the sentence is about. */
  readonly isBeside: boolean;
  /** It is said of the line that leads there. */
  readonly isOfWay: boolean;
  /** The most that it held at once, whenever that was; null where that is not known, or nothing is said of the peak. */
  readonly own: { readonly base: number; readonly head: number } | null;
}

/** Where so much less of a row's own peak changed, most of its change is that the peak lies elsewhere. */
const MOST_MOVED = 0.75;

function sayRow(
  row: DiffRow,
  measure: ComparedMeasure,
  { isGrowing, isWindow, isBeside, isOfWay, own }: RowManner,
): string {
  const { change } = row;
  const more = change > 0 ? 'more' : 'less';
  const format = measure === 'count' ? formatCount : formatBytes;
  const verb: string = {
    peak: 'holds',
    'own-peak': 'holds',
    leaked: isWindow ? 'holds' : 'keeps',
    total: 'allocates',
    temporary: 'frees',
    count: 'makes',
  }[measure];
  const many = row.kind === 'objects' ? -1 : undefined;
  const kept = (isGrowing && !isWindow ? 'keeps' : verb).slice(0, many);
  const growing = isGrowing && change > 0 ? ', still growing' : '';
  const at: Partial<Record<ComparedMeasure, string>> = {
    'own-peak': ' at most',
    temporary: ' at once',
    ...(isWindow && isBeside ? { leaked: ' that was allocated in the window and is live at its end' } : {}),
  };
  const { way } = row;
  const isNamedByWay = isOfWay && way !== null && (row.kind === 'function' || row.kind === 'site');
  const [who, within] = isNamedByWay ? [placeText(way, way.line), ` in ${nameOf(row)}`] : [nameOf(row), ''];
  if (own !== null && Math.abs(own.head - own.base) < MOST_MOVED * Math.abs(change)) {
    return change > 0
      ? `it lies elsewhere now: ${who} holds ${formatBytes(row.head)} there${within}, and held at most ${formatBytes(own.base)} before${growing}`
      : `it lay elsewhere: ${who} held ${formatBytes(row.base)} there${within}, and holds at most ${formatBytes(own.head)} now`;
  }
  return `${who} ${kept} ${format(Math.abs(change))} ${more}${at[measure] ?? ''}${within}${growing}`;
}

/** What only other measures show. */
function sayBeside(
  beside: Compared['beside'],
  told: readonly RowChange[],
  say: (change: RowChange, measure: ComparedMeasure) => string,
): string {
  const rowsTold = new Set(told.map(({ row }) => row));
  const parts = beside.flatMap(({ measure, grew, shrank }) =>
    named([...grew, ...shrank].filter(({ row }) => !rowsTold.has(row))).map((change) => say(change, measure)),
  );
  return parts.length === 0 ? '' : ` Beside the peak ${[...new Set(parts)].slice(0, MOST_NAMED).join(', ')}.`;
}

function placeText(
  { function: functionName, file }: { readonly function: string | null; readonly file: string | null },
  line = 0,
): string {
  return namePlace({ functionName, file, line });
}

export function nameOf({ kind, name, function: functionName, file, line, way }: DiffRow): string {
  if (kind === 'imports' && way !== null) return `${name} from ${placeText(way, way.line)}`;
  return functionName === null && file === null
    ? name
    : namePlace({ functionName: functionName ?? name, file, line: line ?? 0 });
}
