/** What a row of a table stands for: in words for people, in columns for programs. */
import {
  ALLOCATOR_NAMES,
  nameCategory,
  nameRuns,
  runOfSite,
  OWNER_KINDS,
  type AllocatorName,
  type Selection,
} from '@memscope/model';

import { printable } from '../../terminal/printable.js';
import {
  describeAnyFrame,
  describeAnyFunction,
  describeOwner,
  describeThread,
  describeThreads,
  framelessName,
  labelFrame,
  labelFunction,
  labelFunctionOwner,
  labelInnermost,
  labelOwner,
  labelThreads,
  type Label,
} from '../frame-label.js';
import { callerFrame, innermostFrame } from '@memscope/model';
import type { Grouping } from '@memscope/model';
import { FRAMELESS } from '@memscope/query';

/** Of groups of frames, threads and allocators; a site's is its innermost frame. */
export function labelRow(subject: number, by: Grouping, selection: Selection): Label {
  const { groups, sites } = selection;
  if (subject === FRAMELESS) return { name: framelessName(selection), place: '' };
  switch (by) {
    case 'function':
      return labelFunction(groups.functions[subject]!, groups);
    case 'location':
      return labelFrame(subject, selection);
    case 'module':
      return { name: printable(groups.modules[subject]!.name), place: '' };
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
      return { name: allocatorOf(subject, selection), place: '' };
    case 'run':
      return { name: printable(nameRuns(selection.runs)[runOfSite(subject, selection)]!), place: '' };
  }
}

/** Who called the innermost frame of a site; empty where nobody did. */
export function labelCaller(site: number, selection: Selection): string {
  const frame = callerFrame(site, selection);
  if (frame < 0) return '';
  const { name, place } = labelFrame(frame, selection);
  return place === '' ? name : `${name} ${place}`;
}

export function allocatorOf(site: number, { sites }: Selection): AllocatorName {
  return ALLOCATOR_NAMES[sites.allocator[site]!] as AllocatorName;
}

export type Description = Readonly<Record<string, string | number | null>>;

/** The same keys for every row of a grouping, in camel case. */
export function describeRow(subject: number, by: Grouping, selection: Selection): Description {
  const { groups, sites, threads } = selection;
  switch (by) {
    case 'function':
      return { ...describeAnyFunction(subject, selection) };
    case 'location':
      return { ...describeAnyFrame(subject, selection) };
    case 'module': {
      const module = subject === FRAMELESS ? null : groups.modules[subject]!;
      return { module: module?.name ?? null, kind: module?.kind ?? null };
    }
    case 'site': {
      const caller = describeAnyFrame(callerFrame(subject, selection), selection);
      return {
        ...describeAnyFrame(innermostFrame(subject, selection), selection),
        callerFunction: caller.function,
        callerFile: caller.file,
        callerLine: caller.line,
        ...describeOwner(subject, selection),
        allocator: allocatorOf(subject, selection),
        ...(selection.splitThreads ? describeThread(sites.thread[subject]!, threads) : {}),
      };
    }
    case 'owner': {
      const { kind, functionName, file } = selection.ownerTable();
      const row = sites.owner[subject]!;
      return { kind: OWNER_KINDS[kind[row]!]!, function: functionName[row] ?? null, file: file[row] ?? null };
    }
    case 'library':
      return describeOwner(subject, selection);
    case 'category':
      return { category: describeOwner(subject, selection).category };
    case 'thread':
      return { ...describeThreads(subject, selection) };
    case 'allocator':
      return { allocator: allocatorOf(subject, selection) };
    case 'run': {
      const run = runOfSite(subject, selection);
      return { run: nameRuns(selection.runs)[run]!, capturePath: selection.runs[run]!.profile.capture.path };
    }
  }
}
