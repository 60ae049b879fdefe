/** On paper alone, above a view: what it is and of what. On the screen tabs and controls say it. */
import { formatLocalTime, isCounted } from '@memscope/model';

import { element } from '../dom/element.js';
import { visible, visibleFunction } from '../dom/visible-text.js';
import { partsOfPage, queryOfPage } from '../state/parts-of-page.js';
import type { PageState } from '../state/page-state.js';
import { wordsOf } from '../views/flame/flame-words.js';
import { wordsOfPart } from '../views/picture-words.js';
import { TREND_MEASURES } from '../views/history/history-view.js';
import type { Frame } from '../views/view.js';
import { nameSet } from './run-chooser.js';
import { VIEW_TITLES } from './view-titles.js';

export class PrintHead {
  readonly root = element('header', { class: 'print-only print-head' });

  drawHistory({ trend, branch }: Pick<PageState, 'trend' | 'branch'>): void {
    const metric = TREND_MEASURES.find(([measure]) => measure === trend)?.[1] ?? trend;
    const of = branch === null ? '' : ` of ${visible(branch, 80)}`;
    this.root.replaceChildren(
      element('strong', {}, `${VIEW_TITLES.history}${of}`),
      element('p', {}, `${metric} · printed by memscope`),
    );
  }

  draw({ state, set, run }: Pick<Frame, 'state' | 'set' | 'run'>): void {
    const moment = run.startMs === null ? null : formatLocalTime(run.startMs);
    this.root.replaceChildren(
      element('strong', {}, `${VIEW_TITLES[state.view]} of ${visible(nameSet(set), 160)}`),
      element('p', {}, [...wordsOfView(state), ...wordsOfPart(state.query), ...wordsOfStacks(state)].join(' · ')),
      element('p', {}, [...(moment === null ? [] : [`recorded ${moment}`]), 'printed by memscope'].join(' · ')),
    );
  }
}

/** What the controls of the view itself say. */
function wordsOfView(state: PageState): string[] {
  const { view, flame, table, leaks, timeline, warmUp } = state;
  const query = queryOfPage(state);
  const memory = wordsOf({ ...query, filter: null });
  const what = isCounted(query.measure) || query.counts ? memory : `bytes ${memory}`;
  switch (view) {
    case 'overview':
      return [what];
    case 'timeline':
      return partsOfPage(state).has('filter') ? [`live bytes by ${timeline.by}`] : ['live bytes of both sides'];
    case 'flame':
      return [what, ...(flame.inverted ? ['bottom up'] : []), ...searched(flame.search)];
    case 'tables':
      if (table.function !== null) return [what, visibleFunction(table.function, 160)];
      if (table.site !== null) return [what, 'one site'];
      return [what, `by ${table.by}`, ...searched(table.search)];
    case 'leaks':
      return [
        warmUp === null
          ? 'of all that was allocated'
          : `without what was allocated in the first ${visible(warmUp, 40)}`,
        ...searched(leaks.search),
      ];
    case 'history':
      return [];
  }
}

function searched(text: string | null): string[] {
  return text === null ? [] : [`search ${visible(text, 100)}`];
}

/** Which frames show, where those are not the usual ones. */
function wordsOfStacks(state: PageState): string[] {
  const { stacks, frames, splitThreads, mergeRecursion } = state.query;
  const read = partsOfPage(state);
  return [
    ...(stacks === 'joined' || !read.has('stacks') ? [] : [`stacks ${stacks}`]),
    ...(frames === 'program' || !read.has('frames') ? [] : [`frames ${frames}`]),
    ...(splitThreads && read.has('splitThreads') ? ['threads apart'] : []),
    ...(mergeRecursion && read.has('mergeRecursion') ? ['recursion merged'] : []),
  ];
}
