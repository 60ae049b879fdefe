/** The bulk table `lifetime`: its batches, their ranges, and what it comes to by site and moment. */
import type { RowColumn, SiteRow } from './rows.js';

/** `died` of an allocation that is live at the end of the capture. */
export const NEVER = 0xffffffff;

/**
 * A batch of the bulk table `lifetime`. Tick k has two moments: 2k = from its start to its greatest heap (of equal ones
 * the last), 2k + 1 = from there to its end; what follows the last tick has moments 2n and 2n + 1. A row is live at
 * moment m when `born <= m < died`.
 *
 * A mapping that a partial munmap cut in two counts twice from then on: that extra count is a row of its own with 0
 * bytes, so that the other rows alone give one count per mapping.
 */
export interface LifetimeBatch {
  readonly rows: number;
  readonly site: RowColumn<SiteRow>;
  readonly born: Uint32Array;
  /** `NEVER` when live at the end. */
  readonly died: Uint32Array;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
}

/** The table `lifetime` summed. Of a site and a moment there is one row; those of a site stand in the order of time. */
export interface SiteChanges {
  readonly length: number;
  /** Row of `SiteTable`. */
  readonly site: Uint32Array;
  readonly moment: Uint32Array;
  /** What was born less what died. */
  readonly bytes: Float64Array;
  /** Rows of `lifetime` that are born, and that die. */
  readonly births: Uint32Array;
  readonly deaths: Uint32Array;
  /**
   * Allocations of the rows that are born or die there and do not live on for ever, of each row a million at most; null
   * where that is told from births and deaths (`passingOf`).
   */
  readonly passing: Float64Array | null;
  /** Rows of `mmap` with 32 MiB or more each. */
  readonly largeMappings: LifetimeBatch;
}

/**
 * What each site holds at the greatest heap of each tick, and of what follows the last one: equal to what the lifetimes
 * give (view/peak-levels.ts).
 */
export interface PeakLevels {
  /** One more than there are ticks. */
  readonly steps: number;
  /** By how much it changes from the step before: `changes[site * steps + step]`. */
  readonly changes: Int32Array | Float64Array;
}

/** Summed by period (view/held-by-period.ts), at the first moment of each: exact at the ends of periods. */
export interface CoarseChanges extends SiteChanges {
  /** Halves are told apart at the end of a period (`leakSteps`); null in a profile of a memscope that did not tell. */
  readonly bySite: SiteLifetimes | null;
}

/** Equal to what the lifetimes give (view/live-changes.ts). */
export interface LiveChanges extends SiteChanges {
  readonly passing: Float64Array;
  readonly bySite: SiteLifetimes;
}

/** Of all rows of a site, by row of `SiteTable`. */
export interface SiteLifetimes {
  /** First and last birth of what is never freed, pieces of mappings apart; `NEVER` and 0 where there is none. */
  readonly firstKeptTick: Uint32Array;
  readonly lastKeptTick: Uint32Array;
  /** Born in the first half of the ticks and never freed; freed after that. */
  readonly keptBytes: Float64Array;
  readonly freedBytes: Float64Array;
}

/** Lifetimes summed by site, period of birth and period of death (view/cohorts.ts); sums are read when they are asked for. */
export interface Cohorts {
  /** Last ticks of the periods, ascending; the last one ends with what follows the last tick. */
  readonly periodEnds: Uint32Array;
  /** By batch of `lifetime`, then by period: 1 where one of its rows is born, and dies, in it. */
  readonly bornIn: Uint8Array;
  readonly diedIn: Uint8Array;
  /** How many rows `crossing` has. */
  readonly rows: number;
  /** What dies in a later period than it was born in, or never. */
  crossing(): CohortTable;
  /** What is born and dies in one period: bytes by period, then by site. */
  within(): Float64Array;
}

/**
 * A row stands for what one site has of a period of birth and one of death; what has 0 bytes stands apart. `born` is the
 * moment of the first birth, `died` the first moment of the period of death.
 */
export interface CohortTable extends LifetimeBatch {
  /** Moment of the last birth. */
  readonly lastBorn: Uint32Array;
}

/** Ranges of a batch's columns, where who made it knows them. */
export interface LifetimeRanges {
  readonly site: ValueRange;
  readonly born: ValueRange;
  /** Rows that are live at the end. */
  readonly never: number;
  /** Greatest moment of death of the others, 0 when there are none. */
  readonly lastDeath: number;
  readonly count: ValueRange;
  readonly bytes: ValueRange;
}

export interface ValueRange {
  readonly least: number;
  readonly greatest: number;
}
