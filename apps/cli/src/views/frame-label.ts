/** What a frame, a function, a thread or a module is called: for people, short and safe on a terminal; for programs, whole. */
import {
  applicationOf,
  FRAME_SOURCES,
  groupThreads,
  importOfKey,
  isFrameKey,
  isThreadKey,
  keyOfArenas,
  moduleOfFile,
  nameOfPath,
  nameImport,
  nameCategory,
  nameThread,
  NATIVE_FRAME,
  NO_FRAME,
  NO_PYTHON_FRAME,
  OWNER_KINDS,
  ownerOf,
  PYTHON_OBJECTS,
  SMALL_FUNCTIONS,
  threadOfKey,
  type FrameColumns,
  type FrameRow,
  type FunctionColumns,
  type FunctionKey,
  type OwnerRow,
  type PathKey,
  type SiteRow,
  type ThreadRow,
  labelFunction,
  type Selection,
  type TableDocumentRow,
  type ThreadTable,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

type Nothing<Columns> = { readonly [Name in keyof Columns]: null };

export interface Label {
  readonly name: string;
  /** Where it is; empty where that is not known. */
  readonly place: string;
}

/** Of a node of a call tree. */
export function labelNode(key: PathKey, selection: Selection): Label {
  if (isThreadKey(key)) return { name: threadLabel(selection.threads, threadOfKey(key)), place: '' };
  if (isArenas(key, selection)) return { name: PYTHON_OBJECTS, place: '' };
  const imported = importOfNode(key, selection);
  if (imported !== null) return { name: `import ${printable(imported)}`, place: '' };
  return isFrameKey(key, selection.stackTables.frames) ? labelFrame(key, selection) : { name: 'all', place: '' };
}

/** The arenas of Python's allocator, as a tree of two sides has them. */
export function isArenas(key: PathKey, { stackTables: { frames }, groups }: Selection): boolean {
  return key === keyOfArenas(frames, groups);
}

/** What of a library is imported there; null where nothing is. */
export function importOfNode(key: PathKey, { stackTables: { frames }, groups }: Selection): string | null {
  const imported = importOfKey(key, frames, groups);
  return imported === null ? null : nameImport(groups.functions[imported]!.file);
}

/** Function and line; native code without a name has its module and address. */
export function labelFrame(frame: FrameRow, { stackTables: { frames }, groups }: Selection): Label {
  const line = groups.withLines ? frames.line[frame]! : 0;
  const { name, place } = printFunction(groups.functionOf[frame]!, groups);
  return { name, place: place === '' || line <= 0 ? place : `${place}:${line}` };
}

/** `row` is a position in the functions of `FrameGroups`. */
export function printFunction(row: number, groups: Selection['groups']): Label {
  const { kind, name, file, module, function: known } = labelFunction(row, groups);
  if (kind !== 'native') return { name: printable(name), place: printable(moduleOfFile(file).shortFile) };
  const short = shortenModule(module);
  if (known !== null) return { name: printable(shortenName(name)), place: printable(file ?? short) };
  return { name: printable(name.replace(module, () => short)), place: printable(file ?? '') };
}

/** A function as whoever owns memory, Python's arenas, or the file of native code. */
export function labelFunctionOwner(owner: OwnerRow, selection: Selection): Label {
  const { kind, functionName, file } = selection.ownerTable();
  const place = file[owner] ?? null;
  switch (OWNER_KINDS[kind[owner]!]!) {
    case 'none':
      return { name: NO_PYTHON_FRAME, place: '' };
    case 'objects':
      return { name: PYTHON_OBJECTS, place: '' };
    case 'rest':
      return { name: SMALL_FUNCTIONS, place: '' };
    case 'function':
      return { name: printable(functionName[owner] ?? '?'), place: printable(moduleOfFile(place).shortFile) };
    case 'native':
      return { name: printable(shortenModule(nameOfPath(place ?? ''))), place: printable(place ?? '') };
  }
}

/** What a namespace without a name is called takes the room of what is in it. */
function shortenName(name: string): string {
  return name.replaceAll('(anonymous namespace)', '{anon}');
}

/** Extension modules say for which interpreter they were built: "_ctypes.so" of "_ctypes.cpython-313-….so". */
function shortenModule(name: string): string {
  return name.replace(/\.(?:cpython|pypy)[\w-]{1,60}(?=\.so$)/, '');
}

/** "worker-1 (thread 3)", "main thread (thread 1)" or the number alone. */
export function threadLabel(threads: ThreadTable, row: ThreadRow): string {
  return printable(nameThread(threads, row));
}

/** Of the thread of a site, or of all threads that are called like it. */
export function labelThreads(site: SiteRow, { threads, sites, splitThreads }: Selection): string {
  const row = sites.thread[site]!;
  if (splitThreads) return threadLabel(threads, row);
  const { name, groupOf } = groupThreads(threads);
  return printable(name[groupOf[row]!]!);
}

/** The same for programs: the number of a single thread, and how many there are. */
export function describeThreads(site: SiteRow, { threads, sites, splitThreads }: Selection): ThreadColumns {
  const row = sites.thread[site]!;
  const { name, groupOf, count } = groupThreads(threads);
  const group = groupOf[row]!;
  if (splitThreads || count[group] === 1) return { ...describeThread(row, threads), threads: 1 };
  return { thread: null, threadName: name[group]!, threads: count[group]! };
}

type ThreadColumns = Omit<TableDocumentRow<'thread'>, 'bytes' | 'count'>;

export function describeThread(row: ThreadRow, { tid, name }: ThreadTable) {
  return { thread: String(tid[row]!), threadName: name[row] ?? null };
}

/** Of the innermost frame that is shown; -1 is none. */
export function labelInnermost(frame: FrameRow, selection: Selection): Label {
  return frame < 0 ? { name: framelessName(selection), place: '' } : labelFrame(frame, selection);
}

/** What stands for allocations without any frame that could be shown. */
export function framelessName({ sites, stacks }: Pick<Selection, 'sites' | 'stacks'>): string {
  if (sites.nativeStack === null || stacks === 'python') return NO_PYTHON_FRAME;
  return stacks === 'native' ? '<no native frame>' : NO_FRAME;
}

/** The library that owns the memory of a site, or that library's category. */
export function labelOwner(site: SiteRow, by: 'library' | 'category', selection: Selection): string {
  const owner = ownerOf(site, selection.owners());
  if (owner === null) return selection.sites.nativeStack === null ? NO_PYTHON_FRAME : NO_FRAME;
  return printable(by === 'library' ? owner.library : nameCategory(owner.category));
}

/** The same for programs; null where nothing is on the stack. */
export function describeOwner(
  site: SiteRow,
  selection: Selection,
): { readonly library: string | null; readonly category: string | null } {
  const owner = ownerOf(site, selection.owners());
  return { library: owner?.library ?? null, category: owner?.category ?? null };
}

/** The line of the application that leads to a site. */
export function labelApplication(site: SiteRow, selection: Selection): Label {
  const { frame, kind } = applicationOf(site, selection);
  if (kind === 'objects') return { name: PYTHON_OBJECTS, place: '' };
  const { name, place } = labelInnermost(frame, selection);
  return { name, place: kind === 'import' ? `${place}, what it imports` : place };
}

/** The same for programs. */
export function describeApplication(site: SiteRow, selection: Selection) {
  const { frame, kind } = applicationOf(site, selection);
  const { function: name, file, line } = describeAnyFrame(frame, selection);
  return { applicationFunction: name, applicationFile: file, applicationLine: line, of: kind };
}

/** The function that owns the memory of a site, for programs. */
export function describeFunctionOwner(site: SiteRow, { sites, ownerTable }: Selection) {
  const { kind, functionName, file } = ownerTable();
  const owner = sites.owner[site]!;
  return { kind: OWNER_KINDS[kind[owner]!]!, function: functionName[owner] ?? null, file: file[owner] ?? null };
}

/** Of no frame. */
export const NO_COLUMNS: Nothing<FrameColumns> = {
  kind: null,
  function: null,
  file: null,
  line: null,
  module: null,
  library: null,
  category: null,
  source: null,
};

/** `frame` is a row of `FrameTable`, or negative: none, whose columns are null. */
export function describeAnyFrame(frame: FrameRow, selection: Selection): FrameColumns | Nothing<FrameColumns> {
  return frame < 0 ? NO_COLUMNS : describeFrame(frame, selection);
}

/** A row of `FrameTable` as programs read it. */
export function describeFrame(
  frame: FrameRow,
  { stackTables: { frames }, groups, libraries }: Selection,
): FrameColumns {
  const line = groups.withLines ? frames.line[frame]! : 0;
  const native = frames.kind[frame] === NATIVE_FRAME;
  const { attributions, attributionOf } = libraries();
  const { library, category } = attributions[attributionOf[frame]!]!;
  return {
    kind: native ? 'native' : 'python',
    function: frames.functionName[frame] ?? null,
    file: frames.file[frame] ?? null,
    line: line > 0 ? line : null,
    module: groups.modules[groups.moduleOf[frame]!]!.name,
    library,
    category,
    source: native ? FRAME_SOURCES[frames.source[frame]!]! : null,
  };
}

const NO_FUNCTION: Nothing<FunctionColumns> = { kind: null, function: null, file: null, module: null, address: null };

/** `row` is a position in the functions of `FrameGroups`, or negative: none, whose columns are null. */
export function describeAnyFunction(
  row: FunctionKey,
  selection: Selection,
): FunctionColumns | Nothing<FunctionColumns> {
  return row < 0 ? NO_FUNCTION : describeFunction(row, selection);
}

/** A position in the functions of `FrameGroups` as programs read it. */
export function describeFunction(row: FunctionKey, { groups }: Selection): FunctionColumns {
  const { name, file, module, ip } = groups.functions[row]!;
  const owner = groups.modules[module]!;
  const native = owner.kind === 'native';
  return {
    kind: native ? 'native' : 'python',
    function: name,
    file,
    module: owner.name,
    address: native && name === null ? `0x${ip.toString(16)}` : null,
  };
}
