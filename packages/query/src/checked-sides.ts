/** Two sides under one filter → the numbers that rules ask for; each grouping is compared once, and growth looked for once. */
import {
  canAnswer,
  compareNumbers,
  endOfWarmUp,
  tellGrowth,
  type ComparedGrouping,
  type DiffTotal,
  type FilterSuggestion,
  type GatedMeasure,
  type GrowthFinding,
  type Profile,
  type Selection,
  type ViewQuery,
} from '@memscope/model';
import { Comparison } from './comparison.js';
import { OpenRun } from './open-run.js';

/** Without the address space that is reserved and not used. */
export type CheckedTotal = Pick<DiffTotal, 'base' | 'head' | 'change' | 'distinct'>;

export class CheckedSides {
  readonly run: OpenRun;
  readonly together: boolean;
  /** False: the base is the head itself, so that budgets can be judged. */
  readonly hasBase: boolean;
  /** What grows is looked for after it; null: from the start on. */
  readonly warmUp: string | null;
  readonly #view: ViewQuery;
  readonly #comparisons = new Map<ComparedGrouping, Comparison>();
  #growth: ReadonlyMap<Profile, readonly GrowthFinding[] | null> | null = null;

  constructor(run: OpenRun, view: ViewQuery, together: boolean, hasBase: boolean, warmUp: string | null) {
    [this.run, this.#view, this.together, this.hasBase, this.warmUp] = [run, view, together, hasBase, warmUp];
  }

  /** Of time, as the view has it; null: the whole recording. */
  get window(): string | null {
    return this.#view.window;
  }

  /** In the filter language, as the view has it; null: none. */
  get filter(): string | null {
    return this.#view.filter;
  }

  /** Whether stacks tell more than functions apart on both sides. */
  get knowsStacks(): boolean {
    const { base, head } = this.run.set;
    return [...base, ...head].every(({ capture }) => canAnswer(capture, 'pythonStacks'));
  }

  /** What a baseline file keeps of runs may be without it. */
  get #knowsDuration(): boolean {
    const { base, head } = this.run.set;
    return [...base, ...head].every((profile) => profile.capture.endMs !== null || profile.ticks().length > 0);
  }

  /** The head beside itself, for budgets. */
  alone(): CheckedSides {
    const { head } = this.run.set;
    const run = new OpenRun({ head, base: head }, this.run.host);
    return new CheckedSides(run, this.#view, this.together, false, this.warmUp);
  }

  get main(): Selection {
    return this.by('function').main;
  }

  /** What was probably meant by the filter, where nothing of either side passes it; of what keeps no stacks nothing is asked. */
  suggestion(): FilterSuggestion | null {
    return (this.knowsStacks ? this : this.alone()).main.suggestion();
  }

  by(grouping: ComparedGrouping): Comparison {
    let comparison = this.#comparisons.get(grouping);
    if (comparison === undefined) {
      const request = { measure: 'peak', by: grouping, lines: false, together: this.together } as const;
      this.#comparisons.set(grouping, (comparison = new Comparison(this.run, this.#view, request)));
    }
    return comparison;
  }

  /** Null where a side cannot tell. */
  total(measure: GatedMeasure): CheckedTotal | null {
    const { totals, compared } = this.by('function');
    if (measure === 'growing') return this.#growing();
    if (measure === 'rss') return totals.rss;
    if (measure === 'duration') return this.#knowsDuration ? totals.durationMs : null;
    if (measure === 'own-peak') return totals.ownPeaks;
    const whole = totals[measure];
    const column = compared.columns[measure];
    if (whole === null || column === null || compared.reservedRow < 0) return whole;
    const [base, head] = [column.base, column.head].map(({ value }) => value[compared.reservedRow]!) as [
      number,
      number,
    ];
    return { ...whole, base: whole.base - base, head: whole.head - head, change: whole.change - head + base };
  }

  /** Of the head, most first. */
  growthOfHead(): readonly GrowthFinding[] {
    return this.run.set.head.flatMap((profile) => this.#growths().get(profile) ?? []);
  }

  /** Of a measure that a side cannot tell: which capture, and what would. */
  whyUnknown(measure: GatedMeasure): string {
    const { base, head } = this.run.set;
    const without = [...head, ...base].find(({ capture }) => !canAnswer(capture, 'lifetimes'));
    if (without === undefined || measure === 'rss' || measure === 'duration')
      return `a capture does not know its ${measure}`;
    const { path, layout } = without.capture;
    const only = `only what was live at the peak and at the end, not when it was allocated and freed, so that ${measure} cannot be told`;
    return layout === 'aggregated'
      ? `${path} is aggregated: it keeps ${only}; record without --aggregate`
      : `${path} keeps ${only}`;
  }

  #growing(): CheckedTotal | null {
    const growths = this.#growths();
    const side = (profiles: readonly Profile[]): number[] | null => {
      const each = profiles.map((profile) => growths.get(profile) ?? null);
      if (each.some((list) => list === null)) return null;
      return each.map((list) => list!.reduce((sum, { bytes }) => sum + bytes, 0));
    };
    const [base, head] = [side(this.run.set.base), side(this.run.set.head)];
    return base === null || head === null ? null : compareNumbers(base, head, this.together);
  }

  /** Null where a capture has no history. */
  #growths(): ReadonlyMap<Profile, readonly GrowthFinding[] | null> {
    const { base, head } = this.run.set;
    this.#growth ??= new Map(
      [...base, ...head].map((profile) => [
        profile,
        canAnswer(profile.capture, 'lifetimes')
          ? tellGrowth(profile, this.warmUp === null ? 0 : endOfWarmUp(this.warmUp, profile)).filter(
              ({ rule }) => rule === 'grows',
            )
          : null,
      ]),
    );
    return this.#growth;
  }
}
