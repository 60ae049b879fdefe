/** What a view was asked of, as it heads the documents of all views: the view itself, and what it selects. */
import {
  nameRuns,
  sumOfSide,
  windowDocument,
  type Selection,
  type SelectionPart,
  type ViewQuery,
} from '@memscope/model';

/** Of `view`, what the question reads; the measure and the stacks are those of the selection. */
export function selectionPart(selection: Selection, view: ViewQuery): SelectionPart {
  const { clock, stepMs } = selection.recording;
  const { measure, stacks, window, peakTick, bytes, count, wholeBytes, wholeCount } = selection;
  const isCompared = selection.runs.some(({ side }) => side === 'base');
  return {
    ...view,
    measure,
    stacks,
    window: windowDocument(window, clock),
    peakTick,
    suggestion: selection.suggestion(),
    ...(stepMs === null || clock === 'own' ? {} : { runs: describeRuns(selection, 'head'), clock, stepMs }),
    ...(isCompared ? { base: { runs: describeRuns(selection, 'base'), ...sumOfSide(selection, 'base') } } : {}),
    ...(isCompared ? sumOfSide(selection, 'head') : { bytes, count }),
    wholeBytes,
    wholeCount,
  };
}

function describeRuns({ runs }: Selection, of: 'head' | 'base'): NonNullable<SelectionPart['runs']> {
  const names = nameRuns(runs);
  return runs.flatMap(({ side, profile, window, bytes, count }, run) =>
    side === of
      ? [{ run: names[run]!, capturePath: profile.capture.path, window: windowDocument(window), bytes, count }]
      : [],
  );
}
