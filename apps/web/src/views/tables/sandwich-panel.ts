/** One function: who calls it and what it calls, as two small flame graphs around it, and its source line by line. */
import {
  countNoun,
  formatBytes,
  formatChange,
  formatCount,
  formatShare,
  isCounted,
  signedChange,
  writeCsv,
  type FunctionName,
  type SandwichAnswer,
  type SmallTree,
  type ViewQuery,
} from '@memscope/model';

import { askSandwich, askSource, type Question } from '../../api/question.js';
import { currentTheme } from '../../controls/theme.js';
import { element, icon, type Child } from '../../dom/element.js';
import { nameOf, placeOf, visible } from '../../dom/visible-text.js';
import { withFlame, withFunction, withTable, withTransform, withView } from '../../state/change.js';
import type { ChangeScale } from '../../drawing/change-scale.js';
import { scaleOfNodes } from '../../drawing/compared-nodes.js';
import type { ChangeColours } from '../../drawing/palette.js';
import { changeLegend } from '../flame/change-legend.js';
import { errorNotice, loadingNotice, markBusy, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable } from '../view.js';
import { columnsOfTree, smallFlame } from './small-flame.js';
import { sourceLines } from './source-lines.js';

export const BACK = 'M10 3L5 8l5 5';

const COLUMNS = ['side', 'node', 'parent', 'function', 'file', 'line', 'bytes', 'count'];

export class SandwichPanel {
  readonly #page: Page;
  readonly #title = element('div', { class: 'sandwich-title' });
  readonly #body = element('div', { class: 'sandwich-body' });
  readonly #source = element('div', { class: 'source-box' });
  readonly root: HTMLElement;
  #shown: SandwichAnswer | null = null;
  // The trees are drawn once, although their function's lines come later.
  #drawnPaths: unknown[] = [];
  #drawnLines: unknown[] = [];

  constructor(page: Page) {
    this.#page = page;
    this.root = element('div', { class: 'sandwich' }, this.#title, this.#body, this.#source);
  }

  questions({ state, set, width }: Omit<Frame, 'read'>, name: FunctionName): readonly Question<unknown>[] {
    return [askSandwich(set, state.query, name, width), askSource(set, state.query, name)];
  }

  draw(frame: Frame, name: FunctionName): void {
    const { state, set, width } = frame;
    const answer = frame.read(askSandwich(set, state.query, name, width));
    const source = frame.read(askSource(set, state.query, name));
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    markBusy(this.root, answer.state === 'loading');
    const paths = [value, answer.state === 'failed' && answer.error, name, width, state.query, currentTheme().scheme];
    if (paths.some((each, index) => each !== this.#drawnPaths[index])) {
      this.#drawnPaths = paths;
      this.#shown = value;
      this.#title.replaceChildren(...this.#makeTitle(value, name));
      if (value === null) valueOrNotice(this.#body, answer, this.#page);
      else this.#body.replaceChildren(...this.#makeBody(value, state.query, width));
    }
    const lines = [source.state === 'ready' ? source.value : source.state, state.query.counts];
    if (lines.every((each, index) => each === this.#drawnLines[index])) return;
    this.#drawnLines = lines;
    if (source.state === 'ready') this.#source.replaceChildren(...sourceLines(source.value, state.query.counts));
    else
      this.#source.replaceChildren(source.state === 'failed' ? errorNotice(source.error, this.#page) : loadingNotice());
  }

  savable(): Savable {
    const shown = this.#shown;
    if (shown === null) return { name: 'function' };
    const isCompared = shown.base !== null;
    const rowsOf = (side: string, { parent, label, bytes, count, compared }: SmallTree): (string | number | null)[][] =>
      label.map((each, row) => [
        side,
        row,
        parent[row] ?? null,
        each.name,
        each.file,
        each.line,
        bytes[row] ?? null,
        count[row] ?? null,
        ...(compared === null ? [] : [compared.baseBytes[row] ?? null, compared.baseCount[row] ?? null]),
      ]);
    return {
      name: 'function',
      csv: () =>
        writeCsv({
          columns: [...COLUMNS, ...(isCompared ? ['base_bytes', 'base_count'] : [])],
          rows: [...rowsOf('callers', shown.callers), ...rowsOf('callees', shown.callees)],
        }),
    };
  }

  #makeTitle(value: SandwichAnswer | null, name: FunctionName): HTMLElement[] {
    const back = element(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: () => this.#page.change((state) => withTable(state, { function: null })),
      },
      icon(BACK),
      'All functions',
    );
    if (value === null) return [back, element('h2', {}, visible(name.split('\n')[0] ?? name, 120))];
    const { function: label } = value;
    const focus = (): void =>
      this.#page.change((state) =>
        withTransform(withView(withFlame(state, { root: null }), 'flame'), { kind: 'focus', target: name }),
      );
    const title = [
      back,
      element('h2', {}, nameOf(label, 120), ' ', element('span', { class: 'quiet place' }, placeOf(label, 200))),
      element('button', { type: 'button', class: 'button', onclick: focus }, 'Focus in the flame graph'),
    ];
    return title;
  }

  #makeBody(value: SandwichAnswer, { counts, measure }: ViewQuery, width: number): HTMLElement[] {
    const { bytes, count, selfBytes, selfCount, base, callers, callees } = value;
    const colours = currentTheme().palette.change;
    const scale = base === null ? null : scaleOfSandwich(value, base, counts, colours);
    const open = (each: FunctionName): void => this.#page.change((state) => withFunction(state, each));
    const amounts =
      base !== null
        ? comparedAmounts(value, base, counts || isCounted(measure))
        : isCounted(measure)
          ? element(
              'p',
              { class: 'sandwich-amounts' },
              element('strong', {}, countNoun(count, 'object')),
              `, callees included · ${formatCount(selfCount)} of its own (${formatShare(selfCount, count)})`,
            )
          : element(
              'p',
              { class: 'sandwich-amounts' },
              element('strong', {}, formatBytes(bytes)),
              ` in ${countNoun(count, 'allocation')}, callees included · `,
              element('strong', {}, formatBytes(selfBytes)),
              ` in ${formatCount(selfCount)} of its own (${formatShare(selfBytes, bytes)})`,
            );
    const side = (title: string, tree: SmallTree, upwards: boolean, empty: string): HTMLElement =>
      element(
        'section',
        { class: 'sandwich-side', 'aria-label': title },
        element('h2', {}, title),
        tree.label.length <= 1
          ? element('p', { class: 'quiet' }, empty)
          : scrolled(smallFlame(tree, { width, upwards, counts, scale, open }), upwards),
      );
    const legend =
      scale === null
        ? []
        : [element('ul', { class: 'legend', 'aria-label': 'Colours' }, ...changeLegend(scale, counts, colours))];
    return [
      amounts,
      ...legend,
      side('Who calls it', callers, true, 'Nobody: it is at the root of its stacks.'),
      side('What it calls', callees, false, 'Nothing that allocates: all of it is its own.'),
    ];
  }
}

type Sums = Pick<SandwichAnswer, 'bytes' | 'count' | 'selfBytes' | 'selfCount'>;

function comparedAmounts(head: Sums, base: Sums, counts: boolean): HTMLElement {
  const format = counts ? formatCount : formatBytes;
  const sides = (before: number, now: number): Child[] => [
    `base ${format(before)} → head `,
    element('strong', {}, format(now)),
    `: ${signedChange(now - before, format)} (${formatChange(before, now - before)})`,
  ];
  const [all, own] = counts
    ? [sides(base.count, head.count), sides(base.selfCount, head.selfCount)]
    : [sides(base.bytes, head.bytes), sides(base.selfBytes, head.selfBytes)];
  return element('p', { class: 'sandwich-amounts' }, 'With callees ', ...all, ' · its own ', ...own);
}

/** One for both trees, whose roots are the function. */
function scaleOfSandwich(
  { callers, callees, ...head }: SandwichAnswer,
  base: Sums,
  counts: boolean,
  colours: ChangeColours,
): ChangeScale {
  const whole = counts ? Math.max(head.count, base.count) : Math.max(head.bytes, base.bytes);
  const scales = [callers, callees].map((tree) =>
    scaleOfNodes(columnsOfTree(tree), tree.label.length, { whole, counts, weigh: 'larger' }, colours),
  );
  return scales.reduce((one, other) => (other.steps[0]! > one.steps[0]! ? other : one));
}

/** The function itself stays in sight: callers are scrolled to the bottom. */
function scrolled(flame: SVGSVGElement, toBottom: boolean): HTMLElement {
  const box = element('div', { class: 'sandwich-scroll' }, flame);
  if (toBottom) requestAnimationFrame(() => (box.scrollTop = box.scrollHeight));
  return box;
}
