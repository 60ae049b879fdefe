/** The views by their names. */
import type { ViewName } from '../state/page-state.js';
import { FlameView } from './flame/flame-view.js';
import { LeaksView } from './leaks/leaks-view.js';
import { OverviewView } from './overview/overview-view.js';
import { TablesView } from './tables/tables-view.js';
import { TimelineView } from './timeline/timeline-view.js';
import type { Page, View } from './view.js';

/** Those of the run that is shown. */
export type RunViewName = Exclude<ViewName, 'history'>;

const MAKERS: Readonly<Record<RunViewName, (page: Page) => View>> = {
  overview: (page) => new OverviewView(page),
  timeline: (page) => new TimelineView(page),
  flame: (page) => new FlameView(page),
  tables: (page) => new TablesView(page),
  leaks: (page) => new LeaksView(page),
};

export function makeView(name: RunViewName, page: Page): View {
  return MAKERS[name](page);
}
