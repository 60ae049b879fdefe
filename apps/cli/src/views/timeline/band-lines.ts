/**
 * Bands → lines for people: a curve each, below the chart and on its time axis, so that one sees who held the memory
 * when. Each is drawn up to its own highest, which stands beside it; its share tells how large it is.
 */
import { formatBytes, formatDuration, formatShare, originOf, spreadValues, type LiveBand } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import type { FoundBands, Timeline } from '@memscope/query';

import { padStart, shortenEnd } from '../../terminal/display-width.js';
import { heading, paragraph, type ReportStyle } from '../../terminal/report-style.js';
import { drawSparkline } from '../../terminal/sparkline.js';
import { chartColumns, LABEL_WIDTH } from '../../terminal/timeline-chart.js';
import { labelBand } from './timeline-bands.js';

const HIGHEST_WORDS: Readonly<Record<Timeline['recording']['clock'], string>> = {
  own: 'the heap was at its highest',
  wall: 'the runs held together at most',
  start: 'the runs add up to at most, each since its own start,',
};

export function drawBands(source: Timeline, bands: FoundBands, filter: string | null, style: ReportStyle): string[] {
  const { totals, capture, recording } = source;
  const { by } = bands;
  const at = totals.peakTimeMs === null ? '' : ` after ${formatDuration(totals.peakTimeMs - originOf(capture))}`;
  const title = by === null ? 'Live bytes of what passes the filter' : `Live bytes by ${by}`;
  return [
    heading(title, `${by === null ? '' : 'heaviest over time first, '}each curve up to its own highest`, style),
    ...(filter === null ? [] : paragraph(`Filter: ${printable(filter)} (the chart above shows the whole heap)`, style)),
    ...paragraph(
      `Shares are of the ${formatBytes(totals.peakBytes)} that ${HIGHEST_WORDS[recording.clock]}${at}.`,
      style,
    ),
    ...(bands.bands.length === 0 ? ['  Nothing.'] : []),
    ...bands.bands.flatMap((band) => drawBand(band, source, bands, style)),
  ];
}

function drawBand(band: LiveBand, source: Timeline, bands: FoundBands, style: ReportStyle): string[] {
  const { capture, span, ticks, totals } = source;
  const { palette, width } = style;
  const columns = chartColumns(width);
  const then = band.liveBytes[totals.peakTick ?? 0] ?? 0;
  const share = `${formatBytes(then)}, ${formatShare(then, totals.peakBytes)}`;
  const name = shortenEnd(labelBand(band, bands), columns - share.length - 2);
  const curve = spreadValues(span ?? capture, ticks, band.liveBytes, columns);
  const most = band.liveBytes.reduce((all, bytes) => Math.max(all, bytes), 0);
  return [
    `${' '.repeat(LABEL_WIDTH + 1)}${name}  ${palette.faint(share)}`,
    `${padStart(formatBytes(most), LABEL_WIDTH - 1)} ${palette.faint('┤')}${palette.heap(drawSparkline(curve, columns).trimEnd())}`,
  ];
}
