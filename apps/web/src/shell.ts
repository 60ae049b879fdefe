/**
 * The loop of the page: state → questions → answers → drawing. The state comes from the URL, views say what they need
 * to know, the store fetches it, and everything is drawn again when the state or an answer changes. Only here do
 * fetching and drawing meet.
 */
import { ROUNDED_SUMS, type Offer, type Rounded, type Run } from '@memscope/model';

import { AnswerStore, type Answer, type Ask } from './api/answers.js';
import { ask } from './api/ask.js';
import { askHistory, askRuns, type ChosenRuns, type Question } from './api/question.js';
import { followRuns } from './api/run-updates.js';
import { DroppedCaptures } from './controls/dropped-captures.js';
import { nameSet } from './controls/run-chooser.js';
import { KeptFocus } from './controls/kept-focus.js';
import { listenForKeys } from './controls/keys.js';
import { ScopeBar } from './controls/scope-bar.js';
import { SidesBar } from './controls/sides-bar.js';
import { PrintHead } from './controls/print-head.js';
import { isOnPaper, keepTheme } from './controls/theme.js';
import { SetNote } from './controls/set-note.js';
import { TimeStrip } from './controls/time-strip.js';
import { TopBar } from './controls/top-bar.js';
import { element } from './dom/element.js';
import { focusPlace } from './dom/focus-place.js';
import { visible } from './dom/visible-text.js';
import type { PageReport } from './report/page-report.js';
import { keepStateInUrl } from './state/location.js';
import { withRun } from './state/change.js';
import { VIEW_NAMES, type PageState } from './state/page-state.js';
import { HistoryView } from './views/history/history-view.js';
import { makeView, type RunViewName } from './views/make-view.js';
import { errorNotice, loadingNotice } from './views/notice.js';
import { goneNotice, noRunsNotice, progressNotice } from './views/run-notice.js';
import type { Frame, Page, View } from './views/view.js';

/** Widths are asked in steps, so that a resize by a few pixels asks nothing. */
const WIDTH_STEP = 8;
/** Pixels between the margins of A4 as print.css scales it. */
const PAPER_WIDTH = 880;

/** `report` null: a server answers. */
export function startShell(body: HTMLElement, report: PageReport | null): void {
  const keeper = keepStateInUrl(
    report,
    (_, place) => {
      focus.returnTo(place);
      scheduleDraw();
    },
    focusPlace,
  );
  const askAny: Ask = report === null ? ask : (question) => report.ask(question);
  const answers = new AnswerStore(askAny, () => scheduleDraw());
  const spoken = element('div', { class: 'visually-hidden', 'aria-live': 'polite', role: 'status' });
  const main = element('main', { id: 'main', tabindex: -1 });
  const focus = new KeptFocus(main);
  const page: Page = {
    report,
    state: () => keeper.read(),
    retry: () => {
      answers.retry();
      scheduleDraw();
    },
    change: (next, how) => keeper.change(next(keeper.read()), how),
    redraw: () => scheduleDraw(),
    ask: <Value>(question: Question<Value>) => askAny(question, new AbortController().signal) as Promise<Value>,
    announce: (text) => (spoken.textContent = text),
  };
  const offers = new Set<Offer>();
  const dropped =
    report !== null
      ? null
      : new DroppedCaptures(page, {
          areTaken: () => offers.has('uploads'),
          onTaken: (run) => {
            takeRun(run);
            scheduleDraw();
          },
        });
  const chooseCaptures = (): (() => void) | null => (offers.has('uploads') ? () => dropped?.choose() : null);
  const topBar = new TopBar(page, {
    savable: () => (isHistoryShown() ? historyView.savable() : (current?.view.savable() ?? null)),
    onTheme: () => scheduleDraw(),
    chooseCaptures,
  });
  const scopeBar = new ScopeBar(page);
  const sidesBar = new SidesBar(page);
  const strip = new TimeStrip(page);
  const setNote = new SetNote();
  const printHead = new PrintHead();
  const rounded = element('p', { class: 'fine-print rounded-note', hidden: true }, ROUNDED_SUMS);
  const heldNote = element('p', { class: 'fine-print held-note', role: 'note', hidden: true });
  body.replaceChildren(
    element('a', { class: 'skip-link', href: '#main' }, 'Skip to the view'),
    topBar.root,
    printHead.root,
    sidesBar.root,
    scopeBar.root,
    setNote.root,
    strip.root,
    rounded,
    heldNote,
    ...(dropped === null ? [] : [dropped.root, dropped.target]),
    main,
    spoken,
  );

  const runs = new Map<string, Run>();
  /** No longer in the list; shown as that to who looks at one. */
  const gone = new Map<string, Run>();
  let runsAreKnown = false;
  let isConnected = true;
  const views = new Map<RunViewName, View>();
  const historyView = new HistoryView(page);
  let current: { readonly name: RunViewName; readonly view: View } | null = null;
  let shownRuns: string | null = null;
  let lookedAt: string | null = null;
  let isScheduled = false;

  function isHistoryShown(): boolean {
    return main.firstElementChild === historyView.root;
  }

  function scheduleDraw(): void {
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(drawNow);
  }

  function drawNow(): void {
    isScheduled = false;
    focus.around(draw, (name) => page.announce(`${name} view`));
  }

  function draw(): void {
    const state = keeper.read();
    const isHistory = state.view === 'history' && report === null;
    const asked: Question<unknown>[] = isHistory ? [askRuns(), askHistory(state.branch)] : [askRuns()];
    takeRuns();
    const { set, missing } = setOf(state);
    const run = set?.head[0] ?? null;
    lookedAt = run?.id ?? missing?.id ?? null;
    topBar.draw(state, [...runs.values()], set, {
      isConnected,
      hasHistory: isHistory || offers.has('history'),
    });
    document.title = set === null ? 'memscope' : `${visible(nameSet(set), 60)} – memscope`;
    const isReady = set !== null && run !== null && missing === null;
    const isOfRun = isReady && !isHistory;
    scopeBar.root.hidden = !isOfRun;
    setNote.root.hidden = !isOfRun;
    printHead.root.hidden = !isOfRun && !isHistory;
    sidesBar.draw(isOfRun ? set : null);
    strip.root.hidden = !isOfRun || state.view === 'timeline' || state.view === 'leaks';
    if (isHistory) {
      current = null;
      rounded.hidden = true;
      printHead.drawHistory(state);
      answers.want(asked);
      if (!isHistoryShown()) main.replaceChildren(historyView.root);
      historyView.draw(answers.read(askHistory(state.branch)), state, viewWidth());
      return;
    }
    if (!isReady) {
      drawWithoutRun(missing);
      rounded.hidden = true;
      answers.want(asked);
      return;
    }
    const shown = JSON.stringify([set.head, set.base].map((side) => side.map(({ id }) => id)));
    if (shown !== shownRuns) {
      answers.forgetSlots();
      shownRuns = shown;
    }
    // A report has none.
    const view = viewOf(state.view === 'history' ? 'overview' : state.view);
    const bare = { state, run, set, width: viewWidth() };
    asked.push(...view.questions(bare), ...strip.questions(bare), ...setNote.questions(bare));
    answers.want(asked);
    const frame: Frame = { ...bare, read: (question) => answers.read(question) };
    if (main.firstElementChild !== view.root) main.replaceChildren(view.root);
    scopeBar.draw(frame);
    strip.draw(frame);
    setNote.draw(frame);
    printHead.draw(frame);
    view.draw(frame);
    heldNote.textContent = report?.note(state) ?? '';
    heldNote.hidden = heldNote.textContent === '';
    rounded.hidden = !asked.some((question) => isRounded(answers.read(question)));
  }

  function takeRuns(): void {
    if (runsAreKnown) return;
    const answer = answers.read(askRuns());
    if (answer.state !== 'ready') return;
    runsAreKnown = true;
    for (const run of answer.value) if (!runs.has(run.id)) runs.set(run.id, run);
  }

  function takeRun(run: Run): void {
    const before = runs.get(run.id);
    if (before !== undefined && before.state !== run.state) answers.forgetRun(run.id);
    if (run.state !== 'gone') {
      runs.set(run.id, run);
      gone.delete(run.id);
      return;
    }
    runs.delete(run.id);
    gone.set(run.id, run);
    page.announce(`${visible(run.name, 80)} has gone: ${visible(run.message ?? '', 200)}.`);
  }

  /** The runs that are shown, null where one of them is not known; and the first that cannot be, null where all can. */
  function setOf({ runs: { head, base } }: PageState): {
    readonly set: ChosenRuns | null;
    readonly missing: Run | null;
  } {
    const [first] = runs.values();
    // Who looks at the first run keeps looking at that one.
    const implied = lookedAt !== null && gone.has(lookedAt) ? lookedAt : first?.id;
    const heads = head.length > 0 ? head : implied === undefined ? [] : [implied];
    const named = [...heads, ...base].map((id) => runs.get(id) ?? gone.get(id));
    const known = named.filter((run) => run !== undefined);
    const missing = known.find(({ state }) => state !== 'ready') ?? null;
    if (heads.length === 0 || known.length < named.length) return { set: null, missing: null };
    return { set: { head: known.slice(0, heads.length), base: known.slice(heads.length) }, missing };
  }

  function drawWithoutRun(run: Run | null): void {
    current = null;
    const list = answers.read(askRuns());
    if (run?.state === 'gone') main.replaceChildren(goneNotice(run, showFirst()));
    else if (run !== null) main.replaceChildren(progressNotice(run));
    else if (runsAreKnown) {
      main.replaceChildren(noRunsNotice(isNamed(keeper.read()), showFirst(), chooseCaptures()));
    } else main.replaceChildren(list.state === 'failed' ? errorNotice(list.error, page) : loadingNotice());
  }

  /** Null where no run is left. */
  function showFirst(): (() => void) | null {
    const [first] = runs.values();
    return first === undefined ? null : () => page.change((state) => withRun(state, first.id));
  }

  function viewOf(name: RunViewName): View {
    if (current?.name === name) return current.view;
    const view = views.get(name) ?? makeView(name, page);
    views.set(name, view);
    current = { name, view };
    return view;
  }

  function viewWidth(): number {
    if (isOnPaper()) return PAPER_WIDTH;
    const style = getComputedStyle(main);
    const inner = main.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    return Math.max(WIDTH_STEP, Math.floor(inner / WIDTH_STEP) * WIDTH_STEP);
  }

  new ResizeObserver(() => scheduleDraw()).observe(main);
  // Before a page is printed there is no time left.
  keepTheme(drawNow);
  listenForKeys(page, {
    read: () => keeper.read(),
    view: () => current?.view ?? null,
    showHelp: () => topBar.showHelp(),
    goBack: (next) => keeper.goBack(next),
    viewNames: VIEW_NAMES,
  });
  if (report !== null) {
    scheduleDraw();
    return;
  }
  followRuns((update) => {
    if (update.kind === 'connection') {
      const isBack = update.isThere && !isConnected;
      isConnected = update.isThere;
      if (isBack) answers.retry();
    } else if (update.kind === 'offer') {
      offers.add(update.offer);
    } else if (update.kind === 'run') {
      takeRun(update.run);
    } else {
      const ids = new Set(update.runs.map(({ id }) => id));
      for (const [id, run] of runs) {
        if (!ids.has(id)) takeRun({ ...run, state: 'gone', message: 'memscope serve does not have it any more' });
      }
      for (const run of update.runs) takeRun(run);
      runsAreKnown = true;
    }
    scheduleDraw();
  });
  scheduleDraw();
}

function isNamed({ runs: { head, base } }: PageState): boolean {
  return head.length + base.length > 0;
}

/** Whether numbers of it are above 2^53; of columns their head says it. */
function isRounded(answer: Answer<unknown>): boolean {
  if (answer.state !== 'ready') return false;
  const value = answer.value as (Rounded & { readonly head?: Rounded }) | null;
  return value?.rounded === true || value?.head?.rounded === true;
}
