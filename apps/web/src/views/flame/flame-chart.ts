/**
 * d3-flame-graph in one element, for the frames that are wide enough to be labelled; narrower ones are filled in as
 * paths, at the same layout. Says what the reader did with which frame, whatever its width, and outlines the frame that
 * is pointed at and the selected one.
 */
import { select, type Selection } from 'd3-selection';
import flamegraph, { type FlameGraph, type FlameGraphNode, type FlameTooltip } from 'd3-flame-graph';

import '../../drawing/still-selections.js';
import { boxAt, layoutFlame, ROW_HEIGHT, type FlameBox, type FlameLayout } from '../../drawing/flame-boxes.js';
import { fitLabel, LABEL_PLACE, labelOnFrame, LEAST_LABEL_WIDTH } from '../../drawing/flame-label.js';
import type { FlameNode, FlameTree } from '../../drawing/flame-tree.js';
import { frameOutline } from '../../drawing/frame-outline.js';
import { narrowFrames } from '../../drawing/narrow-frames.js';
import { element } from '../../dom/element.js';

const SVG_SPACE = 'http://www.w3.org/2000/svg';

export interface FlameChartEvents {
  onZoom(node: FlameNode): void;
  /** A tap on a frame that was not chosen yet: a finger cannot hover. */
  onChoose(node: FlameNode): void;
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
  readonly #pointed = frameOutline('pointed');
  readonly #selectedOutline = frameOutline('selected');
  #chart: FlameGraph<FlameNode> | null = null;
  #layout: FlameLayout | null = null;
  #narrow: readonly FlameBox[] = [];
  #look: FlameChartLook | null = null;
  #selected: FlameNode | null = null;

  constructor(events: FlameChartEvents) {
    this.root.addEventListener('mousemove', (event) => {
      const box = this.#boxAt(event);
      this.#pointed.place(this.#svg().node()!, box);
      events.onHover(box?.node ?? null, event);
    });
    this.root.addEventListener('mouseleave', () => {
      this.#pointed.root.remove();
      events.onHover(null, null);
    });
    this.root.addEventListener('click', (event) => {
      const box = this.#boxAt(event);
      if (box === null) return;
      const isTouch = event instanceof PointerEvent && event.pointerType === 'touch';
      if (isTouch && box.node !== this.#selected) events.onChoose(box.node);
      else events.onZoom(box.node);
    });
    this.root.addEventListener('contextmenu', (event) => {
      const box = this.#boxAt(event);
      if (box === null) return;
      event.preventDefault();
      this.select(box.node);
      events.onMenu(box.node, event.clientX, event.clientY);
    });
  }

  draw(tree: FlameTree, look: FlameChartLook): void {
    const isNew = this.#chart === null;
    this.#look = look;
    this.#layout = layoutFlame(tree, look.width, look.upwards);
    this.#chart ??= this.#make();
    this.#chart.width(look.width).height(this.#layout.height).inverted(!look.upwards);
    if (isNew) this.#chart(select(this.root).datum(tree.top));
    else this.#chart.update(tree.top);
    // On paper the picture has another width than on the screen.
    this.#svg().attr('height', this.#layout.height).attr('viewBox', `0 0 ${look.width} ${this.#layout.height}`);
    const wide = this.#label(look.width);
    this.#narrow = this.#layout.boxes.filter(({ node }) => !wide.has(node));
    this.#fillNarrow(look);
    this.#selected = null;
    this.#pointed.root.remove();
    this.#selectedOutline.root.remove();
  }

  /** After what `colourOf` says has changed. */
  recolour(look: FlameChartLook): void {
    this.#look = look;
    this.#frames()
      .select('rect')
      .attr('fill', ({ data }) => look.colourOf(data));
    this.#fillNarrow(look);
  }

  /** Null: none. */
  select(node: FlameNode | null): void {
    this.#selected = node;
    if (node === null) {
      this.#selectedOutline.root.remove();
      return;
    }
    const box = this.#layout?.boxes.find((each) => each.node === node) ?? null;
    this.#selectedOutline.place(this.#svg().node()!, box);
    this.#selectedOutline.root.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  selected(): FlameNode | null {
    return this.#selected;
  }

  /** Middle of the selected frame on the screen. */
  selectedPlace(): { readonly x: number; readonly y: number } {
    const box = (
      this.#selectedOutline.root.isConnected ? this.#selectedOutline.root : this.root
    ).getBoundingClientRect();
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
      .minFrameSize(LEAST_LABEL_WIDTH)
      .sort(false)
      .tooltip(tooltip)
      .getName(({ data }) => labelOnFrame(data))
      .setColorMapper(({ data }) => this.#look!.colourOf(data));
  }

  #svg(): Selection<SVGSVGElement, unknown, null, undefined> {
    return select(this.root).select<SVGSVGElement>('svg');
  }

  #frames(): Selection<SVGGElement, FlameGraphNode<FlameNode>, SVGSVGElement, unknown> {
    return this.#svg().selectAll<SVGGElement, FlameGraphNode<FlameNode>>('g');
  }

  /** The frames that d3-flame-graph has drawn: only it says which are wide, whatever its widths were rounded to. */
  #label(width: number): ReadonlySet<FlameNode> {
    const wide = new Set<FlameNode>();
    this.#frames().each(function ({ data, x0, x1 }) {
      wide.add(data);
      const label = this.querySelector('text') ?? this.appendChild(makeLabel());
      label.textContent = fitLabel(data, (x1 - x0) * width);
    });
    return wide;
  }

  #fillNarrow({ colourOf }: FlameChartLook): void {
    this.#svg()
      .selectAll('path')
      .data(narrowFrames(this.#narrow, colourOf))
      .join('path')
      .attr('fill', ([colour]) => colour)
      .attr('d', ([, path]) => path);
  }

  #boxAt({ clientX, clientY }: MouseEvent): FlameBox | null {
    const { left, top } = this.root.getBoundingClientRect();
    return this.#layout === null ? null : boxAt(this.#layout, clientX - left, clientY - top);
  }
}

function makeLabel(): SVGTextElement {
  const label = document.createElementNS(SVG_SPACE, 'text');
  label.setAttribute('x', String(LABEL_PLACE.x));
  label.setAttribute('y', String(LABEL_PLACE.y));
  return label;
}
