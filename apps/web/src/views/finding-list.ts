/** Findings as the overview and leaks list them: what each says, and links to where its bytes and its line are. */
import type { AnalysisDocument, FindingView, LeaksPage } from '@memscope/model';

import { element } from '../dom/element.js';
import { visible } from '../dom/visible-text.js';
import { withFinding, withFunction } from '../state/change.js';
import type { Page } from './view.js';

type ShownFinding = Pick<
  AnalysisDocument['findings'][number] | LeaksPage['growth'][number],
  'severity' | 'title' | 'text' | 'location' | 'view'
> & {
  /** What to type to see it. */
  readonly command?: string | null;
};

export function findingItem({ severity, title, text, location, view, command }: ShownFinding, page: Page): HTMLElement {
  const name = location?.function ?? null;
  const target = name === null || location?.file === null ? null : `${name}\n${location?.file}`;
  return element(
    'li',
    { class: `finding ${severity}` },
    element('strong', {}, element('span', { class: 'visually-hidden' }, `${severity}: `), visible(title, 200)),
    element('p', {}, visible(text, 1200)),
    view === null
      ? null
      : element(
          'button',
          {
            type: 'button',
            class: 'link-button',
            'data-finding-view': view.view,
            title: command === undefined || command === null ? null : visible(command, 300),
            onclick: () => page.change((state) => withFinding(state, view)),
          },
          labelOf(view),
        ),
    target === null
      ? null
      : element(
          'button',
          { type: 'button', class: 'link-button', onclick: () => page.change((state) => withFunction(state, target)) },
          `Look at ${visible(name!, 60)}`,
        ),
  );
}

/** Where no view gives the finding's own number, what is shown is more than that. */
function labelOf({ view, filter, exact }: FindingView): string {
  if (view === 'timeline') return 'Show the timeline';
  if (exact) return 'Show these bytes';
  if (filter === null) return 'Show all leaks';
  return filter.startsWith('line:') ? 'Show all of its line' : 'Show all of its function';
}
