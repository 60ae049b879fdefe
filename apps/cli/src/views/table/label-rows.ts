/** What a row of a table stands for, in words for people. */
import {
  ALLOCATOR_NAMES,
  callerFrame,
  innermostFrame,
  nameCategory,
  nameRuns,
  PYTHON_OBJECTS,
  runOfSite,
  WITHOUT_ALLOCATOR,
  type AllocatorName,
  type Grouping,
  type Selection,
  type SiteRow,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { ARENAS, FRAMELESS } from '@memscope/query';

import {
  describeOwner,
  framelessName,
  labelApplication,
  labelFrame,
  printFunction,
  labelFunctionOwner,
  labelInnermost,
  labelOwner,
  labelThreads,
  type Label,
} from '../frame-label.js';

/** Of groups of frames, threads and allocators; a site's is its innermost frame. */
export function labelRow(subject: number, by: Grouping, selection: Selection): Label {
  const { groups, sites } = selection;
  if (subject === FRAMELESS) return { name: framelessName(selection), place: '' };
  if (subject === ARENAS) return { name: PYTHON_OBJECTS, place: '' };
  switch (by) {
    case 'function':
      return printFunction(subject, groups);
    case 'location':
      return labelFrame(subject, selection);
    case 'module':
      return { name: printable(groups.modules[subject]!.name), place: '' };
    case 'application':
      return labelApplication(subject, selection);
    case 'owner':
      return labelFunctionOwner(sites.owner[subject]!, selection);
    case 'library':
      return {
        name: labelOwner(subject, by, selection),
        place: printable(nameCategory(describeOwner(subject, selection).category ?? '')),
      };
    case 'category':
      return { name: labelOwner(subject, by, selection), place: '' };
    case 'site':
      return labelInnermost(innermostFrame(subject, selection), selection);
    case 'thread':
      return { name: labelThreads(subject, selection), place: '' };
    case 'allocator':
      return { name: allocatorOf(subject, selection) ?? WITHOUT_ALLOCATOR, place: '' };
    case 'run':
      return { name: printable(nameRuns(selection.runs)[runOfSite(subject, selection)]!), place: '' };
  }
}

/** Who called the innermost frame of a site; empty where nobody did. */
export function labelCaller(site: SiteRow, selection: Selection): string {
  if (site < 0) return '';
  const frame = callerFrame(site, selection);
  if (frame < 0) return '';
  const { name, place } = labelFrame(frame, selection);
  return place === '' ? name : `${name} ${place}`;
}

/** Null of Python objects, of which nobody knows it. */
export function allocatorOf(site: SiteRow, { sites }: Selection): AllocatorName | null {
  const name = ALLOCATOR_NAMES[sites.allocator[site]!];
  return name === undefined || name === '' ? null : name;
}
