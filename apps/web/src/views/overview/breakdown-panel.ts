/**
 * Who owns the memory: all libraries as one bar, grouped and coloured by category, and as a list with the way on which
 * the application comes to each. A click shows the part of the library, or of the category, in the flame graph.
 */
import {
  formatBytes,
  formatCount,
  formatShare,
  isCategoryItself,
  nameCategory,
  NO_PYTHON_FRAME,
  stepsToLibrary,
  type AnalysisDocument,
  quoteName,
} from '@memscope/model';

import { element, panel, styled } from '../../dom/element.js';
import { visible } from '../../dom/visible-text.js';
import { ownerStyle } from '../../drawing/owner-colour.js';
import { withQuery, withView } from '../../state/change.js';
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

export function breakdownPanel(analysis: AnalysisDocument, { measure, counts }: MemoryQuery, page: Page): HTMLElement {
  const open: Opener = (name) => openOwner(name, analysis, page);
  const title = 'Memory by category and library';
  const key = `${measure}${counts ? 'Count' : 'Bytes'}` as const;
  const owners = analysis.libraries
    .map((library) => ({ library, weight: library[key] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  const known = owners.reduce((sum, { weight }) => sum + weight, 0);
  const whole = wholeOf(analysis, key) ?? known;
  if (owners.length === 0) return panel(title, element('p', { class: 'quiet' }, 'Nothing passes the filter.'));
  const amountOf = (weight: number): string => (counts ? formatCount(weight) : formatBytes(weight));
  const categories = byCategory(owners);
  const describe = (weight: number): string => `${amountOf(weight)} · ${formatShare(weight, whole)}`;
  const segments = categories.flatMap(({ owners: members }) =>
    members.map((owner) => segment(owner, whole, describe(owner.weight), open)),
  );
  const rest = styled(element('span', { class: 'segment rest' }), { 'flex-grow': String((whole - known) / whole) });
  const more = Math.max(analysis.libraryCount, owners.length) - Math.min(LISTED, owners.length);
  return panel(
    title,
    element('div', { class: 'stacked-bar' }, ...segments, whole > known ? rest : null),
    element(
      'ul',
      { class: 'legend', 'aria-label': 'Categories' },
      ...categories.map((each) => legendEntry(each, describe(each.weight), open)),
    ),
    element(
      'ol',
      { class: 'bar-list' },
      ...owners.slice(0, LISTED).map((owner) => listRow(owner, whole, amountOf(owner.weight), open)),
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
  const title = nameOfCategory(category);
  return library === null || isCategoryItself(title, library) ? title : library;
}

/** What opens the view of an owner's memory; null where nothing can be asked for. */
type Opener = (name: string | null) => (() => void) | null;

/** Opens what shows the same number: of the peak, at its moment. */
function openOwner(name: string | null, { totals }: AnalysisDocument, page: Page): (() => void) | null {
  if (name === null) return null;
  const owner = `owner:${quoteName(name)}`;
  return () =>
    page.change((state) => {
      const { measure, filter, window } = state.query;
      const tick = measure === 'peak' ? totals.peakTick : null;
      const change = {
        filter: filter === null ? owner : `(${filter}) ${owner}`,
        window: tick === null ? window : filter === null && window === null ? 'peak' : `#${tick}`,
      };
      return withView(withQuery(state, change), 'flame');
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

function legendEntry({ category }: Category, amount: string, openOf: Opener): HTMLElement {
  const open = openOf(category && nameCategory(category));
  const content = [
    styled(element('span', { class: 'swatch', 'aria-hidden': 'true' }), { background: ownerStyle({ category }) }),
    `${visible(nameOfCategory(category), 60)} `,
    element('span', { class: 'quiet' }, amount),
  ];
  if (open === null) return element('li', {}, ...content);
  const title = 'Show in the flame graph';
  return element(
    'li',
    {},
    element('button', { type: 'button', class: 'legend-button', title, onclick: open }, ...content),
  );
}

function listRow({ library, weight }: Owner, whole: number, amount: string, openOf: Opener): HTMLElement {
  const way = stepsToLibrary(library).slice(0, -1);
  const from =
    way.length === 0 ? null : element('span', { class: 'quiet place' }, `from ${visible(way.join(' → '), 120)}`);
  return barRow({
    name: [visible(nameOfLibrary(library), 80), from],
    weight,
    whole,
    amount,
    colour: ownerStyle(library),
    title: 'Show in the flame graph',
    open: openOf(library.library),
  });
}
