/** The runs of both sides of a comparison → a line for each: their names, and what several are taken as. */
import { formatCount, type DiffDocument } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { displayWidth } from '../terminal/display-width.js';
import { paragraph, type ReportStyle } from '../terminal/report-style.js';

const MOST_NAMED = 5;

/** `baseTitle`: what the base is called where it is asked for. */
export function nameSides(
  { base, head, together }: Pick<DiffDocument, 'base' | 'head' | 'together'>,
  baseTitle: 'base' | 'baseline',
  style: ReportStyle,
): string[] {
  const side = (title: string, runs: DiffDocument['base']): string[] => {
    const start = `${title}${' '.repeat(displayWidth(baseTitle) - displayWidth(title))}  `;
    if (runs.length === 0) return paragraph(`${start}none`, style);
    const names = runs.map(({ run }) => printable(run));
    const more = names.length > MOST_NAMED ? ` and ${formatCount(names.length - MOST_NAMED)} more` : '';
    const how = runs.length < 2 ? '' : together ? ' (added up)' : ` (medians of ${runs.length})`;
    const window = runs[0]!.window;
    const part = window === null ? '' : `, ticks #${window.fromTick} to #${window.toTick}`;
    return paragraph(`${start}${names.slice(0, MOST_NAMED).join(', ')}${more}${how}${part}`, style);
  };
  return [...side(baseTitle, base), ...side('head', head)];
}
