/** The legend below the timeline: its lines, and its bands with the highest that each reaches in the time that is shown. */
import { formatBytes } from '@memscope/model';

import { legendEntries } from '../../controls/choice-legend.js';
import { currentTheme } from '../../controls/theme.js';
import { element } from '../../dom/element.js';
import { bandColours } from '../../drawing/owner-colour.js';
import { stackBands, type StackedBand } from '../../drawing/stack-bands.js';
import { withQuery, withTimeline } from '../../state/change.js';
import { joinFilters } from '../../state/join-filters.js';
import type { Page } from '../view.js';
import { bandTitle, type ShownTimeline } from './shown-timeline.js';

/** What a choice of the legend names a band by; the rest is no name. */
export function keyOfBand({ name, rest }: { readonly name: string; readonly rest: boolean }): string {
  return rest ? ' rest' : name;
}

export function timelineLegend({ bands, base, frame }: ShownTimeline, page: Page): HTMLElement[] {
  const { rss, legend } = frame.state.timeline;
  if (base !== null) return comparedLegend(rss !== 'off');
  const lines = [
    bands?.isPart === true ? entryOf('line ghost', 'all of the heap') : entryOf('line heap', 'heap'),
    ...(rss === 'off' ? [] : [entryOf('line rss', 'RSS')]),
  ];
  if (bands === null) return lines;
  const colours = bandColours(bands.answer.head.bands, currentTheme().palette, bands.by === 'category');
  const entries = stackBands(bands.answer).map((band, index) => {
    const most = formatBytes(mostOfBand(band));
    return {
      name: keyOfBand(band),
      title: bandTitle(band),
      colour: colours[index]!,
      amount: `up to ${most}`,
      hint: `At its highest in the time that is shown: ${most}.`,
      filter: band.filter,
    };
  });
  return [
    ...lines,
    ...legendEntries(entries, legend, {
      choose: (choice) => page.change((state) => withTimeline(state, { legend: choice })),
      filter: (filter) => page.change((state) => withQuery(state, { filter: joinFilters(state.query.filter, filter) })),
    }),
  ];
}

function comparedLegend(showRss: boolean): HTMLElement[] {
  return [
    entryOf('line base', 'heap of the base'),
    entryOf('line heap', 'heap of the head'),
    ...(showRss ? [entryOf('line base-rss', 'RSS of the base'), entryOf('line rss', 'RSS of the head')] : []),
    entryOf('grown-soft', 'the head holds more'),
    entryOf('shrunk-soft', 'the base holds more'),
    element('li', { class: 'quiet' }, 'both from their start'),
  ];
}

function entryOf(kind: string, text: string): HTMLElement {
  return element('li', {}, element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' }), text);
}

function mostOfBand({ bytes }: StackedBand): number {
  let most = 0;
  for (const each of bytes) if (each > most) most = each;
  return most;
}
