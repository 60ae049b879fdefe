/** From an analysis of several runs to the JSON document `memscope.analysis-together/1` (`documents/analysis-together.ts`). */
import type { AnalysisDocument } from '../documents/analysis.js';
import type { AnalysisTogetherDocument } from '../documents/analysis-together.js';
import { analysisDocument, windowDocument, type DocumentOptions } from './analysis-document.js';
import type { AnalysedRun, Analysis, Together } from './analysis.js';
import { formatIsoTime } from '../text/format-moment.js';

/** A plain value, to be written as JSON. */
export function togetherDocument(
  analysis: Analysis,
  together: Together,
  options: DocumentOptions,
): AnalysisTogetherDocument {
  const {
    profilePath: _path,
    capture: _capture,
    damage: _damage,
    records: _records,
    usedPeakBytes: _used,
    scope,
    findings,
    ...parts
  } = analysisDocument(analysis, options);
  const { clock } = together.recording;
  return {
    ...parts,
    schema: 'memscope.analysis-together/1',
    ...describeTogether(together),
    scope: scope === null ? null : { ...scope, window: windowDocument(analysis.scope?.window ?? null, clock) },
    findings: findings.map((finding, row) => ({
      ...finding,
      capturePath: analysis.findings[row]!.capturePath ?? null,
    })),
  };
}

/** What is summed. */
export function describeTogether({ recording, runs, held }: Together): NonNullable<AnalysisDocument['together']> {
  const { clock, stepMs } = recording;
  return {
    ...(clock === 'own' || stepMs === null ? {} : { clock, stepMs }),
    runs: runs.map(describeRun),
    held: held === null ? null : { ...held, time: formatIsoTime(held.timeMs) },
  };
}

function describeRun({
  name,
  profilePath,
  capture,
  notes,
  totals,
}: AnalysedRun): AnalysisTogetherDocument['runs'][number] {
  const { path, startMs, endMs, complete, peakBytes, leakedBytes, leakedCount, bytesAllocated, allocations } = capture;
  return {
    run: name,
    capturePath: path,
    profilePath,
    startMs,
    startTime: formatIsoTime(startMs),
    endMs,
    endTime: formatIsoTime(endMs),
    complete,
    damage: notes.damage,
    peakBytes,
    rssPeakBytes: totals.rssPeakBytes,
    leakedBytes,
    leakedCount,
    bytesAllocated,
    allocations,
  };
}
