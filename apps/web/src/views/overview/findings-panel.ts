/** What the analysis noticed, and what the capture cannot answer. */
import { formatBytes, joinNothing, type AnalysisDocument } from '@memscope/model';

import { element, panel } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { findingItem } from '../finding-list.js';
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
  const listed = joinNothing(findings).map((finding) => findingItem(finding, page));
  return panel('What stands out', element('ul', { class: 'findings' }, ...damaged, ...listed));
}

export function limitationsPanel({ limitations }: AnalysisDocument): HTMLElement | null {
  if (limitations.length === 0) return null;
  return panel(
    'What this capture cannot answer',
    element('ul', { class: 'limitations' }, ...limitations.map((text) => element('li', {}, visible(text, 400)))),
  );
}
