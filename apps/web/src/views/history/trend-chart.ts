/**
 * A metric run by run → a picture: the curve with a point for each run, at the peak with bands of the functions that held
 * most below it, and where it moved and stayed. Points are links for mouse, keyboard and screen readers.
 */
import { scaleLinear, scalePoint } from 'd3-scale';
import { select, type Selection } from 'd3-selection';
import {
  countNoun,
  formatGated,
  nameOwner,
  nameRun,
  signedChange,
  type HistoryPage,
  type TrendFunction,
  type TrendMetric,
} from '@memscope/model';

import { element, styled } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { byteTicks } from '../../drawing/axis-ticks.js';

export interface ChartUses {
  /** Opens the run at a position, where its profile is served. */
  open(position: number): void;
  /** The run that is pointed at; null = none. */
  point(position: number | null): void;
}

/** Bands besides the rest: as many as there are colours. */
export const MOST_BANDS = 6;
const HEIGHT = 320;
const MARGIN = { top: 28, right: 16, bottom: 40, left: 72 };
const LABEL_WIDTH = 84;
const STEP_LABEL = 88;
/** With less room between them points would touch. */
const LEAST_GAP = 7;

type Group = Selection<SVGGElement, unknown, null, undefined>;

export function drawTrendChart(
  { history: { runs }, runIds }: HistoryPage,
  metric: TrendMetric,
  bands: readonly TrendFunction[],
  width: number,
  uses: ChartUses,
): SVGSVGElement {
  const { values, measure } = metric;
  const known = values.filter((value) => value !== null);
  const most = Math.max(1, ...known);
  const x = scalePoint<number>()
    .domain(runs.keys())
    .range([MARGIN.left, width - MARGIN.right])
    .padding(0.5);
  const y = scaleLinear()
    .domain([0, most * 1.05])
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const svg = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))
    .attr('class', 'trend-chart')
    .attr('width', width)
    .attr('height', HEIGHT)
    .attr('role', 'group')
    .attr('aria-label', `${measure} of ${countNoun(runs.length, 'run')}`);
  const layer = (name: string): Group => svg.append('g').attr('class', name);
  const at = (position: number): number => x(position)!;

  const axis = layer('axis');
  const isBytes = measure !== 'count' && measure !== 'duration';
  for (const tick of isBytes ? byteTicks(most, 5) : y.ticks(5)) {
    axis
      .append('line')
      .attr('x1', MARGIN.left)
      .attr('x2', width - MARGIN.right)
      .attr('y1', y(tick))
      .attr('y2', y(tick));
    axis
      .append('text')
      .attr('x', MARGIN.left - 8)
      .attr('y', y(tick))
      .attr('dy', '0.32em')
      .attr('text-anchor', 'end')
      .text(formatGated(measure, tick));
  }
  const every = Math.max(1, Math.ceil((runs.length * LABEL_WIDTH) / Math.max(1, width - MARGIN.left - MARGIN.right)));
  for (const [position, run] of runs.entries()) {
    if (position % every !== 0) continue;
    axis
      .append('text')
      .attr('x', at(position))
      .attr('y', HEIGHT - MARGIN.bottom + 20)
      .attr('text-anchor', 'middle')
      .text(visible(nameRun(run), 12));
  }

  const filled = layer('bands');
  let below = runs.map(() => 0);
  for (const [band, { values: held }] of bands.entries()) {
    const top = below.map((bytes, position) => bytes + held[position]!);
    filled
      .append('path')
      .attr('d', areaOf(below, top, at, y))
      .attr('data-band', band);
    below = top;
  }

  const steps = layer('steps');
  const named: number[] = [];
  const bySize = metric.steps.toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  for (const step of bySize) {
    const from = metric.steps.findLast((each) => each.at < step.at)?.at ?? 0;
    const to = metric.steps.find((each) => each.at > step.at)?.at ?? runs.length;
    const middle = (at(step.at) + at(Math.max(0, step.at - 1))) / 2;
    const kind = step.after > step.before ? 'grew' : 'shrank';
    const group = steps.append('g').attr('class', step.isConfirmed ? kind : `${kind} unconfirmed`);
    group
      .append('line')
      .attr('class', 'cut')
      .attr('x1', middle)
      .attr('x2', middle)
      .attr('y1', MARGIN.top - 6)
      .attr('y2', HEIGHT - MARGIN.bottom);
    for (const [value, first, last] of [
      [step.before, from, step.at - 1],
      [step.after, step.at, to - 1],
    ] as const) {
      group
        .append('line')
        .attr('class', 'mean')
        .attr('x1', at(first))
        .attr('x2', at(last))
        .attr('y1', y(value))
        .attr('y2', y(value));
    }
    const middleOfText = Math.min(width - MARGIN.right - STEP_LABEL / 2, Math.max(MARGIN.left, middle));
    // Of steps that are too near to one another the first, which is the largest, is named; the list below has all.
    if (named.some((other) => Math.abs(other - middleOfText) < STEP_LABEL)) continue;
    named.push(middleOfText);
    const change = signedChange(Math.round(step.after - step.before), (value) => formatGated(measure, value));
    group
      .append('text')
      .attr('x', middleOfText)
      .attr('y', MARGIN.top - 12)
      .attr('text-anchor', 'middle')
      .text(`${change}${step.isConfirmed ? '' : ' ?'}`);
  }

  layer('curve')
    .append('path')
    .attr('d', lineOf(values, at, y));
  const points = layer('points');
  const isDense = (width - MARGIN.left - MARGIN.right) / Math.max(1, runs.length) < LEAST_GAP;
  for (const [position, value] of values.entries()) {
    if (value === null) continue;
    const run = runs[position]!;
    const canOpen = runIds[position] !== null;
    const spike = metric.spikes.some((each) => each.at === position);
    const point = points
      .append('circle')
      .attr('cx', at(position))
      .attr('cy', y(value))
      .attr('r', spike ? 5 : isDense ? 2 : 4)
      .attr('class', [canOpen ? 'can-open' : '', spike ? 'spike' : ''].join(' ').trim())
      .attr('tabindex', 0)
      .attr('role', canOpen ? 'link' : 'img')
      .attr(
        'aria-label',
        visible(`${nameRun(run)}: ${formatGated(measure, value)}${canOpen ? ', opens the run' : ''}`, 120),
      );
    const circle = point.node()!;
    for (const type of ['pointerenter', 'focus']) circle.addEventListener(type, () => uses.point(position));
    for (const type of ['pointerleave', 'blur']) circle.addEventListener(type, () => uses.point(null));
    if (!canOpen) continue;
    circle.addEventListener('click', () => uses.open(position));
    circle.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') uses.open(position);
    });
  }
  return svg.node()!;
}

/** Pieces of a line where values are known. */
function lineOf(
  values: readonly (number | null)[],
  at: (position: number) => number,
  y: (value: number) => number,
): string {
  let isOpen = false;
  return values
    .map((value, position) => {
      if (value === null) {
        isOpen = false;
        return '';
      }
      const command = isOpen ? 'L' : 'M';
      isOpen = true;
      return `${command}${at(position)},${y(value)}`;
    })
    .join('');
}

function areaOf(
  below: readonly number[],
  top: readonly number[],
  at: (position: number) => number,
  y: (value: number) => number,
): string {
  const upper = top.map((value, position) => `${at(position)},${y(value)}`);
  const lower = below.map((value, position) => `${at(position)},${y(value)}`).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

/** The functions of the bands with their colours, heaviest first as they are stacked from below. */
export function bandLegend(bands: readonly TrendFunction[]): HTMLElement {
  return element(
    'ul',
    { class: 'legend band-legend' },
    ...bands.map((band, index) =>
      element(
        'li',
        {},
        styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), { background: `var(--series-${index})` }),
        `${visible(nameOwner(band), 60)} ${formatGated('peak', band.values.at(-1)!)}`,
      ),
    ),
  );
}
