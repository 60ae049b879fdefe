/**
 * d3-flame-graph writes everything of thousands of frames at every drawing, most of it as it was. Only the flame graph
 * draws with d3's selections on this page, so that here they do less of what nobody sees:
 *
 * - an attribute is written only where it differs: also one that stays the same costs the browser a new style;
 * - groups get no place and no size: as many transforms are as many coordinate systems to compose, so that the chart
 *   places their rectangles instead;
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

/** What was written last; to read it from the element takes as long as to write it. */
const written = new WeakMap<Element, Map<string, string>>();

/** Writes an attribute where it differs from what was written last. */
export function writeAttribute(element: Element, name: string, value: string | number): void {
  let known = written.get(element);
  if (known === undefined) written.set(element, (known = new Map<string, string>()));
  const text = String(value);
  if (known.get(name) === text) return;
  known.set(name, text);
  element.setAttribute(name, text);
}

const OF_RECTANGLES = new Set(['transform', 'width', 'height']);

function setAttribute(this: AnySelection, name: string, value: AttributeValue): AnySelection {
  return this.each(function (datum, index, group) {
    if (!(this instanceof Element) || (this.localName === 'g' && OF_RECTANGLES.has(name))) return;
    writeAttribute(this, name, typeof value === 'function' ? value.call(this, datum, index, group) : value);
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
