/** The lines of code that hold the most, by the chosen measure. A click opens the function's callers and callees. */
import { formatBytes, formatCount, moduleOfFile, NO_PYTHON_FRAME, type AnalysisDocument } from '@memscope/model';

import { element, panel } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { ownerStyle } from '../../drawing/owner-colour.js';
import { withFunction } from '../../state/change.js';
import type { MemoryQuery } from '../../state/parts-of-page.js';
import type { Page } from '../view.js';
import { barRow } from './bar-row.js';
import { wholeOf } from './whole-of.js';

const LISTED = 12;

export function locationsPanel(analysis: AnalysisDocument, { measure, counts }: MemoryQuery, page: Page): HTMLElement {
  const key = `${measure}${counts ? 'Count' : 'Bytes'}` as const;
  const rows = analysis.locations
    .filter((row) => (row[key] ?? 0) > 0)
    .toSorted((a, b) => b[key]! - a[key]!)
    .slice(0, LISTED);
  const whole = wholeOf(analysis, key);
  const amount = (each: number): string => (counts ? formatCount(each) : formatBytes(each));
  const listed = rows.map((row) => {
    const weight = row[key]!;
    const name = row.function === null ? NO_PYTHON_FRAME : row.function;
    const place = row.file === null ? '' : `${moduleOfFile(row.file).shortFile}${row.line > 0 ? `:${row.line}` : ''}`;
    const fullName = visible(
      row.file === null ? name : `${name} ${row.file}${row.line > 0 ? `:${row.line}` : ''}`,
      600,
    );
    const target = row.function === null || row.file === null ? null : `${row.function}\n${row.file}`;
    return barRow({
      name: [visible(name, 80), element('span', { class: 'quiet place' }, visible(place, 80))],
      weight,
      whole,
      amount: amount(weight),
      colour: ownerStyle(row),
      title: [fullName, ...(target === null ? [] : ['Callers, callees and source'])].join('\n'),
      open: target === null ? null : () => page.change((state) => withFunction(state, target)),
    });
  });
  return panel(
    'Where it was allocated',
    rows.length === 0
      ? element('p', { class: 'quiet' }, 'Nothing to list.')
      : element('ol', { class: 'bar-list' }, ...listed),
  );
}
