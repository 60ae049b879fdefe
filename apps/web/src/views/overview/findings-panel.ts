/** What the analysis noticed, and what the capture cannot answer. */
import { formatBytes, joinNothing, type AnalysisDocument, type FindingView } from '@memscope/model';

import { element, panel } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { withFinding, withFunction } from '../../state/change.js';
import type { Page } from '../view.js';

export function findingsPanel({ findings, damage }: AnalysisDocument, page: Page): HTMLElement | null {
  if (findings.length === 0 && damage === null) return null;
  const isTold = findings.some(({ rule }) => rule === 'captureIncomplete');
  const damaged =
    damage === null || isTold
      ? []
      : [
          element(
            'li',
            { class: 'finding warning' },
            element('strong', {}, 'The capture could not be read to its end'),
            element('p', {}, `${visible(damage.reason, 300)}; ${formatBytes(damage.unreadBytes)} were not read.`),
          ),
        ];
  const listed = joinNothing(findings).map(({ severity, title, text, location, view, command }) => {
    const name = location?.function ?? null;
    const target = name === null || location?.file === null ? null : `${name}\n${location?.file}`;
    return element(
      'li',
      { class: `finding ${severity}` },
      element('strong', {}, element('span', { class: 'visually-hidden' }, `${severity}: `), visible(title, 200)),
      element('p', {}, visible(text, 800)),
      view === null
        ? null
        : element(
            'button',
            {
              type: 'button',
              class: 'link-button',
              'data-finding-view': view.view,
              title: command === null ? null : visible(command, 300),
              onclick: () => page.change((state) => withFinding(state, view)),
            },
            labelOf(view),
          ),
      target === null
        ? null
        : element(
            'button',
            {
              type: 'button',
              class: 'link-button',
              onclick: () => page.change((state) => withFunction(state, target)),
            },
            `Look at ${visible(name!, 60)}`,
          ),
    );
  });
  return panel('What stands out', element('ul', { class: 'findings' }, ...damaged, ...listed));
}

/** Where no filter gives the finding's own number, what is shown is more than that. */
function labelOf({ view, filter, window }: FindingView): string {
  if (view === 'leaks' && filter === null && window === null) return 'Show all leaks';
  return view === 'timeline' ? 'Show the timeline' : 'Show these bytes';
}

export function limitationsPanel({ limitations }: AnalysisDocument): HTMLElement | null {
  if (limitations.length === 0) return null;
  return panel(
    'What this capture cannot answer',
    element('ul', { class: 'limitations' }, ...limitations.map((text) => element('li', {}, visible(text, 400)))),
  );
}
