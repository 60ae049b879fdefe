/**
 * The chosen frame, docked below the graph: what it holds, of what is shown and of everything, its line of source, who
 * calls it, its curve over time, and what can be done with it. Its upper edge is dragged, or moved with the arrow keys.
 */
import { formatBytes, formatFilter, formatShare, isCode, textTerm, type Filter } from '@memscope/model';

import type { BandsAnswer, FlameAnswer } from '../../api/question.js';
import { element, icon } from '../../dom/element.js';
import { nameOf, placeOf, shortPlaceOf, visible } from '../../dom/visible-text.js';
import type { FlameNode } from '../../drawing/flame-tree.js';
import type { FrameFacts } from '../../drawing/flame-label.js';
import { sparkline } from '../leaks/sparkline.js';
import { factsElement } from './facts-element.js';

export interface PanelAction {
  readonly title: string;
  readonly key: string | null;
  readonly choose: () => void;
}

export interface ChosenFrame {
  readonly node: FlameNode;
  readonly answer: FlameAnswer;
  readonly facts: FrameFacts;
  readonly counts: boolean;
  readonly actions: readonly PanelAction[];
}

const CROSS = 'M4 4l8 8M12 4l-8 8';
const MOST_CALLERS = 6;
const LEAST_HEIGHT = 96;
const STEP = 24;

export class FramePanel {
  readonly #edge = element('div', {
    class: 'frame-panel-edge',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'horizontal',
    'aria-label': 'Height of the panel',
    onpointerdown: (event) => this.#drag(event),
    onkeydown: (event) => {
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
      this.#resize(this.root.offsetHeight + (event.key === 'ArrowUp' ? STEP : -STEP));
      event.preventDefault();
      event.stopPropagation();
    },
  });
  readonly #body = element('div', { class: 'frame-panel-body selected-facts' });
  readonly #curve = element('div', { class: 'frame-curve' });
  readonly root = element(
    'aside',
    { class: 'frame-panel', 'aria-label': 'The chosen frame', hidden: true },
    this.#edge,
    this.#body,
  );
  readonly #onClose: () => void;
  readonly #onChoose: (node: FlameNode) => void;

  constructor(onClose: () => void, onChoose: (node: FlameNode) => void) {
    this.#onClose = onClose;
    this.#onChoose = onChoose;
  }

  /** Null: none is chosen. */
  show(chosen: ChosenFrame | null): void {
    this.root.hidden = chosen === null;
    if (chosen === null) {
      this.#body.replaceChildren();
      return;
    }
    const { node, answer, facts, counts, actions } = chosen;
    const { label } = node;
    const close = { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: this.#onClose } as const;
    this.#body.replaceChildren(
      element(
        'div',
        { class: 'frame-panel-facts' },
        label.source === undefined ? null : element('code', { class: 'frame-source' }, visible(label.source, 200)),
        factsElement({ ...facts, lines: withShareOfShown(facts.lines, node, answer, counts) }),
      ),
      element('div', { class: 'frame-panel-callers' }, ...this.#callers(node)),
      this.#curve,
      element(
        'div',
        { class: 'frame-panel-actions' },
        ...actions.map(({ title, key, choose }) =>
          element(
            'button',
            { type: 'button', class: 'button', onclick: choose },
            title,
            key === null ? null : element('kbd', {}, key),
          ),
        ),
      ),
      element('button', close, icon(CROSS)),
    );
    this.#sayHeight();
  }

  /** Of the stacks through the frame's line, with a base of both sides; null = not known, or not yet. */
  showCurves(answers: readonly (BandsAnswer | null)[]): void {
    const sides = answers.length > 1 ? ['head: ', 'base: '] : [''];
    const drawn = answers.flatMap((answer, at) => (answer === null ? [] : curveOf(answer, sides[at]!)));
    this.#curve.replaceChildren(...drawn);
  }

  #callers(node: FlameNode): HTMLElement[] {
    const callers: FlameNode[] = [];
    for (let at = node.parent; at !== null && isCode(at.label); at = at.parent) callers.push(at);
    if (callers.length === 0) return [element('span', { class: 'quiet' }, 'Nothing that shows calls it.')];
    const left = callers.length - MOST_CALLERS;
    return [
      element('span', { class: 'quiet' }, 'Called by'),
      ...callers.slice(0, MOST_CALLERS).map((caller) =>
        element(
          'button',
          {
            type: 'button',
            class: 'frame-caller',
            title: placeOf(caller.label),
            onclick: () => this.#onChoose(caller),
          },
          `${nameOf(caller.label, 40)} ${shortPlaceOf(caller.label)}`.trimEnd(),
        ),
      ),
      ...(left > 0 ? [element('span', { class: 'quiet' }, `and ${left} more`)] : []),
    ];
  }

  #drag(event: PointerEvent): void {
    const [from, height] = [event.clientY, this.root.offsetHeight];
    const move = (to: PointerEvent): void => this.#resize(height + from - to.clientY);
    this.#edge.setPointerCapture(event.pointerId);
    this.#edge.addEventListener('pointermove', move);
    this.#edge.addEventListener('lostpointercapture', () => this.#edge.removeEventListener('pointermove', move), {
      once: true,
    });
    event.preventDefault();
  }

  /** In pixels, as a separator that can be moved has to. */
  #sayHeight(): void {
    const { offsetHeight } = this.root;
    for (const [name, value] of [
      ['now', offsetHeight],
      ['min', LEAST_HEIGHT],
      ['max', Math.round(Math.max(offsetHeight, mostHeight()))],
    ] as const) {
      this.#edge.setAttribute(`aria-value${name}`, String(value));
    }
  }

  #resize(height: number): void {
    const most = mostHeight();
    this.root.style.setProperty('height', `${Math.round(Math.min(most, Math.max(LEAST_HEIGHT, height)))}px`);
    this.#sayHeight();
  }
}

function mostHeight(): number {
  return Math.max(LEAST_HEIGHT, innerHeight * 0.7);
}

function curveOf(answer: BandsAnswer, side: string): Element[] {
  const bands = answer.head.bands.map((_, at) => answer.column[`b${at}`] ?? new Float64Array());
  const values = Array.from({ length: answer.length }, (_, row) =>
    bands.reduce((sum, band) => sum + (band[row] ?? 0), 0),
  );
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const title = `${side}live over time, at most ${formatBytes(most)}`;
  return [sparkline(values, title, 200, 40), element('span', { class: 'quiet' }, title)];
}

/** A filter that stacks through the frame pass: by its line, else its function; null where neither is known. */
export function filterOfFrame({ label }: FlameNode): string | null {
  const term = (field: 'line' | 'function' | 'file', text: string): Filter =>
    textTerm(field, { kind: 'plain', text: text.slice(0, 200) });
  const { file, line, name } = label;
  if (label.function === null) return null;
  if (label.kind !== 'native' && file !== null && line !== null) return formatFilter(term('line', `${file}:${line}`));
  if (label.function.startsWith('<module>\n') && file !== null) return formatFilter(term('file', file));
  return formatFilter(term('function', name));
}

/** Behind its share of everything that of what is shown, where that is less. */
function withShareOfShown(
  lines: FrameFacts['lines'],
  { row }: FlameNode,
  { head, column }: FlameAnswer,
  counts: boolean,
): FrameFacts['lines'] {
  const part = (counts ? column.count : column.bytes)?.[row];
  const whole = counts ? head.rootCount : head.rootBytes;
  const isSame = whole === (counts ? head.count : head.bytes);
  if (row < 0 || part === undefined || isSame || head.weigh !== null) return lines;
  const [total = [], ...rest] = lines;
  return [total, ['', '', '', `${formatShare(part, whole)} of what is shown`], ...rest];
}
