/**
 * Sites of both sides → the rows that are compared: functions that own memory, allocation sites, libraries, categories,
 * modules, threads or allocators. Sites of all runs that belong together are in one row, whatever they weigh, so that
 * every measure has the same rows. Arenas of Python's allocator are a row of their own in each: whose need for a new one
 * it was is chance. So is the import system among functions, whichever of its frames it was.
 */
import { IMPORT_SYSTEM, moduleOfFile, NO_PYTHON_FRAME } from '../analysis/module-of-file.js';
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
  const keyOf = keyOfSites(selection, by, lines);
  const rowOfSite = new Uint32Array(sites.length);
  const rows: GroupedRow[] = [];
  const rowOfKey = new Map<number, number>();
  for (let site = 0; site < sites.length; site++) {
    const isObjects = owners.kind[sites.owner[site]!] === OBJECTS;
    const key = isObjects ? -1 : keyOf(site);
    let row = rowOfKey.get(key);
    if (row === undefined) {
      rowOfKey.set(key, (row = rows.length));
      rows.push(isObjects ? named('objects', PYTHON_OBJECTS) : describe(site));
    }
    rowOfSite[site] = row;
  }
  return { rowOfSite, rows, findCaller: findCallers(selection, by, lines, { rowOfSite, rows }) };
}

export function named(kind: ChangedRowKind, name: string): GroupedRow {
  return { kind, name, functionName: null, file: null, pool: `${kind} ${name}` };
}

const IMPORTS_KEY = -2;

function keyOfSites(selection: Selection, by: ComparedGrouping, lines: boolean): (site: number) => number {
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
      return (site) => {
        const owner = sites.owner[site]!;
        if (isImport[owner]) return IMPORTS_KEY;
        return lines ? owner * 2 ** 31 + lineOf(site) : owner;
      };
    }
    case 'site': {
      const { stack } = selection.shownStacks();
      const pathOf = pathsOfStacks(selection, lines);
      return (site) => keyOfPath(pathOf[stack[site]!]!, sites.allocator[site]!);
    }
    case 'library':
    case 'category': {
      const { ofSite, attributions } = selection.owners();
      const names = attributions.map(({ library, category }) => (by === 'library' ? portableName(library) : category));
      const first = names.map((name) => names.indexOf(name));
      return (site) => first[ofSite[site]!] ?? attributions.length;
    }
    case 'module': {
      const innermost = innermostRows(selection.siteStacks, selection.shown);
      return (site) =>
        innermost[site] === 0 ? groups.modules.length : groups.moduleOf[stacks.frame[innermost[site]!]!]!;
    }
    case 'thread': {
      const { groupOf } = groupThreads(threads);
      return (site) => (splitThreads ? sites.thread[site]! : groupOf[sites.thread[site]!]!);
    }
    case 'allocator':
      return (site) => sites.allocator[site]!;
  }
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
      return (site) => {
        let row = stack[site]!;
        if (shown !== null) while (row !== 0 && shown[stacks.frame[row]!] === 0) row = stacks.parent[row]!;
        if (row === 0) return named('none', NO_PYTHON_FRAME);
        const { name, file, module } = groups.functions[groups.functionOf[stacks.frame[row]!]!]!;
        return { kind: 'site', name: name ?? '?', functionName: name, file, pool: pools[module]! };
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

function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
