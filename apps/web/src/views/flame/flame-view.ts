/**
 * The flame graph: its tools, its crumbs, the graph, and what a search found. Asks for the shown root at the width of
 * the view: what is drawn stays until the answer for a new root has come.
 */
import type { SearchAnswer } from '@memscope/model';

import { askFlame, askSearch, type FlameAnswer } from '../../api/question.js';
import { currentTheme } from '../../controls/theme.js';
import { element } from '../../dom/element.js';
import { openMenu, Tooltip } from '../../dom/floating.js';
import { scaleOf } from '../../drawing/compared-nodes.js';
import { framesOf, isMatched } from '../../drawing/frame-colour.js';
import { factsOf, sentenceOf } from '../../drawing/flame-label.js';
import { buildFlameTree, neighbourOf, type FlameNode, type FlameTree } from '../../drawing/flame-tree.js';
import { withFlame } from '../../state/change.js';
import { markBusy, nothingPasses, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { FlameChart } from './flame-chart.js';
import { LEAST_WIDTH, lookOf } from './flame-look.js';
import { saveFlame } from './save-flame.js';
import { FlameTools } from './flame-tools.js';
import { whyEmpty, wordsOf } from './flame-words.js';
import { FRAME_ACTIONS, rootOf } from './frame-actions.js';
import { factsElement } from './facts-element.js';
import { askCurves } from './frame-curve.js';
import { sayFolded } from './folded-words.js';
import { FramePanel } from './frame-panel.js';
import { panelActions } from './panel-actions.js';

export class FlameView implements View {
  readonly #page: Page;
  readonly #tools: FlameTools;
  readonly #chart: FlameChart;
  readonly #tooltip = new Tooltip();
  readonly #stage = element('div', {
    class: 'flame-stage',
    tabindex: 0,
    role: 'application',
    'aria-label':
      'Flame graph. Arrow keys move between frames, Enter zooms in, Backspace zooms out, Menu opens actions.',
  });
  readonly #folded = element('p', { class: 'fine-print' });
  readonly #panel: FramePanel;
  readonly root: HTMLElement;
  #shown: { readonly answer: FlameAnswer; readonly tree: FlameTree; readonly frame: Frame } | null = null;
  #drawn: unknown[] = [];
  #pointer = { x: -1, y: -1 };
  #hovered: FlameNode | null = null;
  /** Drawn frames that the search has found, the heaviest first, and the one that was stepped to. */
  #matches: readonly FlameNode[] = [];
  #matchAt = -1;
  /** The root of what is drawn. */
  #root: number | null = null;

  constructor(page: Page) {
    this.#page = page;
    this.#tools = new FlameTools(page, (step) => this.#stepMatch(step));
    this.#chart = new FlameChart({
      onZoom: (node) => page.change((state) => withFlame(state, { root: rootOf(node) })),
      onChoose: (node) => this.#select(node),
      onHover: (node, event) => this.#hover(node, event),
      onMenu: (node, x, y) => this.#openMenu(node, x, y),
    });
    this.#panel = new FramePanel(
      () => this.#unselect(),
      (node) => this.#select(node),
    );
    this.root = element('section', { class: 'view flame', 'aria-label': 'Flame graph' });
    this.root.append(
      element('h1', { class: 'visually-hidden' }, 'Flame graph'),
      this.#tools.root,
      this.#stage,
      this.#folded,
      this.#panel.root,
    );
  }

  questions({ state, set, width }: Omit<Frame, 'read'>): ReturnType<View['questions']> {
    const { search } = state.flame;
    const flame = this.#ask({ state, set, width });
    const curves = askCurves(this.#chart.selected(), { state, set });
    return [flame, ...(search === null ? [] : [askSearch(set, state.query, search)]), ...curves];
  }

  draw(frame: Frame): void {
    const { state, set } = frame;
    const { search } = state.flame;
    const found = search === null ? null : frame.read(askSearch(set, state.query, search));
    const answer = frame.read(this.#ask(frame));
    const value = answer.state === 'ready' ? answer.value : answer.state === 'loading' ? answer.stale : null;
    const { counts } = state.query;
    const scale =
      value === null ? null : scaleOf(value, { counts, weigh: state.flame.weigh }, currentTheme().palette.change);
    this.#tools.draw(frame, value, found, scale);
    markBusy(this.root, answer.state === 'loading' || found?.state === 'loading');
    if (value === null) {
      this.#forget();
      valueOrNotice(this.#stage, answer, this.#page);
      return;
    }
    const matched = found?.state === 'ready' ? found.value : null;
    const { scheme } = currentTheme();
    // Of another weight nodes are there that the shown answer lacks, but what it has is drawn at once.
    const { weigh, upwards } = state.flame;
    const drawn = [value, matched, scheme, state.flame.legend, frame.width, upwards, state.query.counts, weigh];
    const isSame = drawn.every((each, index) => each === this.#drawn[index]);
    this.#drawCurve(frame);
    if (isSame && this.#shown !== null) {
      this.#shown = { ...this.#shown, frame };
      return;
    }
    const onlyColours =
      this.#shown?.answer === value && drawn.every((each, at) => (at >= 1 && at <= 3) || each === this.#drawn[at]);
    this.#drawn = drawn;
    const look = lookOf(frame, value, matched);
    if (onlyColours) {
      this.#shown = { ...this.#shown!, frame };
      this.#chart.recolour(look);
      this.#findMatches(matched);
      return;
    }
    const tree = buildFlameTree(value, counts, weigh, scale, wordsOf(state.query));
    if (tree === null) {
      this.#forget();
      const [title, reason] = whyEmpty(value.head.weigh === null ? 'larger' : weigh);
      this.#stage.replaceChildren(nothingPasses(title, reason, value.head.suggestion, this.#page));
      return;
    }
    const { root } = state.flame;
    const isZoom = root !== null && this.#shown !== null && root !== this.#root;
    this.#root = root;
    this.#shown = { answer: value, tree, frame };
    this.#tooltip.hide();
    if (this.#chart.root.parentNode !== this.#stage) this.#stage.replaceChildren(this.#chart.root);
    this.#chart.draw(tree, look);
    this.#panel.show(null);
    // What was zoomed in on stays chosen in the graph that it became the root of: keys go on from it.
    if (isZoom) this.#select(tree.nodes[0]!);
    this.#findMatches(matched);
    this.#sayFolded(value);
  }

  onKey(event: KeyboardEvent): boolean {
    const shown = this.#shown;
    if (shown === null) return false;
    const { upwards } = shown.frame.state.flame;
    const direction = {
      ArrowUp: upwards ? 'callee' : 'caller',
      ArrowDown: upwards ? 'caller' : 'callee',
      ArrowLeft: 'left',
      ArrowRight: 'right',
    } as const;
    const selected = this.#chart.selected();
    if ((event.key === 'n' || event.key === 'N') && this.#matches.length > 0) {
      this.#stepMatch(event.key === 'n' ? 1 : -1);
      return true;
    }
    if (event.key in direction) {
      const start = shown.tree.nodes[0]!;
      const next = selected === null ? start : neighbourOf(selected, direction[event.key as keyof typeof direction]);
      // What moves nothing here moves the page.
      if (next === selected) return false;
      this.#select(next);
      return true;
    }
    if (event.key === 'Backspace') {
      const { path } = shown.answer.head;
      const before = path.findLast(({ id }) => id !== shown.frame.state.flame.root);
      this.#page.change((state) =>
        withFlame(state, { root: before?.label.kind === 'all' ? null : (before?.id ?? null) }),
      );
      return true;
    }
    if (selected === null) return false;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const { x, y } = this.#chart.selectedPlace();
      this.#openMenu(selected, x, y);
      return true;
    }
    const action = FRAME_ACTIONS.find(({ key, fits }) => key === event.key && fits(selected));
    if (action === undefined) return false;
    this.#page.change((state) => action.change(state, selected));
    return true;
  }

  savable(): Savable {
    return this.#shown === null
      ? { name: 'flame' }
      : saveFlame(this.#shown.tree, this.#shown.answer, this.#shown.frame, {
          colourOf: lookOf(this.#shown.frame, this.#shown.answer, null).colourOf,
          legend: this.#tools.legend,
        });
  }

  #ask({ state, set, width }: Pick<Frame, 'state' | 'set' | 'width'>): ReturnType<typeof askFlame> {
    const { inverted, transforms, root, weigh, search } = state.flame;
    // What is searched for may lie below an import.
    const opens = search !== null && state.query.frames === 'program';
    const query = opens ? ({ ...state.query, frames: 'imports' } as const) : state.query;
    return askFlame(set, query, { inverted, transforms, root, width: Math.max(LEAST_WIDTH, width), weigh });
  }

  #hover(node: FlameNode | null, event: MouseEvent | null): void {
    if (node === null || event === null || this.#shown === null) {
      this.#tooltip.hide();
      return;
    }
    // After a drawing or a menu the pointer is over another frame without having moved.
    if (event.clientX === this.#pointer.x && event.clientY === this.#pointer.y) return;
    this.#pointer = { x: event.clientX, y: event.clientY };
    const { answer, frame } = this.#shown;
    if (this.#hovered === node && !this.#tooltip.root.hidden) this.#tooltip.move(event.clientX, event.clientY);
    else {
      this.#tooltip.show(event.clientX, event.clientY, factsElement(factsOf(node, answer, frame.state.query.counts)));
    }
    this.#hovered = node;
  }

  /** `before` is said in front of what is known of the frame. */
  #select(node: FlameNode, before = ''): void {
    const { answer, frame } = this.#shown!;
    this.#chart.select(node);
    const facts = factsOf(node, answer, frame.state.query.counts);
    this.#panel.show({
      node,
      answer,
      facts,
      counts: frame.state.query.counts,
      actions: panelActions(node, this.#page),
    });
    this.#drawCurve(frame);
    this.#page.redraw();
    this.#page.announce(before + sentenceOf(facts));
  }

  #unselect(): void {
    this.#chart.select(null);
    this.#panel.show(null);
    this.#stage.focus();
  }

  #drawCurve(frame: Frame): void {
    const answers = askCurves(this.#chart.selected(), frame).map((question) => frame.read(question));
    this.#panel.showCurves(answers.map((answer) => (answer.state === 'ready' ? answer.value : null)));
  }

  #findMatches(found: SearchAnswer | null): void {
    const matched = framesOf(found);
    const nodes = this.#shown?.tree.nodes ?? [];
    this.#matches = nodes
      .filter(({ label }) => matched !== null && isMatched(label, matched))
      .toSorted((a, b) => b.value - a.value);
    this.#matchAt = -1;
    this.#tools.showMatches(matched === null ? null : this.#matches.length, -1);
  }

  /** Selects the next match, or the one before, and brings it into view; behind the last comes the first. */
  #stepMatch(step: 1 | -1): void {
    const { length } = this.#matches;
    if (length === 0) return;
    this.#matchAt = this.#matchAt < 0 && step < 0 ? length - 1 : (this.#matchAt + step + length) % length;
    this.#tools.showMatches(length, this.#matchAt);
    this.#select(this.#matches[this.#matchAt]!, `Match ${this.#matchAt + 1} of ${length}: `);
  }

  #openMenu(node: FlameNode, x: number, y: number): void {
    this.#tooltip.hide();
    const actions = FRAME_ACTIONS.filter(({ fits }) => fits(node));
    openMenu(
      x,
      y,
      'What to do with this frame',
      actions.map(({ key, title, change }) => ({
        key,
        title,
        choose: () => this.#page.change((state) => change(state, node)),
      })),
    );
  }

  #sayFolded(answer: FlameAnswer): void {
    const state = this.#shown?.frame.state;
    const notHeld = state === undefined ? null : (this.#page.report?.foldedFrames(state) ?? null);
    this.#folded.textContent = sayFolded(answer, notHeld);
  }

  #forget(): void {
    this.#shown = null;
    this.#drawn = [];
    this.#matches = [];
    this.#tools.showMatches(null, -1);
    this.#panel.show(null);
    this.#folded.textContent = '';
    this.#tooltip.hide();
  }
}
