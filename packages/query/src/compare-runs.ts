/**
 * Two sides of a run set → what changed between them: totals, what grew, shrank and moved, each with its line and the
 * line of the application that leads there, and a first sentence. The answer of `memscope diff`; runs of a side are
 * repetitions, of which medians are compared, or processes of one program, which are added up.
 */
import {
  canAnswer,
  countThreads,
  findObstacles,
  findOutside,
  isAlike,
  MOVED_SHARE,
  formatFilter,
  parseFilter,
  summariseChanges,
  tellGrowth,
  ViewError,
  type ChangesBeside,
  type ComparedMeasure,
  type ComparedRows,
  type DiffDocument,
  type DiffRow,
  type RowChange,
  type RowChanges,
  type ViewQuery,
} from '@memscope/model';
import { Comparison, namedSides, type CompareRequest } from './comparison.js';
import { selectionKey, type OpenRun } from './open-run.js';
import type { DiffQuestion } from './question.js';

/** Everything of the document but who wrote it; rows of lists are described when they are asked for. */
export interface ComparedRuns
  extends
    RowChanges,
    Omit<DiffDocument, 'schema' | 'memscopeVersion' | 'notes' | 'beside' | 'leftOut' | keyof RowChanges> {
  readonly beside: readonly ChangesBeside[];
  /** Of a row of a list of that measure. Asks the runs, which have to be open. */
  readonly describe: (change: RowChange, measure: ComparedMeasure) => DiffRow;
}

/** The measure of `view` means nothing here. Throws `ViewError` and `FilterError`. */
export function compareRuns(run: OpenRun, view: ViewQuery, request: CompareRequest): ComparedRuns {
  const { measure, by, together } = request;
  const comparison = new Comparison(run, view, request);
  const { main, totals, compared } = comparison;
  const changes = comparison.judge(measure);
  if (changes === null) {
    throw new ViewError('cannotAnswer', `the ${measure} cannot be compared: one of the captures does not know it`);
  }
  const judge = (of: ComparedMeasure): RowChanges | null => comparison.judge(of);
  const found = {
    ...namedSides(main.runs),
    measure,
    totals,
    ...changes,
    beside: measure === 'peak' && by === 'function' ? besides(compared, judge, changes) : [],
    obstacles: [...findObstacles(run.set), ...findOutside(main.runs)],
    renamed: comparison.renamed,
    threadGroups: countThreads(main, together),
  };
  return {
    ...found,
    together,
    by,
    filter: view.filter === null ? null : formatFilter(parseFilter(view.filter)),
    summary: summariseChanges(found, {
      describe: (change, of) => comparison.describe(change, of),
      ownPeakOf: (row) => {
        const own = compared.columns['own-peak'];
        return own === null ? null : { base: own.base.value[row]!, head: own.head.value[row]! };
      },
      isGrowing: growingRows(run, changes.grew),
      nothingPasses: view.filter !== null && isEmpty(totals) ? (main.suggestion()?.text ?? '') : null,
    }),
    describe: (change, of) => comparison.describe(change, of).row,
  };
}

const LIST_ROWS = 100;
/** Of each list for programs that ask for no number: describing hundreds of thousands of rows takes a gigabyte. */
export const MOST_DIFF_ROWS = 10_000;
/** About what a document takes. */
const KEPT_BYTES = 1 << 19;

/** The same as a document with lists that fit a page. */
export function answerDiff(run: OpenRun, { view, measure, by }: DiffQuestion): DiffDocument {
  return run.keep(`diff ${measure} ${by} ${selectionKey(view)}`, KEPT_BYTES, () => {
    const compared = compareRuns(run, view, { measure, by, lines: false, together: true });
    return diffDocument(compared, run.host.memscopeVersion, LIST_ROWS);
  });
}

/** At most `most` rows of each list, and how many others there are. */
export function diffDocument(
  { describe, ...compared }: ComparedRuns,
  memscopeVersion: string,
  most: number,
  notes: readonly string[] = [],
): DiffDocument {
  const { measure, grew, shrank, moved, peakMoved, beside } = compared;
  const few = (list: readonly RowChange[], of: ComparedMeasure): DiffRow[] =>
    list.slice(0, most).map((change) => describe(change, of));
  const others = (list: readonly RowChange[]): DiffDocument['leftOut']['grew'] => ({
    rows: Math.max(0, list.length - most),
    change: list.slice(most).reduce((sum, { change }) => sum + change, 0),
  });
  return {
    schema: 'memscope.diff/1',
    memscopeVersion,
    ...compared,
    notes: [...notes],
    grew: few(grew, measure),
    shrank: few(shrank, measure),
    moved: few(moved, measure),
    peakMoved: few(peakMoved, measure),
    leftOut: { grew: others(grew), shrank: others(shrank), moved: others(moved), peakMoved: others(peakMoved) },
    beside: beside.map((each) => ({
      measure: each.measure,
      grew: few(each.grew, each.measure),
      shrank: few(each.shrank, each.measure),
    })),
  };
}

/** Nothing was ever allocated on either side, by any measure that is known. */
function isEmpty({ peak, leaked, total, count }: DiffDocument['totals']): boolean {
  return [peak, leaked, total, count].every((each) => each === null || (each.base === 0 && each.head === 0));
}

/** What other measures show of rows that the peak says nothing of. */
function besides(
  { rows }: ComparedRows,
  judge: (of: ComparedMeasure) => RowChanges | null,
  atPeak: RowChanges,
): ChangesBeside[] {
  const told = new Set([...atPeak.grew, ...atPeak.shrank].filter(({ aboveNoise }) => aboveNoise).map(({ row }) => row));
  const moved = movedBytes(atPeak);
  const partner = new Map(atPeak.moved.flatMap(({ row, from }) => [[row, from!] as const, [from!, row] as const]));
  const found: ChangesBeside[] = [];
  for (const measure of ['leaked', 'own-peak'] as const) {
    const changes = judge(measure);
    if (changes === null) continue;
    const changeOf = new Map([...changes.grew, ...changes.shrank].map(({ row, change }) => [row, change]));
    /** What moved, and held as much more here as it held less there: a table that was copied as it grew. */
    const isMoved = ({ row, change }: RowChange): boolean => {
      const other = changeOf.get(partner.get(row) ?? -1) ?? 0;
      return Math.sign(other) === -Math.sign(change) && isAlike(Math.abs(other), Math.abs(change));
    };
    // What modules happened to be loaded at once says nothing, unless it stays.
    const pick = (list: readonly RowChange[]): RowChange[] =>
      list.filter(
        (each) =>
          each.aboveNoise &&
          !told.has(each.row) &&
          Math.abs(each.change) > (1 + MOVED_SHARE) * (moved.get(each.row) ?? 0) &&
          !isMoved(each) &&
          !(measure === 'own-peak' && rows[each.row]!.kind === 'imports'),
      );
    const [grew, shrank] = [pick(changes.grew), pick(changes.shrank)];
    if (grew.length + shrank.length === 0) continue;
    found.push({ measure, grew, shrank });
    for (const { row } of [...grew, ...shrank]) told.add(row);
  }
  return found;
}

/** By row: what came from other rows or went to them, which other measures show as well. */
function movedBytes({ moved }: RowChanges): Map<number, number> {
  const bytes = new Map<number, number>();
  for (const { row, from, head } of moved) {
    for (const each of [row, from!]) bytes.set(each, (bytes.get(each) ?? 0) + head);
  }
  return bytes;
}

/** Which rows keep growing in a run of the head for as long as there is work; asked only where something grew. */
function growingRows(run: OpenRun, grew: readonly RowChange[]): (row: DiffRow) => boolean {
  if (!grew.some(({ aboveNoise }) => aboveNoise)) return () => false;
  const places = new Set(
    run.set.head
      .filter(({ capture }) => canAnswer(capture, 'lifetimes'))
      .flatMap((profile) => tellGrowth(profile))
      .flatMap(({ rule, location, way }) => (rule === 'grows' ? [location, ...way] : []))
      .flatMap((place) => (place === null ? [] : [`${place.functionName} ${place.file}`])),
  );
  return ({ function: functionName, file, way, change }) =>
    change > 0 &&
    (places.has(`${functionName} ${file}`) || (way !== null && places.has(`${way.function} ${way.file}`)));
}
