/**
 * The flame graph: its tools, its crumbs, the graph, and what a search found. Asks for the shown root at the width of
 * the view: what is drawn stays until the answer for a new root has come.
 */
import type { ComparedWeight, FlameLabel } from '@memscope/model';

import { askFlame, askSearch, type FlameAnswer } from '../../api/question.js';
import { currentTheme, readToken } from '../../controls/theme.js';
import { element } from '../../dom/element.js';
import { openMenu, Tooltip } from '../../dom/floating.js';
import { scaleOf, sidesOfNode } from '../../drawing/compared-nodes.js';
import { colourChangedFrame, colourFrame, isMatched, type FrameColours } from '../../drawing/frame-colour.js';
import { factsOf, sentenceOf } from '../../drawing/flame-label.js';
import { buildFlameTree, neighbourOf, type FlameNode, type FlameTree } from '../../drawing/flame-tree.js';
import { withFlame } from '../../state/change.js';
import { markBusy, nothingPasses, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { FlameChart, type FlameChartLook } from './flame-chart.js';
import { saveFlame } from './save-flame.js';
import { FlameTools } from './flame-tools.js';
import { FRAME_ACTIONS, rootOf } from './frame-actions.js';
import { factsElement } from './facts-element.js';

/** Beyond it frames would be folded that a wide screen can show; below it a phone still shows something. */
const LEAST_WIDTH = 300;

const NOTHING = ['Nothing to draw', 'Nothing passes the filter in this part of the recording.'] as const;

/** What stands there when nothing is as wide as a pixel by a weight. */
const NOTHING_COMPARED: Readonly<Record<ComparedWeight, readonly [title: string, reason: string]>> = {
  larger: NOTHING,
  head: ['Nothing in the head', 'Nothing of it passes the filter in this part of the recording.'],
  base: ['Nothing in the base', 'Nothing of it passes the filter in this part of the recording.'],
  change: ['Nothing changed', 'Both sides hold the same on every path.'],
  grown: ['Nothing grew', 'The head holds on no path more than the base.'],
  shrunk: ['Nothing shrank', 'The head holds on no path less than the base.'],
};

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
  readonly root: HTMLElement;
  #shown: { readonly answer: FlameAnswer; readonly tree: FlameTree; readonly frame: Frame } | null = null;
  #drawn: unknown[] = [];
  #pointer = { x: -1, y: -1 };
  #hovered: FlameNode | null = null;
  /** Drawn frames that the search has found, the heaviest first, and the one that was stepped to. */
  #matches: readonly FlameNode[] = [];
  #matchAt = -1;

  constructor(page: Page) {
    this.#page = page;
    this.#tools = new FlameTools(page, (step) => this.#stepMatch(step));
    this.#chart = new FlameChart({
      onZoom: (node) => page.change((state) => withFlame(state, { root: rootOf(node) })),
      onHover: (node, event) => this.#hover(node, event),
      onMenu: (node, x, y) => this.#openMenu(node, x, y),
    });
    this.root = element('section', { class: 'view flame', 'aria-label': 'Flame graph' });
    this.root.append(
      element('h1', { class: 'visually-hidden' }, 'Flame graph'),
      this.#tools.root,
      this.#stage,
      this.#folded,
    );
  }

  questions({ state, set, width }: Omit<Frame, 'read'>): ReturnType<View['questions']> {
    const { search } = state.flame;
    const flame = this.#ask({ state, set, width });
    return search === null ? [flame] : [flame, askSearch(set, state.query, search)];
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
    const matched = found?.state === 'ready' ? found.value.functions : null;
    const { scheme } = currentTheme();
    // Of another weight nodes are there that the shown answer lacks, but what it has is drawn at once.
    const { weigh, upwards } = state.flame;
    const drawn = [value, matched, scheme, frame.width, upwards, state.query.counts, weigh];
    const isSame = drawn.every((each, index) => each === this.#drawn[index]);
    if (isSame && this.#shown !== null) {
      this.#shown = { ...this.#shown, frame };
      return;
    }
    const onlyColours =
      this.#shown?.answer === value && drawn.every((each, at) => at === 1 || at === 2 || each === this.#drawn[at]);
    this.#drawn = drawn;
    const look = this.#look(frame, value, matched);
    if (onlyColours) {
      this.#shown = { ...this.#shown!, frame };
      this.#chart.recolour(look);
      this.#findMatches(matched);
      return;
    }
    const tree = buildFlameTree(value, state.query.counts, weigh, scale);
    if (tree === null) {
      this.#forget();
      const [title, reason] = value.head.weigh === null ? NOTHING : NOTHING_COMPARED[weigh];
      this.#stage.replaceChildren(nothingPasses(title, reason, value.head.suggestion, this.#page));
      return;
    }
    this.#shown = { answer: value, tree, frame };
    this.#tooltip.hide();
    if (this.#chart.root.parentNode !== this.#stage) this.#stage.replaceChildren(this.#chart.root);
    this.#chart.draw(tree, look);
    this.#tools.showFacts(null);
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
      this.#select(selected === null ? start : neighbourOf(selected, direction[event.key as keyof typeof direction]));
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
    const { report } = this.#page;
    if (report !== null && action.changesTree) {
      this.#page.announce(report.tree);
      return true;
    }
    this.#page.change((state) => action.change(state, selected));
    return true;
  }

  savable(): Savable {
    return this.#shown === null
      ? { name: 'flame' }
      : saveFlame(
          this.#shown.tree,
          this.#shown.answer,
          this.#shown.frame,
          this.#look(this.#shown.frame, this.#shown.answer, null).colourOf,
        );
  }

  #ask({ state, set, width }: Pick<Frame, 'state' | 'set' | 'width'>): ReturnType<typeof askFlame> {
    const { inverted, transforms, root, weigh, search } = state.flame;
    // What is searched for may lie below an import.
    const opens = search !== null && state.query.frames === 'program';
    const query = opens ? ({ ...state.query, frames: 'imports' } as const) : state.query;
    return askFlame(set, query, { inverted, transforms, root, width: Math.max(LEAST_WIDTH, width), weigh });
  }

  #look({ state, width }: Frame, answer: FlameAnswer, matched: readonly string[] | null): FlameChartLook {
    const colours: FrameColours = {
      palette: currentTheme().palette,
      surface: readToken('--surface'),
      quiet: readToken('--frame-quiet'),
      matched: matched === null ? null : new Set(matched),
    };
    const { counts } = state.query;
    const { weigh } = state.flame;
    const scale = scaleOf(answer, { counts, weigh }, colours.palette.change);
    const known = new Map<FlameLabel, string>();
    const size = { width: Math.max(LEAST_WIDTH, width), upwards: state.flame.upwards };
    if (scale !== null) {
      const colourOf = ({ label, row }: FlameNode): string =>
        colourChangedFrame(label, sidesOfNode(answer, row, counts), { scale, weigh }, colours);
      return { ...size, colourOf };
    }
    return {
      ...size,
      colourOf: ({ label }) => {
        let colour = known.get(label);
        if (colour === undefined) known.set(label, (colour = colourFrame(label, colours)));
        return colour;
      },
    };
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
    this.#tools.showFacts(facts);
    this.#page.announce(before + sentenceOf(facts));
  }

  #findMatches(functions: readonly string[] | null): void {
    const matched = new Set(functions);
    const nodes = this.#shown?.tree.nodes ?? [];
    this.#matches = nodes.filter(({ label }) => isMatched(label, matched)).toSorted((a, b) => b.value - a.value);
    this.#matchAt = -1;
    this.#tools.showMatches(functions === null ? null : this.#matches.length, -1);
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
    const { report } = this.#page;
    const actions = FRAME_ACTIONS.filter(({ fits, changesTree }) => fits(node) && (report === null || !changesTree));
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
    this.#folded.textContent = this.#tools.foldedText(answer, this.#shown?.frame.state ?? null);
  }

  #forget(): void {
    this.#shown = null;
    this.#drawn = [];
    this.#matches = [];
    this.#tools.showMatches(null, -1);
    this.#tools.showFacts(null);
    this.#folded.textContent = '';
    this.#tooltip.hide();
  }
}
