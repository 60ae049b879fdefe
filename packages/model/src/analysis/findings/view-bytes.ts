/**
 * How many bytes the view of a finding shows, summed from the same columns as the view does it: a finding names only a
 * view that shows its number. A view of the peak has a window here, without which a filter would have a peak of its own.
 */
import { siteMatcher, type FilterSubject } from '../../filter/match-sites.js';
import { parseFilter } from '../../filter/parse-filter.js';
import { siteStacksOf } from '../../join/site-stacks.js';
import type { NumberColumn } from '../../number-column.js';
import type { Profile } from '../../profile.js';
import { siteOwnersOf } from '../../view/site-owners.js';
import { bytesUsed } from '../../view/reserved-leaks.js';
import { readWeights } from '../../view/site-weights.js';
import { readWindow } from '../../view/window.js';
import type { FindingView } from './finding-view.js';

const known = new WeakMap<Profile, ViewBytes>();

/** What several views are asked of is read once. */
export function viewBytesOf(profile: Profile): ViewBytes {
  let bytes = known.get(profile);
  if (bytes === undefined) known.set(profile, (bytes = new ViewBytes(profile)));
  return bytes;
}

export class ViewBytes {
  readonly #profile: Profile;
  readonly #weights = new Map<string, NumberColumn>();
  #match: ReturnType<typeof siteMatcher> | null = null;

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** Without a user's rules of whose memory it is. */
  of({ view, measure, window, filter }: FindingView): number {
    const weights = this.#weigh(view === 'leaks' ? 'leaks' : measure === 'leaked' ? 'leaked' : 'peak', window);
    if (filter === null) return sumOf(weights);
    this.#match ??= siteMatcher(subjectOf(this.#profile));
    const passes = this.#match(parseFilter(filter)).passes[0]!;
    let sum = 0;
    for (let site = 0; site < passes.length; site++) if (passes[site] === 1) sum += weights[site]!;
    return sum;
  }

  #weigh(of: 'peak' | 'leaked' | 'leaks', window: string | null): NumberColumn {
    const key = `${of} ${window}`;
    let weights = this.#weights.get(key);
    if (weights === undefined) {
      const within = window === null ? null : readWindow(window, this.#profile);
      const { bytes } = readWeights(this.#profile, of === 'leaks' ? 'leaked' : of, within)!;
      this.#weights.set(key, (weights = of === 'leaks' ? bytesUsed(bytes, this.#profile, within) : bytes));
    }
    return weights;
  }
}

function sumOf(column: NumberColumn): number {
  let sum = 0;
  for (let row = 0; row < column.length; row++) sum += column[row]!;
  return sum;
}

function subjectOf(profile: Profile): FilterSubject {
  const stacks = siteStacksOf(profile);
  const { bytes, count } = profile.narrowWeights('peak')!;
  const owners = siteOwnersOf(stacks, profile.owners(), []);
  return {
    stacks,
    threads: profile.threads(),
    allocator: stacks.sites.allocator,
    bytes,
    count,
    owners: () => ({ ...owners(), functions: profile.owners(), functionOf: stacks.sites.owner }),
  };
}
