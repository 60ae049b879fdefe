/**
 * d3-flame-graph moves its frames in transitions, listens to each of them, lets a click zoom in what it has, and labels
 * every frame with a box of HTML. Only the flame graph draws with d3's selections on this page, so that on them
 *
 * - a transition is the selection itself: a frame stands where it belongs at once;
 * - nothing listens: the page says what a click does;
 * - no box of HTML is made: each takes the browser more than all else of a frame, and the chart has labels of its own.
 *
 * Takes effect when imported, after d3-flame-graph.
 */
import 'd3-flame-graph';
import { creator, selection, type BaseType, type Selection } from 'd3-selection';

type Drawn = Selection<Element, unknown, BaseType, unknown>;

function itself<Each>(this: Each): Each {
  return this;
}

function appendSvg(this: Drawn, name: string): Selection<BaseType, unknown, BaseType, unknown> {
  const make = creator(name);
  return this.select<BaseType>(function () {
    return name === 'foreignObject' ? null : this.appendChild(make.call(this));
  });
}

Object.assign(selection.prototype, {
  append: appendSvg,
  on: itself,
  transition: itself,
  duration: itself,
  delay: itself,
  ease: itself,
});
