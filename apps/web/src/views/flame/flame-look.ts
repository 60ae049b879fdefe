/** How the frames of an answer look: their colours by owner, with a base by their change; what is hidden or not found is pale. */
import type { FlameLabel, SearchAnswer } from '@memscope/model';

import type { FlameAnswer } from '../../api/question.js';
import { isChosen } from '../../controls/choice-legend.js';
import { currentTheme, readToken } from '../../controls/theme.js';
import { scaleOf, sidesOfNode } from '../../drawing/compared-nodes.js';
import type { FlameNode } from '../../drawing/flame-tree.js';
import { colourChangedFrame, colourFrame, framesOf, type FrameColours } from '../../drawing/frame-colour.js';
import type { Frame } from '../view.js';
import type { FlameChartLook } from './flame-chart.js';

/** Beyond it frames would be folded that a wide screen can show; below it a phone still shows something. */
export const LEAST_WIDTH = 300;

/** `found`: what a search has found, null without one. */
export function lookOf({ state, width }: Frame, answer: FlameAnswer, found: SearchAnswer | null): FlameChartLook {
  const colours: FrameColours = {
    palette: currentTheme().palette,
    surface: readToken('--surface'),
    quiet: readToken('--frame-quiet'),
    matched: framesOf(found),
    isShown: ({ category }) => isChosen(state.flame.legend, category ?? 'unknown'),
  };
  const { counts } = state.query;
  const { weigh } = state.flame;
  const scale = scaleOf(answer, { counts, weigh }, colours.palette.change);
  const known = new Map<FlameLabel, string>();
  const size = { width: Math.max(LEAST_WIDTH, width), upwards: state.flame.upwards };
  if (scale !== null) {
    const colourOf = ({ label, row }: FlameNode): string =>
      colourChangedFrame(label, sidesOfNode(answer, row, counts), { scale, weigh }, colours);
    return { ...size, colourOf };
  }
  return {
    ...size,
    colourOf: ({ label }) => {
      let colour = known.get(label);
      if (colour === undefined) known.set(label, (colour = colourFrame(label, colours)));
      return colour;
    },
  };
}
