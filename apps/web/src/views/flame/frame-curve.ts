/** What is asked for the curve of a chosen frame: live bytes over time of what passes its filter. */
import { askBands, type BandsAnswer, type Question } from '../../api/question.js';
import type { FlameNode } from '../../drawing/flame-tree.js';
import { joinFilters } from '../../state/join-filters.js';
import type { Frame } from '../view.js';
import { filterOfFrame } from './frame-panel.js';

const CURVE_POINTS = 120;

/** Of the head, and with a base of that; none where no frame is chosen, or its curve cannot be asked for. */
export function askCurves(
  selected: FlameNode | null,
  { state, set }: Pick<Frame, 'state' | 'set'>,
): readonly Question<BandsAnswer>[] {
  if (selected === null) return [];
  // Where lines are not told apart, a file's filter passes all of its functions.
  const { line, name } = selected.label;
  if (line === null && name === '<module>') return [];
  const filter = selected.label.kind === 'all' ? state.query.filter : filterOfFrame(selected);
  if (filter === null) return [];
  const query = { ...state.query, filter: joinFilters(state.query.filter, filter) };
  return [set.head, set.base]
    .filter((side) => side.length > 0)
    .map((head) =>
      askBands({ head, base: [] }, query, { by: 'allocator', top: 1, width: CURVE_POINTS, visible: null }),
    );
}
