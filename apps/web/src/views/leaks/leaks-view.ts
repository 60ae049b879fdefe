/** What grows, and what was never freed: by verdict, and by line of the application with the curve of its live bytes. */
import {
  countNoun,
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatChange,
  signedChange,
  writeCsv,
  type LeaksPage,
} from '@memscope/model';

import { askAllRows } from '../../api/ask-all-rows.js';
import { askLeaks, type Question } from '../../api/question.js';
import { element, styled } from '../../dom/element.js';
import { segmented } from '../../dom/segmented.js';
import { nameOf, placeOf, visible } from '../../dom/visible-text.js';
import { kindOf } from '../../drawing/palette.js';
import { withFunction } from '../../state/change.js';
import { markBusy, nothingPasses, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { sparkline } from './sparkline.js';

const PAGE = 100;
const WARM_UPS = ['0', '5%', '10%', '25%'] as const;
/** Of rows without a line. */
const KIND_NAMES: Readonly<Record<LeaksPage['rows'][number]['kind'], string>> = {
  line: '<no frame>',
  import: '<no frame>',
  objects: 'Python objects (pymalloc arenas)',
  frameless: '<no Python frame>',
};
type WarmUp = (typeof WARM_UPS)[number];

export class LeaksView implements View {
  readonly #page: Page;
  readonly #warmUp;
  readonly #body = element('div', {});
  readonly root: HTMLElement;
  #limit = PAGE;
  #frame: Frame | null = null;
  #shown: LeaksPage | null = null;
  #drawn: unknown = null;

  constructor(page: Page) {
    this.#page = page;
    this.#warmUp = segmented<WarmUp>(
      'Warm-up',
      WARM_UPS.map((each) => [each, each === '0' ? 'None' : each, 'What was allocated in it does not count'] as const),
      (choice) => page.change((state) => ({ ...state, warmUp: choice === '0' ? null : choice })),
    );
    this.root = element(
      'section',
      { class: 'view leaks', 'aria-label': 'Leaks' },
      element('h1', { class: 'visually-hidden' }, 'Leaks'),
      element(
        'div',
        { class: 'tool-row' },
        element('span', { class: 'tool-title' }, 'Leave out what was allocated in the first'),
        this.#warmUp.root,
      ),
      this.#body,
    );
  }

  questions(frame: Omit<Frame, 'read'>): readonly Question<unknown>[] {
    return [this.#ask(frame)];
  }

  draw(frame: Frame): void {
    const { warmUp } = frame.state;
    const { report } = this.#page;
    this.#frame = frame;
    this.#warmUp.draw(WARM_UPS.find((each) => each === warmUp) ?? '0', report === null ? {} : refuseAll(report.scope));
    const answer = frame.read(this.#ask(frame));
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    markBusy(this.root, answer.state === 'loading');
    if (value !== null && value === this.#drawn) return;
    this.#drawn = value;
    this.#shown = value;
    if (value === null) {
      valueOrNotice(this.#body, answer);
      return;
    }
    if (value.rows.length === 0) {
      this.#body.replaceChildren(
        ...growthNotes(value),
        nothingPasses(
          'Nothing is left',
          'All that passes the filter was freed by the end.',
          value.suggestion,
          this.#page,
        ),
      );
      return;
    }
    const rest = (report?.leaksHeld ?? value.rowCount) - value.rows.length;
    const note = report?.leaksNote ?? '';
    this.#body.replaceChildren(
      ...growthNotes(value),
      verdictTiles(value),
      element('div', { class: 'table-scroll' }, this.#table(value, frame.run.startMs ?? value.stepMs[0] ?? 0)),
      ...(rest > 0 ? [this.#moreButton(rest)] : []),
      ...(note === '' ? [] : [element('p', { class: 'fine-print' }, note)]),
    );
  }

  savable(): Savable {
    const frame = this.#frame;
    if (frame === null || this.#shown === null) return { name: 'leaks' };
    return {
      name: 'leaks',
      csv: async () => csvOf(await askAllRows((offset, limit) => this.#page.ask(askRows(frame, offset, limit)))),
    };
  }

  #ask(frame: Omit<Frame, 'read'>): ReturnType<typeof askLeaks> {
    return askRows(frame, 0, this.#limit);
  }

  #moreButton(rest: number): HTMLElement {
    const more = (): void => {
      this.#limit += PAGE;
      this.#page.redraw();
    };
    return element(
      'button',
      { type: 'button', class: 'button more', onclick: more },
      `${formatCount(Math.min(PAGE, rest))} more of ${formatCount(rest)}`,
    );
  }

  #table(value: LeaksPage, start: number): HTMLElement {
    const titles = new Map(value.verdicts.map(({ name, title, rule }) => [name, { title, rule }]));
    const isCompared = value.base !== null;
    const heads: readonly (readonly [title: string, isNumber: boolean])[] = [
      [isCompared ? 'Function of the application' : 'Line of the application', false],
      [isCompared ? 'Live over time, head' : 'Live over time', false],
      ['Verdict', false],
      ...(isCompared
        ? ([
            ['Change', true],
            ['Base', true],
            ['Head', true],
          ] as const)
        : ([
            ['Left', true],
            ['Share', true],
          ] as const)),
      ['Count', true],
      ['Allocated', false],
      ['Most by', false],
      ['Sites', true],
    ];
    const rows = value.rows.map((row) => {
      const verdict = titles.get(row.verdict);
      const target = row.label?.function ?? null;
      const name = row.label === null ? KIND_NAMES[row.kind] : nameOf(row.label, 80);
      const open = (): void => this.#page.change((state) => withFunction(state, target));
      const swatch = styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), {
        background: `var(--kind-${kindOf(row.label?.kind ?? '')})`,
      });
      return element(
        'tr',
        {},
        element(
          'th',
          { scope: 'row' },
          swatch,
          row.base !== null && row.base.count === 0 ? element('span', { class: 'mark new' }, 'new') : null,
          target === null ? name : element('button', { type: 'button', class: 'link-button', onclick: open }, name),
          element(
            'span',
            { class: 'quiet place' },
            row.label === null ? '' : `${placeOf(row.label, 80)}${row.kind === 'import' ? ', what it imports' : ''}`,
          ),
        ),
        element(
          'td',
          {},
          sparkline(row.liveBytes, `Live bytes over time, ${formatBytes(row.liveBytes.at(-1) ?? 0)} at the end`),
        ),
        element(
          'td',
          {},
          element(
            'span',
            { class: 'verdict', title: verdict?.rule ?? null, 'data-verdict': row.verdict },
            visible(verdict?.title ?? row.verdict, 40),
          ),
        ),
        ...(row.base === null ? [] : comparedCells(row.bytes, row.base.bytes)),
        element('td', { class: 'number', title: countNoun(row.bytes, 'byte') }, formatBytes(row.bytes)),
        row.base === null ? element('td', { class: 'number quiet' }, formatShare(row.bytes, value.bytes)) : null,
        element('td', { class: 'number' }, formatCount(row.count)),
        element('td', { class: 'quiet' }, bornText(row.firstBornMs - start, row.lastBornMs - start)),
        element(
          'td',
          { class: 'quiet' },
          row.kind === 'objects' || row.innermost === null || row.innermost.name === row.label?.name
            ? ''
            : `${nameOf(row.innermost, 40)} ${placeOf(row.innermost, 60)}`,
        ),
        element('td', { class: 'number' }, formatCount(row.sites)),
      );
    });
    return element(
      'table',
      { class: 'plain-table' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...heads.map(([head, isNumber]) => element('th', { scope: 'col', class: isNumber ? 'number' : null }, head)),
        ),
      ),
      element('tbody', {}, ...rows),
    );
  }
}

/** The same words as on the overview. */
function growthNotes({ growth, attached, arenas }: LeaksPage): HTMLElement[] {
  const notes = growth.map(({ rule, title, text }) =>
    element(
      'li',
      { class: `finding ${rule === 'grows' ? 'warning' : 'note'}` },
      element('strong', {}, visible(title, 200)),
      element('p', {}, visible(text, 1200)),
    ),
  );
  return [
    ...[attached, arenas].flatMap((text) =>
      text === null ? [] : [element('p', { class: 'fine-print' }, visible(text, 500))],
    ),
    ...(notes.length === 0 ? [] : [element('ul', { class: 'findings', 'aria-label': 'What grows' }, ...notes)]),
  ];
}

function refuseAll(why: string): Readonly<Record<WarmUp, string>> {
  return { '0': why, '5%': why, '10%': why, '25%': why };
}

function comparedCells(head: number, base: number): HTMLElement[] {
  const change = head - base;
  const direction = change > 0 ? 'grew' : change < 0 ? 'shrank' : 'quiet';
  return [
    element(
      'td',
      { class: `number change ${direction}`, title: formatChange(base, change) },
      signedChange(change, formatBytes),
    ),
    element('td', { class: 'number' }, formatBytes(base)),
  ];
}

/** Both sides, and what only the base had. */
function comparedTile({ bytes, base }: LeaksPage): HTMLElement | null {
  if (base === null) return null;
  const change = bytes - base.bytes;
  const { gone } = base;
  const goneText =
    gone.lines === 0
      ? 'the head leaks wherever the base does'
      : `${formatBytes(gone.bytes)} of ${countNoun(gone.lines, 'function')} has gone`;
  return element(
    'div',
    { class: 'tile' },
    element('span', { class: 'tile-title' }, 'Change'),
    element('span', { class: 'tile-value' }, signedChange(change, formatBytes)),
    element(
      'span',
      { class: 'tile-detail' },
      `base ${formatBytes(base.bytes)} (${formatChange(base.bytes, change)}); ${goneText}`,
    ),
  );
}

function verdictTiles(page: LeaksPage): HTMLElement {
  const { verdicts, bytes, count, rowCount, base } = page;
  return element(
    'div',
    { class: 'tiles' },
    element(
      'div',
      { class: 'tile' },
      element('span', { class: 'tile-title' }, base === null ? 'Never freed' : 'Never freed, head'),
      element('span', { class: 'tile-value', title: countNoun(bytes, 'byte') }, formatBytes(bytes)),
      element(
        'span',
        { class: 'tile-detail' },
        `${countNoun(count, 'allocation')} below ${countNoun(rowCount, base === null ? 'line' : 'function')}`,
      ),
    ),
    comparedTile(page),
    ...verdicts
      .filter(({ lines }) => lines > 0)
      .map(({ name, title, rule, bytes: each, lines }) =>
        element(
          'div',
          { class: 'tile', 'data-verdict': name, title: rule },
          element('span', { class: 'tile-title' }, visible(title, 40)),
          element('span', { class: 'tile-value' }, formatBytes(each)),
          element('span', { class: 'tile-detail' }, `${countNoun(lines, 'line')}: ${visible(rule, 120)}`),
        ),
      ),
  );
}

function bornText(first: number, last: number): string {
  const text = (ms: number): string => formatDuration(Math.max(0, Math.round(ms)));
  return text(first) === text(last) ? `at ${text(first)}` : `${text(first)} – ${text(last)}`;
}

function askRows({ state, set }: Omit<Frame, 'read'>, offset: number, limit: number): ReturnType<typeof askLeaks> {
  const query = { ...state.query, measure: 'leaked' as const };
  return askLeaks(set, query, { warmUp: state.warmUp, offset, limit });
}

function csvOf(rows: LeaksPage['rows']): string {
  const isCompared = rows.some(({ base }) => base !== null);
  return writeCsv({
    columns: [
      'kind',
      'function',
      'file',
      'line',
      'sites',
      'bytes',
      'count',
      'first_born_ms',
      'last_born_ms',
      'verdict',
      ...(isCompared ? ['base_bytes', 'base_count'] : []),
    ],
    rows: rows.map((row) => [
      row.kind,
      row.label?.name ?? null,
      row.label?.file ?? null,
      row.label?.line ?? null,
      row.sites,
      row.bytes,
      row.count,
      row.firstBornMs,
      row.lastBornMs,
      row.verdict,
      ...(row.base === null ? [] : [row.base.bytes, row.base.count]),
    ]),
  });
}
