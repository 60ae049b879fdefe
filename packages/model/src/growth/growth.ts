/** What grows in a recording, or grew and is flat since: the answer of `findGrowth`, plain and without the profile. */
import type { FindingView } from '../analysis/findings/finding-view.js';
import type { LocationUsage } from '../profile.js';
import type { HeapLevel } from './heap-level.js';

/** A line of Python on the way, or a native function (`line` 0). `file` is as it was recorded. */
export type GrowthPlace = Pick<LocationUsage, 'functionName' | 'file' | 'line'>;

/** Memory below one call, at one moment. */
export interface DescribedWay {
  /**
   * The last function of the application on the way, at its heaviest line, or the one that leads to the container; null =
   * no Python frame is on the stack.
   */
  readonly name: GrowthPlace | null;
  /** That line is chance: it needed most of a few arenas, and nothing else tells. */
  readonly isLineSampled: boolean;
  /** Lines of that function, heaviest first, with what is kept through them. */
  readonly lines: readonly { readonly line: number; readonly bytes: number }[];
  /** From the outermost call to where the way ends or forks. */
  readonly way: readonly GrowthPlace[];
  /** The end of the way, where that is another function than the name. */
  readonly tip: GrowthPlace | null;
  /** Where the way forks, heaviest first; empty where it ends. */
  readonly branches: readonly GrowthBranch[];
  /** Of the bytes, without a Python frame. */
  readonly threadBytes: number;
  /** Lines of the application that call the library whose that mostly is, as far as native stacks tell. */
  readonly libraryCalls: readonly GrowthPlace[];
  /** Of the bytes, what lies beside the way: the table that holds what it makes, and arenas; heaviest first. */
  readonly aside: readonly (GrowthPlace & { readonly bytes: number })[];
  /** Functions of the application below a way that passes none. */
  readonly applicationBelow: readonly (GrowthPlace & { readonly bytes: number })[];
  /** Futures or tasks that are kept once each round beside it, and the line that asked for them. */
  readonly futures: (GrowthPlace & { readonly kind: 'future' | 'task'; readonly count: number }) | null;
  /** Kept at the end, or before the end gave it back; without what was there before, if that is much. */
  readonly bytes: number;
  readonly count: number;
  /** Allocations at the sites that it is summed from, those that were freed too; null where that is not known. */
  readonly made: number | null;
  /** Of the bytes, in arenas, and how many those are. */
  readonly arenaBytes: number;
  readonly arenas: number;
  /**
   * How often the work was done, as equal counts of allocations tell; null where they do not. Calls of the named
   * function or turns of a loop in it: that no recording tells.
   */
  readonly rounds: number | null;
  /** Blocks that one line of the application keeps which hold nearly all of it; null where several places do. */
  readonly times: number | null;
  /** Of blocks that one place made once each round, how many are left, where these are not all; else null. */
  readonly lastKept: { readonly count: number; readonly rounds: number } | null;
  /** Of what grows late: nothing below its name was at work before. */
  readonly isNew: boolean;
  /** Where a module names it, which only starts what runs: functions of the application that were called once each round. */
  readonly calls: readonly GrowthPlace[];
  /**
   * In milliseconds since the start: the first and the last birth of what is kept (of a block that is
   * replaced, the first rise and the moment the bytes are of), and the moment the bytes are of.
   */
  readonly startMs: number;
  readonly lastMs: number;
  readonly endMs: number;
  /** Whether the end of the program gave it back. */
  readonly isTornDown: boolean;
  /** Whether it is one block or few, each replaced by a larger one. */
  readonly isReplaced: boolean;
  /** Whether it grew in few jumps, each about twice the one before. */
  readonly doubles: boolean;
  /** A list or dict that grows with it; of one of the standard library's, who filled it, innermost first. */
  readonly container: GrowthContainer | null;
  /** Of the bytes, in mappings that are no arenas, and how many those are. */
  readonly mappedBytes: number;
  readonly mappings: number;
  /** Whether native stacks were recorded. */
  readonly isNative: boolean;
  /** Whose memory it is by native stacks, most first; empty without them. */
  readonly owners: readonly GrowthOwner[];
  /** The view that shows exactly these bytes; null where none does. */
  readonly view: FindingView | null;
  /** Rows of sites that it is summed from. */
  readonly sites: Uint32Array;
}

export interface GrowthContainer extends GrowthPlace {
  readonly bytes: number;
  /** Of a list: about how many, and how many more or less; null where that is not known. */
  readonly entries: { readonly count: number; readonly error: number } | null;
  /** Whether it is asyncio's set of tasks that have not ended. */
  readonly holdsTasks: boolean;
  /** The line of the named function that leads to it. */
  readonly through: number | null;
  readonly callers: readonly GrowthPlace[];
}

export type LittleGrowth = DescribedWay & Pick<Growth, 'leftBytes'>;

export interface Growth extends DescribedWay {
  /**
   * stopped: it grew until its work stopped, so that it is flat since says nothing. idle: it grew, and then nothing at
   * all was allocated for most of the time, so that a cache that is full and work that ended look alike.
   */
  readonly verdict: 'grows' | 'levelled' | 'stopped' | 'idle';
  /** Where it began to grow late: when; null where it grew from the start of the work on. */
  readonly sinceMs: number | null;
  /** What grows beside it, each too little to be a branch of its way; not in its bytes. */
  readonly beside: readonly DescribedWay[];
  /** Since when it is flat; null where it grows. */
  readonly levelMs: number | null;
  /** Of the bytes, without what the work used for a moment only. */
  readonly stayingBytes: number;
  /** Of the bytes, live at the end of the recording. */
  readonly leftBytes: number;
  /** After the last birth: the longest time in which nothing was allocated, if that matters. */
  readonly idle: IdleTime | null;
  /** The application allocated nearly nothing else: what it loads would look the same. */
  readonly isOnlyWork: boolean;
}

/** In milliseconds since the start. */
export interface IdleTime {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface GrowthOwner {
  readonly library: string;
  readonly bytes: number;
  /** Of the bytes, in mappings. */
  readonly mappedBytes: number;
}

export interface GrowthBranch extends GrowthPlace {
  readonly bytes: number;
  /** The last function of the application that it leads to, if that is another one. */
  readonly application: GrowthPlace | null;
  /** Where it ends, if in another function, and what is held there. */
  readonly end: (GrowthPlace & { readonly bytes: number }) | null;
}

export interface GrowthAnswer {
  /** What grows first, then what is flat, heaviest first in each. */
  readonly growths: readonly Growth[];
  /** Where nothing grows: what steadily grows by less than matters, heaviest first, and is live at the end. */
  readonly little: readonly LittleGrowth[];
  /** The heap as a whole; null where nothing could be told. */
  readonly level: HeapLevel | null;
  /** Recordings of its children, which have answers of their own. */
  readonly children: readonly string[];
  /** Why nothing could be told; null where it could. */
  readonly silence: 'aggregated' | 'tooShort' | null;
}
