/**
 * d3-flame-graph writes everything of thousands of frames at every drawing, most of it as it was. Only the flame graph
 * draws with d3's selections on this page, so that here they do less of what nobody sees:
 *
 * - an attribute is written only where it differs: also one that stays the same costs the browser a new style;
 * - a frame gets its colour and its width, and no transform: as many are as many coordinate systems to compose, so that
 *   the chart places the rectangles instead, and their height is their style's;
 * - a box for text is not made for every frame: the chart labels those that are wide enough;
 * - a transition is its selection itself, so that what is set of it is set at once, without timers and schedules;
 * - frames do not listen one by one: the chart hears what happens to any of them.
 *
 * Takes effect when imported, after d3-flame-graph.
 */
import 'd3-flame-graph';
import { creator, selection, type BaseType, type Selection, type ValueFn } from 'd3-selection';

type AnySelection = Selection<BaseType, unknown, BaseType, unknown>;
type AttributeValue = string | number | ValueFn<BaseType, unknown, string | number>;

function itself<Each>(this: Each): Each {
  return this;
}

/** What was written last: to read it from the element takes as long as to write it. */
const WRITTEN = Symbol('written');

interface Drawn extends Element {
  [WRITTEN]?: Record<string, string | number>;
}

/** Writes an attribute where it differs from what was written last. */
export function writeAttribute(element: Drawn, name: string, value: string | number): void {
  const known = (element[WRITTEN] ??= {});
  if (known[name] === value) return;
  known[name] = value;
  element.setAttribute(name, String(value));
}

/** Of these elements no other attributes: the rest is the same for all of them, or the chart's. */
const KEPT_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['g', ['class']],
  ['rect', ['width', 'fill']],
  ['foreignObject', []],
]);

function setAttribute(this: AnySelection, name: string, value: AttributeValue): AnySelection {
  const first = this.node();
  // A selection is of elements of one kind.
  if (!(first instanceof Element) || KEPT_OF.get(first.localName)?.includes(name) === false) return this;
  return this.each(function (datum, index, group) {
    writeAttribute(this as Element, name, typeof value === 'function' ? value.call(this, datum, index, group) : value);
  });
}

function appendDrawn(this: AnySelection, name: string): AnySelection {
  const make = creator(name);
  return this.select<BaseType>(function () {
    return name === 'foreignObject' ? null : (this as Element).appendChild(make.call(this as Element));
  });
}

Object.assign(selection.prototype, {
  attr: setAttribute,
  append: appendDrawn,
  on: itself,
  transition: itself,
  duration: itself,
  delay: itself,
  ease: itself,
});
