/** A row or a band of sites → the filter, as text, that what it holds passes. */
import {
  ALLOCATOR_NAMES,
  filterOfApplication,
  formatFilter,
  labelOwnerOf,
  nameThreads,
  quoteName,
  type Grouping,
  type Selection,
} from '@memscope/model';

/** By a site of the row. Null where no filter says that. */
export function filterOfSites(by: Grouping, selection: Selection): (site: number) => string | null {
  switch (by) {
    case 'thread':
      return (site) => `thread:${quoteName(nameThreads(site, selection))}`;
    case 'allocator':
      return (site) => {
        const name = ALLOCATOR_NAMES[selection.sites.allocator[site]!] ?? '';
        // By itself its name would mean all of its family.
        return name === '' ? null : `allocator:/^${name}$/`;
      };
    case 'owner':
    case 'library':
    case 'category':
      return (site) => `owner:${quoteName(labelOwnerOf(site, by, selection).name)}`;
    case 'application':
      return (site) => formatFilter(filterOfApplication(site, selection));
    case 'function':
    case 'location':
    case 'module':
    case 'site':
    case 'run':
      return () => null;
  }
}
