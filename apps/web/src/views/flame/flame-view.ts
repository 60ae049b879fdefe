/**
 * The flame graph: its tools, its crumbs, the graph, and what a search found. Asks for the shown root at the width of
 * the view: what is drawn stays until the answer for a new root has come.
 */
import { quoteName, type ComparedWeight, type FlameLabel, type ViewQuery } from '@memscope/model';

import {
  askBands,
  askFlame,
  askSearch,
  type BandsAnswer,
  type FlameAnswer,
  type Question,
} from '../../api/question.js';
import { isChosen } from '../../controls/choice-legend.js';
import { currentTheme, readToken } from '../../controls/theme.js';
import { element } from '../../dom/element.js';
import { copyText } from '../../dom/copy-text.js';
import { openMenu, Tooltip } from '../../dom/floating.js';
import { nameOf, placeOf, visible } from '../../dom/visible-text.js';
import { scaleOf, sidesOfNode } from '../../drawing/compared-nodes.js';
import { colourChangedFrame, colourFrame, isMatched, type FrameColours } from '../../drawing/frame-colour.js';
import { factsOf, sentenceOf } from '../../drawing/flame-label.js';
import { buildFlameTree, neighbourOf, type FlameNode, type FlameTree } from '../../drawing/flame-tree.js';
import { withFlame, withQuery } from '../../state/change.js';
import { joinFilters } from '../../state/join-filters.js';
import { markBusy, nothingPasses, valueOrNotice } from '../notice.js';
import type { Frame, Page, Savable, View } from '../view.js';
import { FlameChart, type FlameChartLook } from './flame-chart.js';
import { saveFlame } from './save-flame.js';
import { FlameTools } from './flame-tools.js';
import { FRAME_ACTIONS, rootOf } from './frame-actions.js';
import { factsElement } from './facts-element.js';
import { filterOfFrame, FramePanel, type PanelAction } from './frame-panel.js';

/** Of the curve of the chosen frame. */
const CURVE_POINTS = 120;

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
  readonly #panel: FramePanel;
  readonly root: HTMLElement;
  #shown: { readonly answer: FlameAnswer; readonly tree: FlameTree; readonly frame: Frame } | null = null;
  #drawn: unknown[] = [];
  #pointer = { x: -1, y: -1 };
  #hovered: FlameNode | null = null;
  /** Drawn frames that the search has found, the heaviest first, and the one that was stepped to. */
  #matches: readonly FlameNode[] = [];
  #matchAt = -1;
  /** The root that a click has asked for. */
  #zoomed: number | null = null;

  constructor(page: Page) {
    this.#page = page;
    this.#tools = new FlameTools(page, (step) => this.#stepMatch(step));
    this.#chart = new FlameChart({
      onZoom: (node) => {
        this.#zoomed = rootOf(node);
        page.change((state) => withFlame(state, { root: rootOf(node) }));
      },
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
    const curves = this.#askCurves({ state, set });
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
    const matched = found?.state === 'ready' ? found.value.functions : null;
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
    const look = this.#look(frame, value, matched);
    if (onlyColours) {
      this.#shown = { ...this.#shown!, frame };
      this.#chart.recolour(look);
      this.#findMatches(matched);
      return;
    }
    const tree = buildFlameTree(value, counts, weigh, scale, wordsOf(state.query));
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
    this.#panel.show(null);
    // What was clicked stays chosen in the graph that it became the root of.
    const zoomed = tree.nodes[0]!;
    if (this.#zoomed !== null && this.#zoomed === state.flame.root) this.#select(zoomed);
    this.#zoomed = null;
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
          colourOf: this.#look(this.#shown.frame, this.#shown.answer, null).colourOf,
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

  #look({ state, width }: Frame, answer: FlameAnswer, matched: readonly string[] | null): FlameChartLook {
    const colours: FrameColours = {
      palette: currentTheme().palette,
      surface: readToken('--surface'),
      quiet: readToken('--frame-quiet'),
      matched: matched === null ? null : new Set(matched),
      isShown: ({ category }) => isChosen(state.flame.legend, category ?? 'unknown'),
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
    this.#panel.show({ node, answer, facts, counts: frame.state.query.counts, actions: this.#actionsFor(node) });
    this.#drawCurve(frame);
    this.#page.redraw();
    this.#page.announce(before + sentenceOf(facts));
  }

  #unselect(): void {
    this.#chart.select(null);
    this.#panel.show(null);
    this.#stage.focus();
  }

  #actionsFor(node: FlameNode): PanelAction[] {
    const filter = filterOfFrame(node);
    const owner = node.label.library;
    const copied = [nameOf(node.label, 1000), placeOf(node.label, 1000)].filter((each) => each !== '').join(' ');
    return [
      ...FRAME_ACTIONS.filter(({ fits }) => fits(node)).map(({ key, brief, change }) => ({
        key,
        title: brief,
        choose: () => this.#page.change((state) => change(state, node)),
      })),
      ...(filter === null
        ? []
        : [
            {
              key: null,
              title: 'Filter to it',
              choose: () =>
                this.#page.change((state) => withQuery(state, { filter: joinFilters(state.query.filter, filter) })),
            },
          ]),
      ...(owner === null
        ? []
        : [
            {
              key: null,
              title: `Filter to ${visible(owner, 30)}`,
              choose: () =>
                this.#page.change((state) =>
                  withQuery(state, { filter: joinFilters(state.query.filter, `owner:${quoteName(owner)}`) }),
                ),
            },
          ]),
      {
        key: null,
        title: 'Copy',
        choose: () =>
          void copyText(copied).then((done) =>
            this.#page.announce(done ? 'Copied' : 'This browser lets nothing be copied here'),
          ),
      },
    ];
  }

  /** Of the head, and with a base of that; none where no frame is chosen, or its curve cannot be asked for. */
  #askCurves({ state, set }: Pick<Frame, 'state' | 'set'>): readonly Question<BandsAnswer>[] {
    const selected = this.#chart.selected();
    if (selected === null) return [];
    // Where lines are not told apart, a file's filter passes all of its functions.
    const { line, name } = selected.label;
    if (line === null && name === '<module>') return [];
    const filter = selected.label.kind === 'all' ? state.query.filter : filterOfFrame(selected);
    if (filter === null) return [];
    const query = { ...state.query, filter: joinFilters(state.query.filter, filter) };
    return [set.head, set.base]
      .filter((side) => side.length > 0)
      .map((head) =>
        askBands({ head, base: [] }, query, { by: 'allocator', top: 1, width: CURVE_POINTS, visible: null }),
      );
  }

  #drawCurve(frame: Frame): void {
    const answers = this.#askCurves(frame).map((question) => frame.read(question));
    this.#panel.showCurves(answers.map((answer) => (answer.state === 'ready' ? answer.value : null)));
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
    this.#folded.textContent = this.#tools.foldedText(answer, this.#shown?.frame.state ?? null);
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

/** What of memory the root is, behind its amount. */
function wordsOf({ measure, window, filter, counts }: ViewQuery): string {
  const words: Readonly<Record<ViewQuery['measure'], string>> = {
    peak: 'live at the peak',
    leaked: window === null ? 'never freed' : 'allocated in the window and live at its end',
    total: 'ever allocated',
    temporary: 'freed again at once',
    objects: 'objects that survive',
  };
  const unit = counts && measure !== 'objects' ? 'allocations ' : '';
  return `${unit}${words[measure]}${measure === 'peak' && window !== null ? ' of the window' : ''}${filter === null ? '' : ', filtered'}`;
}
