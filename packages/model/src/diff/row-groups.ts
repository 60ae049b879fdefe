/**
 * Sites of both sides → the rows that are compared: functions that own memory, allocation sites, libraries, categories,
 * modules, threads or allocators. Sites of all runs that belong together are in one row, whatever they weigh, so that
 * every measure has the same rows. Arenas of Python's allocator are a row of their own in each: whose need for a new one
 * it was is chance. So is the import system among functions, whichever of its frames it was.
 */
import { IMPORT_SYSTEM, moduleOfFile, nameOfPath, NO_PYTHON_FRAME } from '../analysis/module-of-file.js';
import { PYTHON_OBJECTS, SMALL_FUNCTIONS } from '../analysis/arenas.js';
import { nameCategory } from '../analysis/libraries/library-rule.js';
import { ownerOf } from '../analysis/libraries/site-owners.js';
import { innermostRows } from '../join/walk-sites.js';
import { portableName } from '../owners/portable-file.js';
import { ALLOCATOR_NAMES, OWNER_KINDS } from '../tables.js';
import type { Selection } from '../view/selection.js';
import { groupThreads } from '../view/thread-groups.js';
import type { ComparedGrouping } from './compared-measures.js';
import { findCallers, keyOfPath, pathsOfStacks, type FindCaller } from './row-callers.js';

/** Of rows by function, but for what is reserved and not used. */
export const OWNED_ROW_KINDS = ['function', 'imports', 'objects', 'native', 'none'] as const;

export const CHANGED_ROW_KINDS = [
  ...OWNED_ROW_KINDS,
  'reserved',
  'rest',
  'site',
  'library',
  'category',
  'module',
  'thread',
  'allocator',
] as const;
export type ChangedRowKind = (typeof CHANGED_ROW_KINDS)[number];

export interface GroupedRow {
  readonly kind: ChangedRowKind;
  /** What it is called; of a function its name. */
  readonly name: string;
  /** Null for what is no function. */
  readonly functionName: string | null;
  readonly file: string | null;
  /** Its library, where it is a function or a site: memory moves within one only. */
  readonly pool: string;
}

export interface RowGroups {
  /** By site of all runs. */
  readonly rowOfSite: Uint32Array;
  readonly rows: readonly GroupedRow[];
  /** Null where rows call nothing. */
  readonly findCaller: FindCaller | null;
}

const OBJECTS = OWNER_KINDS.indexOf('objects');

/** `lines`: rows of functions and sites are told apart by their line, too. */
export function groupRows(selection: Selection, by: ComparedGrouping, lines: boolean): RowGroups {
  const { sites } = selection;
  const owners = selection.ownerTable();
  const describe = describer(selection, by);
  const { keyOf, limit } = keyOfSites(selection, by, lines);
  const rowOfSite = new Uint32Array(sites.length);
  const rows: GroupedRow[] = [];
  const rowOfKey = new Int32Array(limit + 1).fill(-1);
  for (let site = 0; site < sites.length; site++) {
    const isObjects = owners.kind[sites.owner[site]!] === OBJECTS;
    const key = isObjects ? limit : keyOf(site);
    let row = rowOfKey[key]!;
    if (row < 0) {
      row = rowOfKey[key] = rows.length;
      rows.push(isObjects ? named('objects', PYTHON_OBJECTS) : describe(site));
    }
    rowOfSite[site] = row;
  }
  return { rowOfSite, rows, findCaller: findCallers(selection, by, lines, { rowOfSite, rows }) };
}

export function named(kind: ChangedRowKind, name: string): GroupedRow {
  return { kind, name, functionName: null, file: null, pool: `${kind} ${name}` };
}

interface SiteKeys {
  readonly keyOf: (site: number) => number;
  /** Keys are below it. */
  readonly limit: number;
}

function keyOfSites(selection: Selection, by: ComparedGrouping, lines: boolean): SiteKeys {
  const { sites, splitThreads, threads, stackTables, groups } = selection;
  const { frames, stacks } = stackTables;
  switch (by) {
    case 'function': {
      const { file, kind } = selection.ownerTable();
      const isImport = Array.from(
        file,
        (each, owner) => OWNER_KINDS[kind[owner]!] === 'function' && moduleOfFile(each).kind === 'importSystem',
      );
      const lineOf = (site: number): number =>
        sites.pythonStack[site] === 0 ? 0 : frames.line[stacks.frame[sites.pythonStack[site]!]!]!;
      // All of the import system have the key of its first.
      const imports = isImport.indexOf(true);
      const ownerOfSite = (site: number): number => (isImport[sites.owner[site]!] ? imports : sites.owner[site]!);
      if (!lines) return { keyOf: ownerOfSite, limit: kind.length };
      const known = new Map<number, number>();
      return {
        keyOf: (site) => {
          const owner = ownerOfSite(site);
          return numberOf(known, owner * 2 ** 31 + (owner === imports ? 0 : lineOf(site)));
        },
        limit: sites.length,
      };
    }
    case 'site': {
      const { stack, stacks: shown } = selection.shownStacks();
      const pathOf = pathsOfStacks(selection, lines);
      const placeOf = new Int32Array(shown.length).fill(-1);
      let places = 0;
      for (let site = 0; site < sites.length; site++) {
        const path = pathOf[stack[site]!]!;
        if (placeOf[path]! < 0) placeOf[path] = places++;
      }
      return {
        keyOf: (site) => keyOfPath(placeOf[pathOf[stack[site]!]!]!, sites.allocator[site]!),
        limit: keyOfPath(places, 0),
      };
    }
    case 'library':
    case 'category': {
      const { ofSite, attributions } = selection.owners();
      const names = attributions.map(({ library, category }) => (by === 'library' ? portableName(library) : category));
      const first = names.map((name) => names.indexOf(name));
      return { keyOf: (site) => first[ofSite[site]!] ?? attributions.length, limit: attributions.length + 1 };
    }
    case 'module': {
      const innermost = innermostRows(selection.siteStacks, selection.shown);
      return {
        keyOf: (site) =>
          innermost[site] === 0 ? groups.modules.length : groups.moduleOf[stacks.frame[innermost[site]!]!]!,
        limit: groups.modules.length + 1,
      };
    }
    case 'thread': {
      const { groupOf } = groupThreads(threads);
      return {
        keyOf: (site) => (splitThreads ? sites.thread[site]! : groupOf[sites.thread[site]!]!),
        limit: threads.length,
      };
    }
    case 'allocator':
      return { keyOf: (site) => sites.allocator[site]!, limit: ALLOCATOR_NAMES.length };
  }
}

function numberOf(known: Map<number, number>, key: number): number {
  let number = known.get(key);
  if (number === undefined) known.set(key, (number = known.size));
  return number;
}

function describer(selection: Selection, by: ComparedGrouping): (site: number) => GroupedRow {
  const { sites, threads, splitThreads, groups, stackTables, shown } = selection;
  const { frame } = stackTables.stacks;
  switch (by) {
    case 'function': {
      const { kind, functionName, file } = selection.ownerTable();
      return (site) => {
        const owner = sites.owner[site]!;
        const ownerKind = OWNER_KINDS[kind[owner]!]!;
        const path = file[owner] ?? null;
        if (ownerKind === 'none') return named('none', NO_PYTHON_FRAME);
        if (ownerKind === 'rest') return named('rest', SMALL_FUNCTIONS);
        if (ownerKind === 'native') return { ...named('native', nameOfPath(path ?? '?')), file: path };
        const { name: library, kind: sort } = moduleOfFile(path);
        if (sort === 'importSystem') return named('imports', IMPORT_SYSTEM);
        const name = functionName[owner] ?? '?';
        return {
          kind: 'function',
          name,
          functionName: functionName[owner] ?? null,
          file: path,
          pool: portableName(library),
        };
      };
    }
    case 'site': {
      const { stack, stacks } = selection.shownStacks();
      const pools = groups.modules.map(({ name }) => portableName(name));
      // Sites of one function are one object: there may be hundreds of thousands.
      const rows = groups.functions.map(({ name, file, module }): GroupedRow => ({
        kind: 'site',
        name: name ?? '?',
        functionName: name,
        file,
        pool: pools[module]!,
      }));
      const none = named('none', NO_PYTHON_FRAME);
      return (site) => {
        let row = stack[site]!;
        if (shown !== null) while (row !== 0 && shown[stacks.frame[row]!] === 0) row = stacks.parent[row]!;
        return row === 0 ? none : rows[groups.functionOf[stacks.frame[row]!]!]!;
      };
    }
    case 'library':
    case 'category':
      return (site) => {
        const owner = ownerOf(site, selection.owners());
        if (owner === null) return named('none', NO_PYTHON_FRAME);
        return named(by, by === 'library' ? owner.library : nameCategory(owner.category));
      };
    case 'module': {
      const innermost = innermostRows(selection.siteStacks, selection.shown);
      return (site) => {
        const row = innermost[site]!;
        return row === 0
          ? named('none', NO_PYTHON_FRAME)
          : named('module', groups.modules[groups.moduleOf[frame[row]!]!]!.name);
      };
    }
    case 'thread': {
      const { name, groupOf } = groupThreads(threads);
      return (site) => {
        const row = sites.thread[site]!;
        return named(
          'thread',
          splitThreads ? `${threads.tid[row]} ${threads.name[row] ?? ''}`.trim() : name[groupOf[row]!]!,
        );
      };
    }
    case 'allocator':
      return (site) => named('allocator', ALLOCATOR_NAMES[sites.allocator[site]!]!);
  }
}
