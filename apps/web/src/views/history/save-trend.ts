/** The shown trend as CSV (a row a run, with all metrics and what its functions held) and SVG (the picture as it is). */
import { formatIsoTime, nameOwner, writeCsv, type HistoryDocument } from '@memscope/model';

import { readToken } from '../../controls/theme.js';
import { svgDocument } from '../../export/svg-text.js';

export function csvOfTrend({ runs, metrics, functions }: HistoryDocument): string {
  return writeCsv({
    columns: [
      'run',
      'commit',
      'branch',
      'time',
      'repetitions',
      ...metrics.map(({ measure }) => measure),
      ...functions.map((owner) => `peak: ${nameOwner(owner)}${owner.file === null ? '' : ` (${owner.file})`}`),
    ],
    rows: runs.map(({ run, commit, branch, timeMs, repetitions }, at) => [
      run,
      commit,
      branch,
      formatIsoTime(timeMs),
      repetitions,
      ...metrics.map(({ values }) => values[at] ?? null),
      ...functions.map(({ values }) => values[at] ?? null),
    ]),
  });
}

/** What the page's style sheet says of the picture, and a file has to say itself. */
const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-size', 'text-anchor'] as const;

export function svgOfTrend(chart: SVGSVGElement): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const drawn = [...chart.querySelectorAll<SVGElement>('*')];
  for (const [at, each] of [...copy.querySelectorAll<SVGElement>('*')].entries()) {
    const style = getComputedStyle(drawn[at]!);
    for (const name of STYLES) each.setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'tabindex', 'role', 'data-band']) each.removeAttribute(name);
  }
  const writer = new XMLSerializer();
  const parts = [...copy.children].map((each) => writer.serializeToString(each)).join('\n');
  const { width, height } = chart;
  return svgDocument(width.baseVal.value, height.baseVal.value, readToken('--surface'), parts);
}
