/**
 * What a finding is: a verdict in plain words, with the rule that gave it and the numbers it stands on. A rule is a
 * pure function of what the capture holds and gives null when the evidence is missing or too thin; none ever guesses.
 */
import { canAnswer } from '../../answers.js';
import type { GrowthAnswer } from '../../growth/growth.js';
import type { PeakWay } from '../../growth/peak-way.js';
import type { AllocatorUsage } from '../../profile.js';
import type { CaptureNotes, CaptureRow } from '../../capture.js';
import type { TickTable } from '../../tables.js';
import type { ThreadGroupUsage } from '../../view/thread-groups.js';
import type { ChurnPlace } from '../churn.js';
import type { LibraryUsage } from '../libraries/library-usage.js';
import type { MappedMemory } from '../peak/mapped-memory.js';
import type { PeakParts } from '../peak/peak-parts.js';
import type { UsedPeak } from '../peak/used-peak.js';
import type { FindingPlace } from './finding-place.js';
import type { FindingView } from './finding-view.js';

export const FINDING_RULES = [
  'grows',
  'levelled',
  'nothingGrows',
  'littleGrows',
  'growthOpen',
  'captureIncomplete',
  'rssGrowsAlone',
  'rssKeptAfterFree',
  'mappingsReserved',
  'allocationsUntouched',
  'mostlyOneLocation',
  'temporaryChurn',
  'importsHold',
  'filesMapped',
  'libraryHolds',
  'threadHolds',
  'objectsHidden',
  'framesMissing',
  'ownAllocator',
  'rssAboveHeap',
  'addressesReplaced',
  'nothingStandsOut',
] as const;
export type FindingRuleName = (typeof FINDING_RULES)[number];

export interface Finding {
  readonly rule: FindingRuleName;
  /** `warning`: the numbers are not what they seem, or memory is at risk; `note`: worth knowing. */
  readonly severity: 'warning' | 'note';
  /** One line without a full stop. */
  readonly title: string;
  /** One to four sentences: what was seen, what it can mean, what to do next. May hold names from the capture. */
  readonly text: string;
  /** The measured numbers, by name with the unit as suffix (`rssGrowthBytes`). */
  readonly evidence: Readonly<Record<string, number>>;
  /** How many bytes it explains, by which findings are ranked; 0 where it is about what numbers mean. */
  readonly bytes: number;
  /** The source line it is about. */
  readonly location: FindingPlace | null;
  /** From the outermost frame that matters to where the memory was allocated; empty where it has no way. */
  readonly way: readonly FindingPlace[];
  /** The view that shows the same number; null where none does. */
  readonly view: FindingView | null;
  /** In an analysis of several runs: the capture that it is of, and that the view shows. */
  readonly capturePath?: string;
}

export interface FindingSource {
  readonly capture: CaptureRow;
  readonly notes: CaptureNotes;
  readonly ticks: TickTable;
  readonly allocators: readonly AllocatorUsage[];
  /** What grows over time. */
  readonly growth: GrowthAnswer;
  /** The call below which most of the peak lies. */
  readonly peakWay: PeakWay | null;
  /** What was live when the heap, without what was only reserved, was highest; null where nothing is known of it. */
  readonly parts: PeakParts | null;
  readonly mapped: MappedMemory | null;
  /** Where most of what was freed at once was made; null where it is not known. Looked for when asked. */
  readonly churn: () => ChurnPlace | null;
  readonly libraries: readonly LibraryUsage[];
  readonly threads: readonly ThreadGroupUsage[];
}

export type FindingRule = (source: FindingSource) => Finding | null | readonly Finding[];

export const MIB = 1024 * 1024;

/** The moment of the peak as a window: the tick alone. */
export function windowOf({ tick }: UsedPeak): string | null {
  return tick === null ? null : `#${tick}`;
}

/** The peak of the capture; one that is aggregated has no other moment, and no windows. */
export function peakWindowOf({ capture }: Pick<FindingSource, 'capture'>): string | null {
  return canAnswer(capture, 'lifetimes') ? 'peak' : null;
}
