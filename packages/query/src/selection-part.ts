/** What a view was asked of, as it heads the documents of all views: the view itself, and what it selects. */
import { nameRuns, windowDocument, type Selection, type SelectionPart, type ViewQuery } from '@memscope/model';

/** Of `view`, what the question reads; the measure and the stacks are those of the selection. */
export function selectionPart(selection: Selection, view: ViewQuery): SelectionPart {
  const { clock, stepMs } = selection.recording;
  const { measure, stacks, window, peakTick, bytes, count, wholeBytes, wholeCount } = selection;
  return {
    ...view,
    measure,
    stacks,
    window: windowDocument(window, clock),
    peakTick,
    suggestion: selection.suggestion(),
    ...(stepMs === null || clock === 'own' ? {} : { runs: describeRuns(selection), clock, stepMs }),
    bytes,
    count,
    wholeBytes,
    wholeCount,
  };
}

function describeRuns({ runs }: Selection): NonNullable<SelectionPart['runs']> {
  const names = nameRuns(runs);
  return runs.map(({ profile, window, bytes, count }, run) => ({
    run: names[run]!,
    capturePath: profile.capture.path,
    window: windowDocument(window),
    bytes,
    count,
  }));
}
