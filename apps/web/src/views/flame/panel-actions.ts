/** What can be done with the chosen frame, as buttons of its panel. */
import { quoteName } from '@memscope/model';

import { copyText } from '../../dom/copy-text.js';
import { nameOf, placeOf, visible } from '../../dom/visible-text.js';
import type { FlameNode } from '../../drawing/flame-tree.js';
import { withQuery } from '../../state/change.js';
import { joinFilters } from '../../state/join-filters.js';
import type { Page } from '../view.js';
import { FRAME_ACTIONS } from './frame-actions.js';
import { filterOfFrame, type PanelAction } from './frame-panel.js';

/** What the panel of a chosen frame offers: the same as its menu, filters, and its name to be copied. */
export function panelActions(node: FlameNode, page: Page): PanelAction[] {
  const filter = filterOfFrame(node);
  const owner = node.label.library;
  const copied = [nameOf(node.label, 1000), placeOf(node.label, 1000)].filter((each) => each !== '').join(' ');
  return [
    ...FRAME_ACTIONS.filter(({ fits }) => fits(node)).map(({ key, brief, change }) => ({
      key,
      title: brief,
      choose: () => page.change((state) => change(state, node)),
    })),
    ...(filter === null
      ? []
      : [
          {
            key: null,
            title: 'Filter to it',
            choose: () => page.change((state) => withQuery(state, { filter: joinFilters(state.query.filter, filter) })),
          },
        ]),
    ...(owner === null
      ? []
      : [
          {
            key: null,
            title: `Filter to ${visible(owner, 30)}`,
            choose: () =>
              page.change((state) =>
                withQuery(state, { filter: joinFilters(state.query.filter, `owner:${quoteName(owner)}`) }),
              ),
          },
        ]),
    {
      key: null,
      title: 'Copy',
      choose: () =>
        void copyText(copied).then((done) =>
          page.announce(done ? 'Copied' : 'This browser lets nothing be copied here'),
        ),
    },
  ];
}
