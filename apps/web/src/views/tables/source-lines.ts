/** A function's source with what each line allocated; where it is not there, the lines that are known, and why. */
import { formatBytes, formatCount, type SourceAnswer } from '@memscope/model';

import { element, styled } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';

const LONGEST_LINE = 400;

type Line = SourceAnswer['lines'][number];

/** `counts`: how many are shown, instead of their bytes. */
export function sourceLines({ file, source, firstLine, message, lines }: SourceAnswer, counts: boolean): HTMLElement[] {
  const weightOf = (each: Line): number => (counts ? each.count : each.bytes);
  const amount = counts ? formatCount : formatBytes;
  const byLine = new Map(lines.map((each) => [each.line, each]));
  const most = lines.reduce((greatest, each) => Math.max(greatest, weightOf(each)), 0);
  const numbers =
    source === null
      ? lines.map(({ line }) => line).toSorted((a, b) => a - b)
      : source.map((_, index) => firstLine + index);
  const title = element(
    'h2',
    {},
    'Source ',
    element('span', { class: 'quiet place' }, file === null ? '' : visible(file, 200)),
  );
  const why = message === null ? [] : [element('p', { class: 'quiet' }, visible(message, 400))];
  if (numbers.length === 0) return [title, ...why];
  const rows = numbers.map((line) => {
    const known = byLine.get(line);
    const self = (counts ? known?.selfCount : known?.selfBytes) ?? 0;
    const bar = styled(element('span', { class: 'line-bar', 'aria-hidden': 'true' }), {
      width: known === undefined || most === 0 ? '0' : `${(weightOf(known) / most) * 100}%`,
    });
    return element(
      'tr',
      { class: known === undefined || source === null ? null : 'has-bytes' },
      element(
        'td',
        { class: 'line-bytes' },
        bar,
        element('span', {}, known === undefined ? '' : amount(weightOf(known))),
      ),
      element('td', { class: 'line-bytes self' }, self === 0 ? '' : amount(self)),
      element('th', { scope: 'row', class: 'line-number' }, line > 0 ? String(line) : '?'),
      element('td', { class: 'line-text' }, visibleLine(source?.[line - firstLine] ?? known?.text ?? '')),
    );
  });
  const heads = ['With callees', 'Self', 'Line'].map((head) => element('th', { scope: 'col' }, head));
  return [
    title,
    ...why,
    element(
      'div',
      { class: 'table-scroll source-scroll' },
      element(
        'table',
        { class: 'source' },
        element('thead', {}, element('tr', {}, ...heads, element('td', {}))),
        element('tbody', {}, ...rows),
      ),
    ),
  ];
}

/** Tabs become spaces, other control characters escapes. */
function visibleLine(text: string): string {
  return visible(text.replaceAll('\t', '    '), LONGEST_LINE);
}
