/**
 * A run set with two sides, a view and what rows are → both sides laid beside each other, once for whoever draws a
 * verdict of it: rows with their columns, totals, and what judges and describes rows by one measure or another.
 */
import {
  canAnswer,
  compareRows,
  compareTotals,
  differingCallers,
  findRenamedFunctions,
  judgeChanges,
  nameRuns,
  RowWays,
  startsProgram,
  traceRows,
  ViewError,
  windowDocument,
  type ComparedGrouping,
  type ComparedMeasure,
  type ComparedRows,
  type DiffDocument,
  type DiffRow,
  type DiffTotal,
  type DiffTotals,
  type FlowOf,
  type MeasuredColumns,
  type NoiseContext,
  type RenamedFunction,
  type RowChange,
  type RowChanges,
  type SelectedRun,
  type Selection,
  type SiteMeasure,
  type TraceOf,
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

/** A row that changed, for people. */
export interface DescribedChange {
  readonly row: DiffRow;
  /** One line of the application alone leads to it, so that the change is that line's. */
  readonly isOnlyWay: boolean;
  /** Row of the joined Python stacks: the one that changed most; 0 = none. */
  readonly stack: number;
}

export class Comparison {
  readonly main: Selection;
  readonly compared: ComparedRows;
  readonly totals: DiffTotals;
  readonly #run: OpenRun;
  readonly #view: ViewQuery;
  readonly #request: CompareRequest;
  readonly #ways: RowWays;
  readonly #judged = new Map<ComparedMeasure, RowChanges | null>();
  readonly #selections = new Map<SiteMeasure, Selection | null>();
  #renamed: readonly RenamedFunction[] | null = null;
  #starts: Uint8Array | null = null;

  /** The measure of `view` means nothing here. Throws `ViewError` and `FilterError`. */
  constructor(run: OpenRun, view: ViewQuery, request: CompareRequest) {
    const { measure, by, together } = request;
    if (run.set.base.length === 0) throw new ViewError('syntax', 'a diff needs a base');
    if (measure === 'own-peak' && by !== 'function') {
      throw new ViewError('cannotAnswer', 'what was held at most is known of functions only');
    }
    [this.#run, this.#view, this.#request] = [run, view, request];
    // Joined stacks hold a row for each site that weighs something by the measure.
    this.main = this.select(by === 'site' ? siteMeasureOf(measure) : 'peak')!;
    if (measure === 'own-peak' && !this.main.isWhole) {
      throw new ViewError(
        'cannotAnswer',
        'what functions held at most is known of whole recordings: leave out the window and the filter',
      );
    }
    this.compared = compareRows(this.main, (of) => this.select(of), request);
    this.totals = compareTotals(this.main, (of) => this.select(of), this.compared, together);
    this.#ways = new RowWays(this.main, this.compared.sitesOfRows);
  }

  /** Null where a run cannot answer, unless it is what was asked for. */
  select(of: SiteMeasure): Selection | null {
    let selection = this.#selections.get(of);
    if (selection === undefined) this.#selections.set(of, (selection = this.#select(of)));
    return selection;
  }

  #select(of: SiteMeasure): Selection | null {
    try {
      return this.#run.select({ ...this.#view, measure: of });
    } catch (error) {
      const isAsked = of === siteMeasureOf(this.#request.measure);
      if (error instanceof ViewError && error.code === 'cannotAnswer' && !isAsked) return null;
      throw error;
    }
  }

  /** Of the whole by the measure; null where a side cannot tell. */
  totalOf(measure: ComparedMeasure): DiffTotal | null {
    return measure === 'own-peak' ? this.totals.ownPeaks : this.totals[measure];
  }

  /** What rows are judged against. */
  noiseOf(measure: ComparedMeasure): NoiseContext {
    const { base, head } = this.#run.set;
    return {
      measure,
      peak: lesser(this.totals.peak),
      total: lesser(this.totalOf(measure)),
      repetitions: this.#request.together ? 1 : Math.min(base.length, head.length),
    };
  }

  /** Null where a side cannot tell. */
  judge(measure: ComparedMeasure): RowChanges | null {
    let changes = this.#judged.get(measure);
    if (changes === undefined) this.#judged.set(measure, (changes = this.#judge(measure)));
    return changes;
  }

  #judge(measure: ComparedMeasure): RowChanges | null {
    const { columns } = this.compared;
    const column = columns[measure];
    if (column === null) return null;
    const { leaked, total, 'own-peak': ownPeak } = columns;
    return judgeChanges(this.compared, column, { ownPeak, leaked, total }, this.noiseOf(measure), {
      flowOf: this.#flowOf(measure),
      traceOf: this.#traceOf(measure),
      columns: this.#columnsWithoutStacks(),
      atPeak: measure === 'own-peak' ? (this.judge('peak')?.moved ?? []) : [],
    });
  }

  /** What a side's sums are divided by. */
  get #repetitions(): { readonly base: number; readonly head: number } {
    const { base, head } = this.#run.set;
    return this.#request.together ? { base: 1, head: 1 } : { base: base.length, head: head.length };
  }

  /** Of functions, by bytes that are known by site; null of others. */
  #traceOf(measure: ComparedMeasure): TraceOf | null {
    const { by, lines } = this.#request;
    if (by !== 'function' || lines || measure === 'own-peak' || measure === 'count') return null;
    const selection = this.select(measure);
    return selection === null ? null : traceRows(this.main, this.compared, selection.weights, this.#repetitions);
  }

  /** Of functions of which a side keeps numbers alone; null of others, and where a side does not know each measure. */
  #columnsWithoutStacks(): MeasuredColumns | null {
    const { base, head } = this.#run.set;
    if (
      this.#request.by !== 'function' ||
      [...base, ...head].every(({ capture }) => canAnswer(capture, 'pythonStacks'))
    )
      return null;
    const { peak, leaked, total, count, 'own-peak': ownPeak } = this.compared.columns;
    const measures = [peak, ownPeak, leaked].filter((column) => column !== null);
    return measures.length < 3 || total === null || count === null ? null : { measures, total, count };
  }

  /** Of repetitions the mean; null where nothing says at which sites a row holds what it holds by the measure. */
  #flowOf(measure: ComparedMeasure): FlowOf | null {
    const { findCaller, sitesOfRows } = this.compared;
    const selection = measure === 'own-peak' ? null : this.select(siteMeasureOf(measure));
    if (findCaller === null || selection === null) return null;
    const column = selection.weights[measure === 'count' ? 'count' : 'bytes'];
    const runs = this.#repetitions;
    const firstBase = this.main.runs[this.#run.set.head.length]!.firstSite;
    return (row, isCaller) => {
      const more = new Map<number, number>();
      for (let at = sitesOfRows.starts[row]!; at < sitesOfRows.starts[row + 1]!; at++) {
        const site = sitesOfRows.sites[at]!;
        if (column[site] === 0) continue;
        const caller = findCaller(site, isCaller);
        if (caller < 0) continue;
        const weight = site < firstBase ? column[site]! / runs.head : -column[site]! / runs.base;
        more.set(caller, (more.get(caller) ?? 0) + weight);
      }
      for (const [caller, weight] of more) more.set(caller, Math.round(weight));
      return more;
    };
  }

  describe(
    { row, from, basis, base, head, change, status, aboveNoise }: RowChange,
    measure: ComparedMeasure,
  ): DescribedChange {
    const { rows } = this.compared;
    const { kind, name, functionName, file } = rows[row]!;
    const source = from === null ? null : rows[from]!;
    const { weights } = this.#linesBy(measure);
    const column = measure === 'count' ? weights.count : weights.bytes;
    const isPlace =
      kind === 'function' || kind === 'site' || kind === 'native' || kind === 'none' || kind === 'imports';
    const { line, way, isOnlyWay, stack } = isPlace
      ? this.#ways.explain(row, column, head >= base)
      : { line: null, way: null, isOnlyWay: false, stack: 0 };
    const callers =
      kind === 'site' && from !== null
        ? differingCallers(this.main, this.#ways.explain(from, column, false).stack, stack)
        : { from: null, to: null };
    const described: DiffRow = {
      kind,
      name,
      function: functionName,
      file,
      line: kind === 'function' || kind === 'site' ? line : null,
      way: way === null ? null : { function: way.functionName, file: way.file, line: way.line },
      caller: callers.to,
      from:
        source === null
          ? null
          : { function: source.functionName, file: source.file, name: source.name, caller: callers.from },
      basis,
      suggestion: functionName === null ? null : this.#suggest(functionName, file, base, head),
      base,
      head,
      change,
      status,
      aboveNoise,
    };
    return { row: described, isOnlyWay, stack };
  }

  /** By frame row of `main`, 1: outermost it only says how the program was started. */
  get startsProgram(): Uint8Array {
    return (this.#starts ??= startsProgram(this.main.stackTables));
  }

  /** Functions that seem to have another name. */
  get renamed(): readonly RenamedFunction[] {
    return (this.#renamed ??= findRenamedFunctions(this.main));
  }

  /** The other name of a function that only one side has. */
  #suggest(name: string, file: string | null, base: number, head: number): DiffRow['suggestion'] {
    if ((base === 0) === (head === 0)) return null;
    const [own, other] = base === 0 ? (['to', 'from'] as const) : (['from', 'to'] as const);
    const found = this.renamed.find((each) => each[own].function === name && each[own].file === file);
    return found?.[other] ?? null;
  }

  /** What was held beside the peak weighs nothing at it. */
  #linesBy(measure: ComparedMeasure): Selection {
    return this.select(measure === 'own-peak' ? 'total' : siteMeasureOf(measure)) ?? this.main;
  }
}

function lesser(total: DiffTotal | null): number {
  return total === null ? 0 : Math.min(total.base, total.head);
}

function siteMeasureOf(measure: ComparedMeasure): SiteMeasure {
  if (measure === 'own-peak') return 'peak';
  return measure === 'count' ? 'total' : measure;
}

/** The runs of each side as documents name them; a side of which none is among `runs` is empty. */
export function namedSides(runs: readonly SelectedRun[]): Pick<DiffDocument, 'base' | 'head'> {
  const names = nameRuns(runs);
  const side = (of: SelectedRun['side']): DiffDocument['base'] =>
    runs.flatMap((run, position) =>
      run.side === of
        ? [{ run: names[position]!, capturePath: run.profile.capture.path, window: windowDocument(run.window) }]
        : [],
    );
  return { base: side('base'), head: side('head') };
}
