/**
 * d3-flame-graph in one element: draws a tree, keeps a selected frame, and says what the reader did with which frame.
 */
import { select } from 'd3-selection';
import flamegraph, { type FlameGraph, type FlameGraphNode, type FlameTooltip } from 'd3-flame-graph';

import '../../drawing/immediate-transitions.js';
import { labelOnFrame } from '../../drawing/flame-label.js';
import { ROW_HEIGHT } from '../../drawing/flame-boxes.js';
import type { FlameNode, FlameTree } from '../../drawing/flame-tree.js';
import { element } from '../../dom/element.js';

/** Narrower frames have no text; d3-flame-graph's own bound. */
const LEAST_LABEL_WIDTH = 35;

export interface FlameChartEvents {
  onZoom(node: FlameNode): void;
  onHover(node: FlameNode | null, at: MouseEvent | null): void;
  onMenu(node: FlameNode, x: number, y: number): void;
}

export interface FlameChartLook {
  readonly width: number;
  readonly upwards: boolean;
  readonly colourOf: (node: FlameNode) => string;
}

export class FlameChart {
  readonly root: HTMLElement = element('div', { class: 'flame-chart' });
  #chart: FlameGraph<FlameNode> | null = null;
  #look: FlameChartLook | null = null;
  #selected: FlameNode | null = null;
  readonly #events: FlameChartEvents;

  constructor(events: FlameChartEvents) {
    this.#events = events;
    this.root.addEventListener('mousemove', (event) => events.onHover(this.#nodeAt(event), event));
    this.root.addEventListener('mouseleave', () => events.onHover(null, null));
    this.root.addEventListener('contextmenu', (event) => {
      const node = this.#nodeAt(event);
      if (node === null) return;
      event.preventDefault();
      this.select(node);
      events.onMenu(node, event.clientX, event.clientY);
    });
  }

  draw(tree: FlameTree, look: FlameChartLook): void {
    const isNew = this.#chart === null;
    this.#look = look;
    this.#chart ??= this.#make();
    this.#chart.width(look.width).inverted(!look.upwards);
    if (isNew) this.#chart(select(this.root).datum(tree.top));
    else this.#chart.update(tree.top);
    this.#hideEmptyLabels();
    this.#selected = null;
  }

  /** After what `colourOf` says has changed. */
  recolour(look: FlameChartLook): void {
    this.#look = look;
    select(this.root)
      .selectAll<SVGGElement, FlameGraphNode<FlameNode>>('g')
      .select('rect')
      .attr('fill', ({ data }) => look.colourOf(data));
  }

  select(node: FlameNode | null): void {
    this.#selected = node;
    const frames = select(this.root).selectAll<SVGGElement, FlameGraphNode<FlameNode>>('g.frame');
    frames.classed('selected', ({ data }) => data === node);
    const found = frames.filter(({ data }) => data === node);
    // A later sibling would paint over the outline.
    found.raise();
    found.node()?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  selected(): FlameNode | null {
    return this.#selected;
  }

  /** Middle of the selected frame on the screen. */
  selectedPlace(): { readonly x: number; readonly y: number } {
    const box = (this.root.querySelector('g.selected') ?? this.root).getBoundingClientRect();
    return { x: box.left + Math.min(box.width / 2, 80), y: box.top + ROW_HEIGHT };
  }

  #make(): FlameGraph<FlameNode> {
    const events = this.#events;
    // Without one d3-flame-graph gives each frame a title of its own.
    const tooltip: FlameTooltip<FlameNode> = Object.assign(() => undefined, {
      show: () => undefined,
      hide: () => undefined,
    });
    return flamegraph<FlameNode>()
      .cellHeight(ROW_HEIGHT)
      .minFrameSize(1)
      .transitionDuration(0)
      .resetHeightOnZoom(true)
      .sort(false)
      .tooltip(tooltip)
      .getName(({ data }) => labelOnFrame(data))
      .setColorMapper(({ data }) => this.#look!.colourOf(data))
      .onClick(({ data }) => {
        this.#hideEmptyLabels();
        events.onZoom(data);
      });
  }

  /** A box for text that a narrow frame does not show costs the browser as much layout as one that is seen. */
  #hideEmptyLabels(): void {
    // d3-flame-graph replaces the data that it was given by its own node of it.
    const { x0, x1 } = select<HTMLElement, FlameGraphNode<FlameNode>>(this.root).datum();
    const least = (LEAST_LABEL_WIDTH * (x1 - x0)) / this.#look!.width;
    select(this.root)
      .selectAll<SVGGElement, FlameGraphNode<FlameNode>>('g.frame')
      .select('foreignObject')
      .style('display', (node) => (node.x1 - node.x0 < least ? 'none' : null));
  }

  #nodeAt(event: Event): FlameNode | null {
    const frame = event.target instanceof Element ? event.target.closest<SVGGElement>('g.frame') : null;
    return frame === null ? null : select<SVGGElement, FlameGraphNode<FlameNode>>(frame).datum().data;
  }
}
