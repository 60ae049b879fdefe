/**
 * d3-flame-graph moves its frames in transitions and listens to each of them, and a click makes it zoom in what it has.
 * Here a frame stands where it belongs at once, and the page says what a click does: on d3's selections, with which only
 * the flame graph draws, a transition is the selection itself, and nothing listens.
 *
 * Takes effect when imported, after d3-flame-graph.
 */
import 'd3-flame-graph';
import { selection } from 'd3-selection';

function itself<Each>(this: Each): Each {
  return this;
}

Object.assign(selection.prototype, { on: itself, transition: itself, duration: itself, delay: itself, ease: itself });
