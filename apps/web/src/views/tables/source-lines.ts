/** A function's source with what each line allocated; where it is not there, the lines that are known, and why. */
import { formatBytes, formatCount, signedChange, type SourceAnswer } from '@memscope/model';

import { element, styled } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';

const LONGEST_LINE = 400;
const HEADS = ['With callees', 'Self', 'Line'];
const COMPARED_HEADS = ['Change', 'Base', 'Head', 'Self change', 'Line'];
const OTHER_LINES =
  'With callees, of the lines of that number on each side: where lines shifted, the base has them at another one.';

type Line = SourceAnswer['lines'][number];

/** What a line holds on each side: with callees, and by itself. */
interface LineSides {
  readonly head: number;
  readonly base: number;
  readonly headSelf: number;
  readonly baseSelf: number;
}

function sidesOf(line: Line, counts: boolean): LineSides {
  return counts
    ? { head: line.count, base: line.baseCount ?? 0, headSelf: line.selfCount, baseSelf: line.baseSelfCount ?? 0 }
    : { head: line.bytes, base: line.baseBytes ?? 0, headSelf: line.selfBytes, baseSelf: line.baseSelfBytes ?? 0 };
}

/** `counts`: how many are shown, instead of their bytes. */
export function sourceLines({ file, source, firstLine, message, lines }: SourceAnswer, counts: boolean): HTMLElement[] {
  const byLine = new Map(lines.map((each) => [each.line, sidesOf(each, counts)]));
  const texts = new Map(lines.map(({ line, text }) => [line, text]));
  const isCompared = lines.some(({ baseCount }) => baseCount !== null);
  const most = [...byLine.values()].reduce((greatest, { head, base }) => Math.max(greatest, head, base), 0);
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
  const why = [...(message === null ? [] : [visible(message, 400)]), ...(isCompared ? [OTHER_LINES] : [])].map((text) =>
    element('p', { class: 'quiet' }, text),
  );
  if (numbers.length === 0) return [title, ...why];
  const rows = numbers.map((line) => {
    const known = byLine.get(line);
    const bar = styled(element('span', { class: 'line-bar', 'aria-hidden': 'true' }), {
      width: known === undefined || most === 0 ? '0' : `${(Math.max(known.head, known.base) / most) * 100}%`,
    });
    return element(
      'tr',
      { class: known === undefined || source === null ? null : 'has-bytes' },
      ...amountCells(known, bar, { isCompared, counts }),
      element('th', { scope: 'row', class: 'line-number' }, line > 0 ? String(line) : '?'),
      element('td', { class: 'line-text' }, visibleLine(source?.[line - firstLine] ?? texts.get(line) ?? '')),
    );
  });
  const heads = (isCompared ? COMPARED_HEADS : HEADS).map((head) => element('th', { scope: 'col' }, head));
  return [
    title,
    ...why,
    element(
      'div',
      { class: 'table-scroll source-scroll' },
      element(
        'table',
        { class: isCompared ? 'source is-compared' : 'source' },
        element('thead', {}, element('tr', {}, ...heads, element('td', {}))),
        element('tbody', {}, ...rows),
      ),
    ),
  ];
}

/** Behind the greater of both sides a bar; `known` undefined where nothing was allocated. */
function amountCells(
  known: LineSides | undefined,
  bar: HTMLElement,
  { isCompared, counts }: { readonly isCompared: boolean; readonly counts: boolean },
): HTMLElement[] {
  const format = counts ? formatCount : formatBytes;
  const cell = (text: string, before: HTMLElement | null = null): HTMLElement =>
    element('td', { class: 'line-bytes' }, before, element('span', {}, text));
  if (known === undefined) return (isCompared ? ['', '', '', ''] : ['', '']).map((text) => cell(text));
  const { head, base, headSelf, baseSelf } = known;
  if (!isCompared) {
    return [
      cell(format(head), bar),
      element('td', { class: 'line-bytes self' }, headSelf === 0 ? '' : format(headSelf)),
    ];
  }
  return [
    cell(signedChange(head - base, format), bar),
    cell(format(base)),
    cell(format(head)),
    cell(headSelf === baseSelf ? '' : signedChange(headSelf - baseSelf, format)),
  ];
}

/** Tabs become spaces, other control characters escapes. */
function visibleLine(text: string): string {
  return visible(text.replaceAll('\t', '    '), LONGEST_LINE);
}
