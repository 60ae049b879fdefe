/**
 * Who owns the memory: all libraries as one bar, grouped and coloured by category, and as a list with the way on which
 * the application comes to each. A click on a library shows its part in the flame graph; the legend chooses among
 * categories.
 */
import {
  formatBytes,
  formatCount,
  formatShare,
  nameCategory,
  NO_PYTHON_FRAME,
  stepsToLibrary,
  type AnalysisDocument,
  quoteName,
} from '@memscope/model';

import { isChosen, legendEntries, type LegendEntry } from '../../controls/choice-legend.js';
import { element, panel, styled } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { ownerStyle } from '../../drawing/owner-colour.js';
import { withQuery, withView } from '../../state/change.js';
import type { LegendChoice, PageState } from '../../state/page-state.js';
import type { MemoryQuery } from '../../state/parts-of-page.js';
import type { Page } from '../view.js';
import { barRow } from './bar-row.js';
import { wholeOf } from './whole-of.js';

const LISTED = 10;
type Library = AnalysisDocument['libraries'][number];

interface Owner {
  readonly library: Library;
  readonly weight: number;
}

interface Category {
  readonly category: string | null;
  readonly owners: readonly Owner[];
  readonly weight: number;
}

export function breakdownPanel(
  analysis: AnalysisDocument,
  { measure, counts }: MemoryQuery,
  legend: LegendChoice,
  page: Page,
): HTMLElement {
  const open: Opener = (name) => openOwner(name, analysis, page);
  const title = 'Memory by category and library';
  const key = `${measure}${counts ? 'Count' : 'Bytes'}` as const;
  const owners = analysis.libraries
    .map((library) => ({ library, weight: library[key] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  const whole = wholeOf(analysis, key) ?? owners.reduce((sum, { weight }) => sum + weight, 0);
  if (owners.length === 0) return panel(title, element('p', { class: 'quiet' }, 'Nothing passes the filter.'));
  const amountOf = (weight: number): string => (counts ? formatCount(weight) : formatBytes(weight));
  const describe = (weight: number): string => `${amountOf(weight)} · ${formatShare(weight, whole)}`;
  const categories = byCategory(owners);
  const chosen = categories.filter(({ category }) => isChosen(legend, keyOfCategory(category)));
  const shown = chosen.flatMap((each) => each.owners).toSorted((a, b) => b.weight - a.weight);
  const segments = chosen.flatMap(({ owners: members }) =>
    members.map((owner) => segment(owner, whole, describe(owner.weight), open)),
  );
  const other = whole - shown.reduce((sum, { weight }) => sum + weight, 0);
  const rest = styled(element('span', { class: 'segment rest' }), { 'flex-grow': String(other / whole) });
  const isAll = chosen.length === categories.length;
  const more = (isAll ? Math.max(analysis.libraryCount, shown.length) : shown.length) - Math.min(LISTED, shown.length);
  const entries = categories.map(({ category, weight }) => legendEntryOf(category, describe(weight)));
  return panel(
    title,
    element('div', { class: 'stacked-bar' }, ...segments, other > 0 ? rest : null),
    element(
      'ul',
      { class: 'legend', 'aria-label': 'Categories' },
      ...legendEntries(entries, legend, {
        choose: (choice) => page.change((state) => ({ ...state, overview: { legend: choice } })),
        filter: (filter) => page.change((state) => withPart(state, filter, analysis)),
      }),
    ),
    element(
      'ol',
      { class: 'bar-list' },
      ...shown.slice(0, LISTED).map((owner) => listRow(owner, whole, amountOf(owner.weight), open)),
    ),
    more > 0 ? element('p', { class: 'quiet' }, `and ${formatCount(more)} more`) : null,
  );
}

/** Heaviest first. */
function byCategory(owners: readonly Owner[]): Category[] {
  const groups = new Map<string | null, Owner[]>();
  for (const owner of owners) {
    const { category } = owner.library;
    const members = groups.get(category);
    if (members === undefined) groups.set(category, [owner]);
    else members.push(owner);
  }
  return [...groups]
    .map(([category, members]) => ({
      category,
      owners: members,
      weight: members.reduce((sum, { weight }) => sum + weight, 0),
    }))
    .toSorted((a, b) => b.weight - a.weight);
}

function nameOfCategory(category: string | null): string {
  return category === null ? NO_PYTHON_FRAME : nameCategory(category);
}

function nameOfLibrary({ library, category }: Library): string {
  return library ?? nameOfCategory(category);
}

/** What opens the view of an owner's memory; null where nothing can be asked for. */
type Opener = (name: string | null) => (() => void) | null;

function openOwner(name: string | null, analysis: AnalysisDocument, page: Page): (() => void) | null {
  if (name === null) return null;
  return () => page.change((state) => withView(withPart(state, `owner:${quoteName(name)}`, analysis), 'flame'));
}

/** A part of what is shown, so that its number stays the same: of the peak, at its moment. */
function withPart(state: PageState, part: string, { totals }: AnalysisDocument): PageState {
  const { measure, filter, window } = state.query;
  const tick = measure === 'peak' ? totals.peakTick : null;
  return withQuery(state, {
    filter: filter === null ? part : `(${filter}) ${part}`,
    window: tick === null ? window : filter === null && window === null ? 'peak' : `#${tick}`,
  });
}

function segment({ library, weight }: Owner, whole: number, amount: string, openOf: Opener): HTMLElement {
  const name = visible(nameOfLibrary(library), 60);
  const title = `${name}: ${amount}`;
  const open = openOf(library.library);
  const made = element(
    'button',
    {
      type: 'button',
      class: 'segment',
      title,
      'aria-label': open === null ? title : `${title}. Show in the flame graph`,
      disabled: open === null,
      tabindex: -1,
      ...(open === null ? {} : { onclick: open }),
    },
    weight / whole > 0.08 ? element('span', {}, name) : null,
  );
  return styled(made, { 'flex-grow': String(weight / whole), background: ownerStyle(library) });
}

/** By which a legend's choice names it. */
function keyOfCategory(category: string | null): string {
  return category ?? 'none';
}

function legendEntryOf(category: string | null, amount: string): LegendEntry {
  return {
    name: keyOfCategory(category),
    title: visible(nameOfCategory(category), 60),
    colour: ownerStyle({ category }),
    amount,
    filter: category === null ? null : `owner:${quoteName(nameCategory(category))}`,
  };
}

function listRow({ library, weight }: Owner, whole: number, amount: string, openOf: Opener): HTMLElement {
  const way = stepsToLibrary(library).slice(0, -1);
  const from =
    way.length === 0 ? null : element('span', { class: 'quiet place' }, `from ${visible(way.join(' → '), 120)}`);
  const open = openOf(library.library);
  const fullName = visible(
    [nameOfLibrary(library), ...(way.length === 0 ? [] : [`from ${way.join(' → ')}`])].join(' '),
    600,
  );
  return barRow({
    name: [visible(nameOfLibrary(library), 80), from],
    weight,
    whole,
    amount,
    colour: ownerStyle(library),
    title: open === null ? fullName : `${fullName}\nShow in the flame graph`,
    open,
  });
}
