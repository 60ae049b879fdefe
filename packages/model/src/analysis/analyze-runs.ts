/**
 * Several runs → one analysis: lists and totals are summed over their joined tables, what stands out in one is told with
 * which runs have it. Sums of peaks are of moments that were not the same: what the runs held together is at most what the
 * steps of their shared clock say.
 */
import type { Profile } from '../profile.js';
import { spanOfRecording } from '../recording-span.js';
import { saySameRecordings } from '../view/same-recordings.js';
import { nameRuns } from '../view/run-set.js';
import type { Selection, SelectionRequest } from '../view/selection.js';
import { startOfRun, type SetRecording } from '../view/set-recording.js';
import { analyze, analyzePart, type Analysis, type AnalysisOptions, type Together } from './analysis.js';
import { findIncompleteCapture } from './findings/capture-incomplete.js';
import { rankFindings } from './findings/find-all.js';
import type { Finding } from './findings/finding.js';
import { joinFindings } from './findings/join-findings.js';
import { limitationsOf } from './limitations.js';
import type { Select } from './selected-usage.js';
import { joinSizes } from './size-histogram.js';
import { totalsOf } from './totals.js';

export interface RunsToAnalyze {
  readonly profiles: readonly Profile[];
  readonly recording: SetRecording;
  /** About all of them: no window, no filter, no frames hidden. */
  readonly isWhole: boolean;
}

/** Of at least two runs; `selectBy` selects over all of them. Throws `ViewError` and `FilterError`. */
export function analyzeRuns(
  { profiles, recording, isWhole }: RunsToAnalyze,
  request: Omit<SelectionRequest, 'measure'>,
  options: AnalysisOptions,
  selectBy: Select,
  growthOf: (selection: Selection) => readonly Finding[],
): Analysis {
  const { capture, notes } = recording;
  const sum = analyzePart(
    { path: profiles[0]!.path, ...recording },
    request,
    options,
    selectBy,
    isWhole ? () => [] : growthOf,
  );
  const names = nameRuns(profiles.map((profile) => ({ profile })));
  const { steps } = recording;
  const same = saySameRecordings(profiles.map(({ capture: own }, run) => ({ name: names[run]!, capture: own })));
  const each = isWhole
    ? profiles.map((profile, run) => {
        const startedMs = steps === null ? 0 : startOfRun(steps[run]!, recording);
        return analyze(profile, { mostLocations: 0, startedMs }, request.rules);
      })
    : null;
  const findings = profiles.map((profile, run) => {
    const incomplete = findIncompleteCapture(profile);
    return {
      run: names[run]!,
      path: profile.capture.path === '-' ? profile.path : profile.capture.path,
      findings: each?.[run]!.findings ?? (incomplete === null ? [] : [incomplete]),
    };
  });
  // Of a part the words about windows, of the whole those of the runs.
  const limitations = profiles.map((profile) => limitationsOf(profile.capture, profile.notes, profile.ticks()));
  const ofPart = sum.limitations.filter((text) => !limitationsOf(capture, notes, recording.ticks()).includes(text));
  const reserved = (each ?? []).flatMap(({ reservedBytes }) => (reservedBytes === null ? [] : [reservedBytes]));
  return {
    ...sum,
    together: describeTogether(profiles, recording, names),
    scope: isWhole ? null : sum.scope,
    totals: {
      ...sum.totals,
      ...(isWhole ? { deallocations: capture.deallocations, memoryRecords: notes.memoryRecords } : {}),
      ...UNKNOWN_TOGETHER,
    },
    reservedBytes: reserved.length === 0 ? null : reserved.reduce((a, b) => a + b, 0),
    sizes: each === null ? null : joinSizes(each.map(({ sizes }) => sizes)),
    findings: isWhole
      ? joinFindings(findings)
      : rankFindings([...sum.findings.filter(({ rule }) => rule !== 'captureIncomplete'), ...joinFindings(findings)]),
    limitations: [...(same === null ? [] : [same]), ...joinLimitations(names, limitations), ...ofPart],
  };
}

/** Memory records of several processes are no common moment. */
const UNKNOWN_TOGETHER = {
  rssPeakHeapBytes: null,
  rssPeakGapBytes: null,
  rssEndBytes: null,
  heapEndBytes: null,
  rssEndGapBytes: null,
} as const;

function describeTogether(profiles: readonly Profile[], recording: SetRecording, names: readonly string[]): Together {
  const { clock, steps, capture, ticks } = recording;
  const { peakTick, peakBytes } = capture;
  const isKnown = clock === 'wall' && peakTick !== null;
  return {
    recording,
    held: isKnown ? { bytes: peakBytes, timeMs: ticks().timeMs[peakTick]! } : null,
    runs: profiles.map((profile, run) => ({
      name: names[run]!,
      profilePath: profile.path,
      capture: profile.capture,
      notes: profile.notes,
      totals: totalsOf(profile.capture, profile.notes, profile.ticks()),
      ...(steps?.[run]!.span ?? spanOfRecording(profile.capture, profile.ticks())),
    })),
  };
}

/** Each once; what is not of all runs names those that it is of. */
function joinLimitations(names: readonly string[], limitations: readonly (readonly string[])[]): string[] {
  const runsOf = new Map<string, string[]>();
  for (const [run, texts] of limitations.entries()) {
    for (const text of texts) runsOf.set(text, [...(runsOf.get(text) ?? []), names[run]!]);
  }
  return [...runsOf].map(([text, runs]) => (runs.length === names.length ? text : `${listFew(runs)}: ${text}`));
}

const FEW = 3;

function listFew(runs: readonly string[]): string {
  const more = runs.length - FEW;
  return runs.slice(0, FEW).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
