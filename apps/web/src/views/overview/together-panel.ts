/** Of several runs as one: each by itself, with when it was recorded; a click shows that one alone. */
import { formatBytes, formatDuration, type AnalysisDocument } from '@memscope/model';

import type { ChosenRuns } from '../../api/question.js';
import { element, panel } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { withRun } from '../../state/change.js';
import type { Page } from '../view.js';

const COLUMNS = ['Run', 'From', 'For', 'Peak', 'Peak RSS', 'Live at end', 'Total'];

/** Rows stand in the order of the head. */
export function togetherPanel({ together }: AnalysisDocument, set: ChosenRuns, page: Page): HTMLElement | null {
  if (together === undefined) return null;
  const { runs, clock } = together;
  const first = Math.min(...runs.map(({ startMs }) => startMs ?? 0));
  const bytes = (value: number | null): string => (value === null ? 'not known' : formatBytes(value));
  const rows = runs.map((run, at) => {
    const id = set.head[at]?.id;
    const cells = [
      clock === 'wall' ? formatDuration((run.startMs ?? 0) - first) : '',
      run.endMs === null ? 'no end' : formatDuration(run.endMs - (run.startMs ?? 0)),
      formatBytes(run.peakBytes),
      bytes(run.rssPeakBytes),
      formatBytes(run.leakedBytes),
      bytes(run.bytesAllocated),
    ];
    return element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        element(
          'button',
          {
            type: 'button',
            class: 'link-button',
            title: 'Show it alone',
            disabled: id === undefined,
            onclick: () => id !== undefined && page.change((state) => withRun(state, id)),
          },
          visible(run.run, 60),
        ),
      ),
      ...cells.map((text) => element('td', {}, text)),
    );
  });
  return panel(
    `${runs.length} runs as one`,
    element(
      'div',
      { class: 'table-scroll' },
      element(
        'table',
        { class: 'plain-table' },
        element('thead', {}, element('tr', {}, ...COLUMNS.map((title) => element('th', { scope: 'col' }, title)))),
        element('tbody', {}, ...rows),
      ),
    ),
    element(
      'p',
      { class: 'quiet' },
      'Each is at its own peak here, and those were other moments. RSS is not summed: pages that processes share would count once for each.',
    ),
  );
}
