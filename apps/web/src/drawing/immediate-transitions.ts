/**
 * d3-flame-graph moves its frames by d3-transition, also with a duration of 0: then a frame later, and with a timer and
 * a schedule for each of thousands of elements. Here a transition is its selection itself, so that what is set of it is
 * set at once. Nothing else on the page uses d3's transitions. Takes effect when imported, after d3-flame-graph.
 */
import 'd3-flame-graph';
import { selection } from 'd3-selection';

function itself<Each>(this: Each): Each {
  return this;
}

Object.assign(selection.prototype, { transition: itself, duration: itself, delay: itself, ease: itself });
