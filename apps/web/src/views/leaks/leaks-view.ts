/** What grows, and what was never freed: by verdict, and by line of the application with the curve of its live bytes. */
import {
  countNoun,
  formatBytes,
  formatCount,
  formatChange,
  headGrowth,
  signedChange,
  type LeaksPage,
} from '@memscope/model';

import { askAllRows } from '../../api/ask-all-rows.js';
import { askLeaks, type Question } from '../../api/question.js';
import { element } from '../../dom/element.js';
import { segmented } from '../../dom/segmented.js';
import { visible } from '../../dom/visible-text.js';
import { withFunction } from '../../state/change.js';
import { markBusy, nothingPasses, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { leakCsv, leakTable } from './leak-rows.js';

const PAGE = 50;
const WARM_UPS = ['0', '5%', '10%', '25%'] as const;
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
      valueOrNotice(this.#body, answer, this.#page);
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
    const open = (target: string): void => this.#page.change((state) => withFunction(state, target));
    this.#body.replaceChildren(
      ...growthNotes(value),
      verdictTiles(value),
      element('div', { class: 'table-scroll' }, leakTable(value, frame.run.startMs ?? value.stepMs[0] ?? 0, open)),
      ...(rest > 0 ? [this.#moreButton(rest)] : []),
      ...(note === '' ? [] : [element('p', { class: 'fine-print' }, note)]),
    );
  }

  savable(): Savable {
    const frame = this.#frame;
    if (frame === null || this.#shown === null) return { name: 'leaks' };
    return {
      name: 'leaks',
      csv: async () => leakCsv(await askAllRows((offset, limit) => this.#page.ask(askRows(frame, offset, limit)))),
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
    ...(notes.length === 0 ? [] : [element('ul', { class: 'findings', 'aria-label': headGrowth(growth) }, ...notes)]),
  ];
}

function refuseAll(why: string): Readonly<Record<WarmUp, string>> {
  return { '0': why, '5%': why, '10%': why, '25%': why };
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
          element('span', { class: 'tile-detail' }, `${countNoun(lines, 'line')}: ${visible(rule, 400)}`),
        ),
      ),
  );
}

function askRows({ state, set }: Omit<Frame, 'read'>, offset: number, limit: number): ReturnType<typeof askLeaks> {
  const query = { ...state.query, measure: 'leaked' as const };
  return askLeaks(set, query, { warmUp: state.warmUp, offset, limit });
}
