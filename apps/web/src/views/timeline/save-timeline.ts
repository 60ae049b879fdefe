/** The shown timeline as CSV (a row a pixel) and PNG, and as SVG of the same bands and lines. */
import { formatBytes, writeCsv } from '@memscope/model';

import type { TimelineAnswer } from '../../api/question.js';
import { readToken } from '../../controls/theme.js';
import { formatAxisTime, byteTicks, timeTicks } from '../../drawing/axis-ticks.js';
import { rowAt, startOfRow, tickOfRow } from '../../drawing/tick-times.js';
import type { TimeLayout } from '../../drawing/time-layout.js';
import { pngPicture, svgPicture, type Picture } from '../../export/picture.js';
import { escapeXml, svgElement } from '../../export/svg-text.js';
import { pictureColours, pictureWords } from '../picture-words.js';
import type { Savable } from '../view.js';
import { drawChart } from './draw-chart.js';
import type { TimeChart } from './time-chart.js';
import { bandTitle, type ShownTimeline } from './shown-timeline.js';

/** `legend` is the one on the screen. */
export function saveTimeline(shown: ShownTimeline, chart: TimeChart, legend: Element): Savable {
  const pictureOf = ({ width, height }: TimeLayout): Picture => {
    const total = `greatest heap ${formatBytes(shown.whole.head.peakBytes)}`;
    const words = pictureWords(shown.frame, { view: 'Memory over time', total, legend });
    return { width, height, words, colours: pictureColours() };
  };
  return {
    name: 'timeline',
    csv: () => csvOf(shown),
    svg: () => {
      const layout = chart.layout()!;
      return svgPicture(pictureOf(layout), svgOf(shown, layout));
    },
    png: () => {
      const layout = chart.layout()!;
      return pngPicture(pictureOf(layout), (context) => drawChart(context, shown, layout));
    },
  };
}

function csvOf({ timeline, bands, base }: ShownTimeline): string {
  const { timeMs, rssLeast, rssMost, heapLeast, heapMost } = timeline.column;
  const isAligned = bands !== null && bands.answer.length === timeline.length;
  const stacked = isAligned ? bands.stacked : [];
  const rows = Array.from({ length: timeline.length }, (_, row) => [
    tickOfRow(timeline, row),
    timeMs![row]!,
    ...[rssLeast, rssMost, heapLeast, heapMost].map((column) => column?.[row] ?? null),
    ...stacked.map(({ bytes }) => bytes[row]!),
    ...(base === null ? [] : baseAt(base, timeMs![row]!)),
  ]);
  const names = ['last_tick', 'time_ms', 'rss_least_bytes', 'rss_most_bytes', 'heap_least_bytes', 'heap_most_bytes'];
  const ofBase = base === null ? [] : ['base_heap_most_bytes', 'base_rss_most_bytes'];
  const banded = stacked.map((band) => `live_bytes: ${bandTitle(band)}`);
  return writeCsv({ columns: [...names, ...banded, ...ofBase], rows });
}

/** As long after its start; nothing where it had ended. */
function baseAt(base: TimelineAnswer, ms: number): (number | null)[] {
  if (base.length === 0 || ms > base.column.timeMs!.at(-1)!) return [null, null];
  const row = rowAt(base, ms);
  return [base.column.heapMost?.[row] ?? null, base.column.rssMost?.[row] ?? null];
}

function svgOf({ timeline, bands, base, frame }: ShownTimeline, layout: TimeLayout): string {
  const { width, plot, x, y } = layout;
  const { startMs } = timeline.head;
  const rssScale = layout.rss?.y ?? y;
  const showsRss = frame.state.timeline.rss !== 'off';
  const muted = readToken('--text-muted');
  const place = (ms: number, bytes: number): string => `${x(ms).toFixed(1)} ${y(bytes).toFixed(1)}`;
  const parts = byteTicks(y.domain()[1]!, 8).map((bytes) => {
    const at = y(bytes).toFixed(1);
    const rule = svgElement('path', { d: `M${plot.left} ${at}H${plot.right}`, stroke: readToken('--grid') });
    const words = {
      x: plot.left - 8,
      y: at,
      'text-anchor': 'end',
      'dominant-baseline': 'middle',
      'font-size': 11,
      fill: muted,
    };
    return rule + svgElement('text', words, escapeXml(formatBytes(bytes)));
  });
  const [fromMs, toMs] = x.domain() as [number, number];
  const ticks = timeTicks(fromMs - startMs, toMs - startMs, Math.max(2, Math.floor(width / 90)));
  const step = (ticks[1] ?? toMs) - (ticks[0] ?? fromMs);
  for (const ms of ticks) {
    const words = {
      x: x(ms + startMs).toFixed(1),
      y: plot.bottom + 18,
      'text-anchor': 'middle',
      'font-size': 11,
      fill: muted,
    };
    parts.push(svgElement('text', words, escapeXml(formatAxisTime(ms, step))));
  }
  const steps = (times: Float64Array, values: Float64Array, first: number): string => {
    let left = first;
    return Array.from(values, (bytes, row) => {
      const piece = `${place(left, bytes)}L${place(times[row]!, bytes)}`;
      left = times[row]!;
      return piece;
    }).join('L');
  };
  const times = bands?.answer.column['timeMs'];
  if (bands !== null && times !== undefined) {
    for (const [index, band] of [...bands.stacked.entries()].toReversed()) {
      const d = `M${place(fromMs, 0)}L${steps(times, band.top, fromMs)}L${place(times.at(-1) ?? toMs, 0)}Z`;
      const title = svgElement('title', {}, escapeXml(bandTitle(band)));
      parts.push(svgElement('path', { d, fill: bands.colours[index]! }, title));
    }
  }
  const { timeMs, heapMost, rssMost } = timeline.column;
  const line = { fill: 'none', 'stroke-width': 1.5 };
  if (base !== null && base.length > 0) {
    const d = `M${steps(base.column.timeMs!, base.column.heapMost!, startOfRow(base, 0))}`;
    parts.push(svgElement('path', { ...line, d, stroke: readToken('--base') }, svgElement('title', {}, 'base: heap')));
  }
  parts.push(
    svgElement('path', {
      ...line,
      d: `M${steps(timeMs!, heapMost!, startOfRow(timeline, 0))}`,
      stroke: readToken('--heap'),
    }),
  );
  const known = Array.from(rssMost ?? []).flatMap((bytes, row) =>
    Number.isNaN(bytes) ? [] : [`${x(timeMs![row]!).toFixed(1)} ${rssScale(bytes).toFixed(1)}`],
  );
  if (known.length > 1 && showsRss) {
    parts.push(
      svgElement('path', { ...line, d: `M${known.join('L')}`, stroke: readToken('--rss'), 'stroke-dasharray': '5 3' }),
    );
  }
  return parts.join('\n');
}
