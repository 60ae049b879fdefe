/**
 * Two sides of a run set → what changed between them: totals, what grew, shrank and moved, each with its line and the
 * line of the application that leads there, and a first sentence. The answer of `memscope diff`; runs of a side are
 * repetitions, of which medians are compared, or processes of one program, which are added up.
 */
import {
  canAnswer,
  compareRows,
  compareTotals,
  countThreads,
  findObstacles,
  findRenamedFunctions,
  formatFilter,
  judgeChanges,
  nameRuns,
  parseFilter,
  RowWays,
  summariseChanges,
  tellGrowth,
  ViewError,
  windowDocument,
  type ComparedGrouping,
  type ComparedMeasure,
  type ComparedRows,
  type DiffDocument,
  type DiffRow,
  type NoiseContext,
  type RowChange,
  type RowChanges,
  type Selection,
  type SelectedRun,
  type SiteMeasure,
  type ViewQuery,
} from '@memscope/model';
import type { OpenRun } from './open-run.js';

export interface CompareRequest {
  readonly measure: ComparedMeasure;
  readonly by: ComparedGrouping;
  /** Lines tell functions and sites apart. */
  readonly lines: boolean;
  readonly together: boolean;
}

/** Everything of the document but who wrote it. */
export type ComparedRuns = Omit<DiffDocument, 'schema' | 'memscopeVersion'>;

/** The measure of `view` means nothing here. Throws `ViewError` and `FilterError`. */
export function compareRuns(run: OpenRun, view: ViewQuery, request: CompareRequest): ComparedRuns {
  const { measure, by, together } = request;
  if (run.set.base.length === 0) throw new ViewError('syntax', 'a diff needs a base');
  if (measure === 'own-peak' && by !== 'function') {
    throw new ViewError('cannotAnswer', 'what was held at most is known of functions only');
  }
  const select = (of: SiteMeasure): Selection | null => {
    try {
      return run.select({ ...view, measure: of });
    } catch (error) {
      if (error instanceof ViewError && error.code === 'cannotAnswer' && of !== siteMeasureOf(measure)) return null;
      throw error;
    }
  };
  // Joined stacks hold a row for each site that weighs something by the measure.
  const main = select(by === 'site' ? siteMeasureOf(measure) : 'peak')!;
  const compared = compareRows(main, select, request);
  const totals = compareTotals(main, select, compared, together);
  const ways = new RowWays(main, compared.rowOfSite, compared.rows.length);
  const judge = (of: ComparedMeasure): RowChanges | null => {
    const column = compared.columns[of];
    if (column === null) return null;
    const total = of === 'own-peak' ? totals.ownPeaks : totals[of];
    const { leaked, total: all, 'own-peak': ownPeak } = compared.columns;
    return judgeChanges(compared.rows, column, { ownPeak, leaked, total: all }, noiseOf(of, run, total, totals.peak));
  };
  // What was held beside the peak weighs nothing at it.
  const linesBy = (of: ComparedMeasure): Selection => select(of === 'own-peak' ? 'total' : siteMeasureOf(of)) ?? main;
  const onlyWay = new Set<DiffRow>();
  const describe = (changes: readonly RowChange[], of: ComparedMeasure): DiffRow[] =>
    changes.map((change) => {
      const { row, isOnlyWay } = describeRow(change, compared, ways, linesBy(of), of);
      if (isOnlyWay) onlyWay.add(row);
      return row;
    });
  const changes = judge(measure);
  if (changes === null) {
    throw new ViewError('cannotAnswer', `the ${measure} cannot be compared: one of the captures does not know it`);
  }
  const lists = {
    grew: describe(changes.grew, measure),
    shrank: describe(changes.shrank, measure),
    moved: describe(changes.moved, measure),
    peakMoved: describe(changes.peakMoved, measure),
  };
  const beside = measure === 'peak' && by === 'function' ? besides(compared, judge, changes, describe) : [];
  const renamed = findRenamedFunctions(main);
  const threadGroups = countThreads(main, together);
  const answer = { ...sidesOf(main), measure, totals, ...lists, renamed, threadGroups, beside };
  return {
    ...sidesOf(main),
    together,
    measure,
    by,
    filter: view.filter === null ? null : formatFilter(parseFilter(view.filter)),
    obstacles: findObstacles(run.set),
    summary: summariseChanges(answer, {
      isGrowing: growingRows(run, [...lists.grew, ...lists.shrank]),
      hasOnlyWay: (row) => onlyWay.has(row),
      nothingPasses: view.filter !== null && isEmpty(totals) ? (main.suggestion?.text ?? '') : null,
    }),
    totals,
    ...lists,
    renamed,
    threadGroups,
    beside,
  };
}

/** Nothing was ever allocated on either side, by any measure that is known. */
function isEmpty({ peak, leaked, total, count }: DiffDocument['totals']): boolean {
  return [peak, leaked, total, count].every((each) => each === null || (each.base === 0 && each.head === 0));
}

function sidesOf({ runs }: Selection): Pick<DiffDocument, 'base' | 'head'> {
  const names = nameRuns(runs);
  const side = (of: SelectedRun['side']): DiffDocument['base'] =>
    runs.flatMap((run, position) =>
      run.side === of
        ? [{ run: names[position]!, capturePath: run.profile.capture.path, window: windowDocument(run.window) }]
        : [],
    );
  return { base: side('base'), head: side('head') };
}

function siteMeasureOf(measure: ComparedMeasure): SiteMeasure {
  if (measure === 'own-peak') return 'peak';
  return measure === 'count' ? 'total' : measure;
}

function noiseOf(
  measure: ComparedMeasure,
  { set }: OpenRun,
  total: { readonly base: number; readonly head: number } | null,
  peak: { readonly base: number; readonly head: number },
): NoiseContext {
  return {
    measure,
    peak: Math.min(peak.base, peak.head),
    total: total === null ? 0 : Math.min(total.base, total.head),
    repetitions: Math.min(set.base.length, set.head.length),
  };
}

/** What other measures show of rows that the peak says nothing of. */
function besides(
  { rows }: ComparedRows,
  judge: (of: ComparedMeasure) => RowChanges | null,
  atPeak: RowChanges,
  describe: (changes: readonly RowChange[], of: ComparedMeasure) => DiffRow[],
): DiffDocument['beside'] {
  const told = new Set([...atPeak.grew, ...atPeak.shrank].filter(({ aboveNoise }) => aboveNoise).map(({ row }) => row));
  const found: DiffDocument['beside'][number][] = [];
  for (const measure of ['leaked', 'own-peak'] as const) {
    const changes = judge(measure);
    if (changes === null) continue;
    // What modules happened to be loaded at once says nothing, unless it stays.
    const pick = (list: readonly RowChange[]): RowChange[] =>
      list.filter(
        ({ row, aboveNoise }) =>
          aboveNoise && !told.has(row) && !(measure === 'own-peak' && rows[row]!.kind === 'imports'),
      );
    const [grew, shrank] = [pick(changes.grew), pick(changes.shrank)];
    if (grew.length + shrank.length === 0) continue;
    found.push({ measure, grew: describe(grew, measure), shrank: describe(shrank, measure) });
    for (const { row } of [...grew, ...shrank]) told.add(row);
  }
  return found;
}

function describeRow(
  { row, from, base, head, change, status, aboveNoise }: RowChange,
  { rows }: ComparedRows,
  ways: RowWays,
  { weights }: Selection,
  measure: ComparedMeasure,
): { readonly row: DiffRow; readonly isOnlyWay: boolean } {
  const { kind, name, functionName, file } = rows[row]!;
  const source = from === null ? null : rows[from]!;
  const column = measure === 'count' ? weights.count : weights.bytes;
  const isPlace = kind === 'function' || kind === 'site' || kind === 'native' || kind === 'none';
  const { line, way, isOnlyWay } = isPlace
    ? ways.explain(row, column, head >= base)
    : { line: null, way: null, isOnlyWay: false };
  const described: DiffRow = {
    kind,
    name,
    function: functionName,
    file,
    line: kind === 'function' || kind === 'site' ? line : null,
    way: way === null ? null : { function: way.functionName, file: way.file, line: way.line },
    from: source === null ? null : { function: source.functionName, file: source.file, name: source.name },
    base,
    head,
    change,
    status,
    aboveNoise,
  };
  return { row: described, isOnlyWay };
}

/** Which rows keep growing in a run of the head for as long as there is work; asked only where something grew. */
function growingRows(run: OpenRun, rows: readonly DiffRow[]): (row: DiffRow) => boolean {
  if (!rows.some(({ change, aboveNoise }) => change > 0 && aboveNoise)) return () => false;
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
