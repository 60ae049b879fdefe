/**
 * d3-flame-graph in one element: draws a tree, keeps a selected frame, and says what the reader did with which frame.
 */
import { select } from 'd3-selection';
import flamegraph, { type FlameGraph, type FlameGraphNode, type FlameTooltip } from 'd3-flame-graph';

import { writeAttribute } from '../../drawing/lean-selections.js';
import { labelOnFrame } from '../../drawing/flame-label.js';
import { ROW_HEIGHT } from '../../drawing/flame-boxes.js';
import type { FlameNode, FlameTree } from '../../drawing/flame-tree.js';
import { element } from '../../dom/element.js';

/** Narrower frames have no text. */
const LEAST_LABEL_WIDTH = 35;
const SVG_SPACE = 'http://www.w3.org/2000/svg';

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

  constructor(events: FlameChartEvents) {
    this.root.addEventListener('mousemove', (event) => events.onHover(this.#nodeAt(event), event));
    this.root.addEventListener('mouseleave', () => events.onHover(null, null));
    this.root.addEventListener('click', (event) => {
      const node = this.#nodeAt(event);
      if (node !== null) events.onZoom(node);
    });
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
    this.#place(look);
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
    frames.attr('class', ({ data }) => `frame${data.fade ? ' fade' : ''}${data === node ? ' selected' : ''}`);
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
      .setColorMapper(({ data }) => this.#look!.colourOf(data));
  }

  /** Text only where there is room for some: a box that shows nothing costs as much layout as one that is seen. */
  #place({ width, upwards }: FlameChartLook): void {
    // d3-flame-graph replaces the data that it was given by its own node of it.
    const top = select<HTMLElement, FlameGraphNode<FlameNode>>(this.root).datum();
    const scale = width / (top.x1 - top.x0);
    const bottom = this.#chart!.height() - ROW_HEIGHT;
    select(this.root)
      .selectAll<SVGGElement, FlameGraphNode<FlameNode>>('g.frame')
      .each(function ({ data, depth, x0, x1 }) {
        const rectangle = this.firstElementChild!;
        const label = rectangle.nextElementSibling;
        const y = upwards ? bottom - depth * ROW_HEIGHT : depth * ROW_HEIGHT;
        placeAt(rectangle, x0 * scale, y);
        const room = (x1 - x0) * scale;
        if (room < LEAST_LABEL_WIDTH) label?.remove();
        else writeLabel(label ?? this.appendChild(makeLabel()), labelOnFrame(data), x0 * scale, y, room);
      });
  }

  #nodeAt(event: Event): FlameNode | null {
    const frame = event.target instanceof Element ? event.target.closest<SVGGElement>('g.frame') : null;
    return frame === null ? null : select<SVGGElement, FlameGraphNode<FlameNode>>(frame).datum().data;
  }
}

function placeAt(box: Element, x: number, y: number): void {
  writeAttribute(box, 'x', x);
  writeAttribute(box, 'y', y);
}

function makeLabel(): Element {
  const box = document.createElementNS(SVG_SPACE, 'foreignObject');
  box.setAttribute('height', String(ROW_HEIGHT));
  box.append(element('div', { class: 'd3-flame-graph-label' }));
  return box;
}

function writeLabel(box: Element, text: string, x: number, y: number, width: number): void {
  placeAt(box, x, y);
  writeAttribute(box, 'width', width);
  const label = box.firstElementChild!;
  if (label.textContent !== text) label.textContent = text;
}
