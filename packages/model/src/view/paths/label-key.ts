/** Keys of paths, functions and sites → their labels for the page: as recorded, nothing shortened or escaped. */
import type { FlameLabel } from '../../api.js';
import { moduleOfFile, NO_PYTHON_FRAME } from '../../analysis/module-of-file.js';
import { PYTHON_OBJECTS } from '../../analysis/arenas.js';
import { nameCategory } from '../../analysis/libraries/library-rule.js';
import { ownerOf } from '../../analysis/libraries/site-owners.js';
import type { FrameLibraries } from '../../analysis/libraries/stack-owners.js';
import type { StackTables } from '../../profile.js';
import type { FunctionKey, ModuleKey, PathKey, SiteRow } from '../../rows.js';
import { OWNER_KINDS, type ThreadTable } from '../../tables.js';
import type { FrameGroups, FunctionGroup } from '../frame-groups.js';
import type { Selection } from '../selection.js';
import { applicationOf } from '../leak-places.js';
import { nameThread } from '../thread-groups.js';
import { ROOT_KEY } from '../path-tree.js';
import { nameImport } from './fold-imports.js';
import { importOfKey, isThreadKey, keyOfArenas, threadOfKey } from './path-table.js';
import { nameFunction } from './transform-paths.js';

/** Where labels come from. */
export interface LabelTables {
  readonly threads: ThreadTable;
  readonly stackTables: StackTables;
  readonly groups: FrameGroups;
  /** Whose code frames are; labels do not say it where this is not there. */
  readonly libraries?: () => FrameLibraries;
}

const NO_OWNER = { library: null, category: null } as const;
const NOTHING = { file: null, line: null, module: '', function: null, ...NO_OWNER } as const;

/** Of the arenas of Python's allocator. */
export const ARENAS_LABEL: FlameLabel = {
  ...NOTHING,
  kind: 'unknown',
  name: PYTHON_OBJECTS,
  library: PYTHON_OBJECTS,
  category: 'pythonObjects',
};

/** Of a key as in `PathTable`. */
export function labelKey(key: PathKey, tables: LabelTables): FlameLabel {
  if (key === ROOT_KEY) return { ...NOTHING, kind: 'all', name: 'all' };
  if (isThreadKey(key)) return { ...NOTHING, kind: 'thread', name: nameThread(tables.threads, threadOfKey(key)) };
  const { stackTables, groups, libraries } = tables;
  const { frames } = stackTables;
  if (key === keyOfArenas(frames, groups)) return ARENAS_LABEL;
  const imported = importOfKey(key, frames, groups);
  if (imported !== null) {
    const label = labelFunction(imported, groups, libraries);
    return { ...label, name: `import ${nameImport(label.file)}` };
  }
  if (key >= frames.length) return labelModule(key - frames.length, groups, libraries);
  const line = frames.line[key]!;
  const label = labelFunction(groups.functionOf[key]!, groups, libraries);
  return { ...label, line: line > 0 ? line : null };
}

/** At any line; with `libraries` also whose code it is. */
export function labelFunction(row: FunctionKey, groups: FrameGroups, libraries?: () => FrameLibraries): FlameLabel {
  const { functions, modules } = groups;
  const group = functions[row]!;
  const { name: module, kind } = modules[group.module]!;
  return {
    kind,
    name: titleFunction(group, module),
    file: group.file,
    line: null,
    module,
    function: nameFunction(group),
    ...(libraries === undefined
      ? NO_OWNER
      : nameOwner(ownersOfGroups(groups, libraries()).ofFunction[row]!, libraries())),
  };
}

function titleFunction({ name, ip }: FunctionGroup, module: string): string {
  return name ?? (ip === 0n ? '?' : `${module} 0x${ip.toString(16)}`);
}

export function labelModule(row: ModuleKey, groups: FrameGroups, libraries?: () => FrameLibraries): FlameLabel {
  const { name, kind } = groups.modules[row]!;
  const label = { ...NOTHING, kind, name, module: name };
  return libraries === undefined
    ? label
    : { ...label, ...nameOwner(ownersOfGroups(groups, libraries()).ofModule[row]!, libraries()) };
}

/** Positions in the attributions of frames: whose the first frame of each function, and of each module, is. */
interface OwnersOfGroups {
  readonly ofFunction: Uint32Array;
  readonly ofModule: Uint32Array;
}

const ownersOfLibraries = new WeakMap<FrameLibraries, OwnersOfGroups>();

function ownersOfGroups(
  { functionOf, moduleOf, functions, modules }: FrameGroups,
  libraries: FrameLibraries,
): OwnersOfGroups {
  let owners = ownersOfLibraries.get(libraries);
  if (owners === undefined) {
    const [ofFunction, ofModule] = [new Uint32Array(functions.length), new Uint32Array(modules.length)];
    for (let frame = functionOf.length - 1; frame >= 0; frame--) {
      ofFunction[functionOf[frame]!] = libraries.attributionOf[frame]!;
      ofModule[moduleOf[frame]!] = libraries.attributionOf[frame]!;
    }
    ownersOfLibraries.set(libraries, (owners = { ofFunction, ofModule }));
  }
  return owners;
}

function nameOwner(row: number, { attributions }: FrameLibraries): Pick<FlameLabel, 'library' | 'category'> {
  const attribution = attributions[row];
  return attribution === undefined ? NO_OWNER : { library: attribution.library, category: attribution.category };
}

/** Of whose memory a site's is: the function, the library or the category of libraries that owns it. */
export function labelOwnerOf(site: SiteRow, by: 'owner' | 'library' | 'category', selection: Selection): FlameLabel {
  if (by === 'owner') {
    const { kind, functionName, file } = selection.ownerTable();
    const row = selection.sites.owner[site]!;
    const which = OWNER_KINDS[kind[row]!]!;
    if (which === 'none') return NO_FRAME_LABEL;
    if (which === 'objects') return ARENAS_LABEL;
    const place = file[row] ?? null;
    const name = functionName[row] ?? place?.slice(place.lastIndexOf('/') + 1) ?? '?';
    const own = ownerOf(site, selection.owners());
    return {
      ...NOTHING,
      kind: which === 'native' ? 'native' : moduleOfFile(place).kind,
      name,
      file: place,
      ...(own === null ? {} : { library: own.library, category: own.category }),
    };
  }
  const owner = ownerOf(site, selection.owners());
  if (owner === null) return NO_FRAME_LABEL;
  const category = nameCategory(owner.category);
  return {
    ...NOTHING,
    kind: 'unknown',
    name: by === 'library' ? owner.library : category,
    module: category,
    ...(by === 'library' ? { library: owner.library } : {}),
    category: owner.category,
  };
}

/** Of the line of the application that leads to a site. */
export function labelApplication(site: SiteRow, selection: Selection): FlameLabel {
  const { frame, kind } = applicationOf(site, selection);
  if (frame < 0) return kind === 'objects' ? ARENAS_LABEL : NO_FRAME_LABEL;
  const label = labelKey(frame, selection);
  return kind === 'import' ? { ...label, name: `${label.name}, what it imports` } : label;
}

/** Whether a label is of an import, at any of its lines. */
export function isImport({ name, function: known }: FlameLabel): boolean {
  return name.startsWith('import ') && known?.startsWith('<module>\n') === true;
}

/** Whether a label is of code, not of a thread or of everything. */
export function isCode({ kind }: FlameLabel): boolean {
  return kind !== 'all' && kind !== 'thread';
}

/** Of what was allocated without any frame that is shown. */
export const NO_FRAME_LABEL: FlameLabel = {
  ...NOTHING,
  kind: 'none',
  name: NO_PYTHON_FRAME,
  module: NO_PYTHON_FRAME,
};
