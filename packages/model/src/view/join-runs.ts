/**
 * The tables of several runs → one table each, one run's rows after another's. Runs keep their frames and stacks; what
 * looks the same in several of them has one key (function, module, and the file by the name that all runs know it by),
 * threads of one number and name are one, and so are owners. So whoever draws paths or adds up groups of a set does what
 * they do for a single run.
 */
import type { RunStacks } from '../join/site-stacks.js';
import { FileNames, type RenamedPath } from '../owners/match-files.js';
import { matchOwners } from '../owners/match-owners.js';
import type { Profile, SiteKeys, StackTables } from '../profile.js';
import {
  OWNER_KINDS,
  type FrameTable,
  type ModuleTable,
  type OwnerTable,
  type StackTable,
  type ThreadTable,
} from '../tables.js';
import { groupFrames } from './frame-groups.js';

export interface JoinedRuns {
  readonly threads: ThreadTable;
  readonly stacks: RunStacks;
  /** What each held at most is not known of several runs: greatest moments do not add up. */
  readonly owners: OwnerTable;
  /** By run: its first row of `sites`; and behind them all their number. */
  readonly firstSite: readonly number[];
}

/** Of at least two runs. Grouping its frames follows the runs' common names of files. */
export function joinRuns(
  profiles: readonly Profile[],
  renamed: readonly RenamedPath[] = [],
  withLines = true,
): JoinedRuns {
  const tables = profiles.map((profile) => profile.stackTables());
  const keys = profiles.map((profile) => profile.siteKeys());
  const [threads, threadOf] = joinRows(
    profiles.map((profile) => profile.threads()),
    ({ tid, name }, row) => `${tid[row]}\0${name[row] ?? ''}`,
  );
  const ownerTables = profiles.map((profile) => profile.owners());
  const fileNames = new FileNames(renamed);
  const namesOfRuns = tables.map(({ frames }, run) =>
    fileNames.addRun([...frames.file, ...ownerTables[run]!.file].filter((file) => file !== null)),
  );
  const { owners, ownerOfRow } = matchOwners(ownerTables, namesOfRuns);
  const modules = joinModules(tables.map((each) => each.modules));
  const frames = joinFrames(tables);
  const stackTables = { modules, frames, stacks: joinStacks(tables) };
  const names: string[] = [];
  for (const [run, { frames: own }] of tables.entries()) {
    for (const file of own.file) names.push(file === null ? '' : (namesOfRuns[run]!.get(file) ?? file));
  }
  // Kept by the table: whoever groups these frames gets these groups.
  groupFrames(stackTables, (frame) => (frames.file[frame] === null ? null : names[frame]!), withLines);
  const stackStart = starts(tables.map(({ stacks }) => stacks.length - 1));
  const firstSite = starts(keys.map(({ length }) => length));
  const joins = profiles.map(({ notes: { join } }, run) => ({
    firstSite: firstSite[run]!,
    notes:
      join === null || join === undefined
        ? null
        : { ...join, cutThread: join.cutThread === null ? null : threadOf[run]![join.cutThread]! },
  }));
  const sites = joinSites(keys, {
    thread: (row, run) => threadOf[run]![row]!,
    owner: (row, run) => ownerOfRow[run]![row]!,
    stack: (row, run) => (row === 0 ? 0 : row + stackStart[run]!),
  });
  return {
    threads: {
      length: threads.length,
      tid: BigUint64Array.from(threads, ([{ tid }, row]) => tid[row]!),
      name: threads.map(([{ name }, row]) => name[row] ?? null),
    },
    owners: {
      length: owners.length,
      kind: Uint8Array.from(owners, ({ kind }) => OWNER_KINDS.indexOf(kind)),
      functionName: owners.map(({ functionName }) => functionName),
      file: owners.map(({ file }) => file),
      peakBytes: null,
      peakTick: null,
    },
    stacks: { tables: stackTables, joins, sites },
    firstSite,
  };
}

/** A row of a run's own table → its row in the joined one. */
type NewRow = (row: number, run: number) => number;

function joinSites(
  keys: readonly SiteKeys[],
  { thread, owner, stack }: Readonly<Record<'thread' | 'owner' | 'stack', NewRow>>,
): SiteKeys {
  const join = (columnOf: (run: SiteKeys) => Uint32Array | Uint8Array, newRow: NewRow): Uint32Array =>
    joinColumns(keys.map(columnOf), newRow);
  const hasNative = keys.some(({ nativeStack }) => nativeStack !== null);
  return {
    length: keys.reduce((sum, { length }) => sum + length, 0),
    thread: join((run) => run.thread, thread),
    allocator: Uint8Array.from(
      join(
        (run) => run.allocator,
        (number) => number,
      ),
    ),
    owner: join((run) => run.owner, owner),
    pythonStack: join((run) => run.pythonStack, stack),
    nativeStack: hasNative ? join((run) => run.nativeStack ?? new Uint32Array(run.length), stack) : null,
  };
}

/** Position of the first row of each table, and behind them all their number. */
function starts(lengths: readonly number[]): number[] {
  const all = [0];
  for (const length of lengths) all.push(all.at(-1)! + length);
  return all;
}

function joinColumns(columns: readonly (Uint32Array | Uint8Array)[], newRow: NewRow): Uint32Array {
  const joined = new Uint32Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const [run, column] of columns.entries()) {
    for (let row = 0; row < column.length; row++) joined[at++] = newRow(column[row]!, run);
  }
  return joined;
}

/** Rows that `identify` calls the same are one: the rows that are left, and for each table the new row of each of its. */
function joinRows<Table extends { readonly length: number }>(
  tables: readonly Table[],
  identify: (table: Table, row: number, run: number) => string,
): [(readonly [Table, number])[], Uint32Array[]] {
  const rows: (readonly [Table, number])[] = [];
  const known = new Map<string, number>();
  const newRows = tables.map((table, run) =>
    Uint32Array.from({ length: table.length }, (_, row) => {
      const key = identify(table, row, run);
      let joined = known.get(key);
      if (joined === undefined) known.set(key, (joined = rows.push([table, row]) - 1));
      return joined;
    }),
  );
  return [rows, newRows];
}

function joinModules(tables: readonly ModuleTable[]): ModuleTable {
  return {
    length: tables.reduce((sum, { length }) => sum + length, 0),
    path: tables.flatMap(({ path }) => [...path]),
    name: tables.flatMap(({ name }) => [...name]),
    buildId: tables.flatMap(({ buildId }) => [...buildId]),
    category: tables.flatMap(({ category }) => [...category]),
  };
}

function joinFrames(tables: readonly StackTables[]): FrameTable {
  const all = tables.map(({ frames }) => frames);
  const length = all.reduce((sum, frames) => sum + frames.length, 0);
  const moduleStart = starts(tables.map(({ modules }) => modules.length));
  const kind = new Uint8Array(length);
  const line = new Int32Array(length);
  const module = new Int32Array(length);
  const ip = new BigUint64Array(length);
  const source = new Uint8Array(length);
  const entry = new Uint8Array(length);
  let at = 0;
  for (const [run, frames] of all.entries()) {
    kind.set(frames.kind, at);
    line.set(frames.line, at);
    ip.set(frames.ip, at);
    source.set(frames.source, at);
    if (frames.entry) entry.set(frames.entry, at);
    for (let row = 0; row < frames.length; row++) {
      const own = frames.module[row]!;
      module[at + row] = own < 0 ? own : own + moduleStart[run]!;
    }
    at += frames.length;
  }
  return {
    length,
    kind,
    functionName: all.flatMap(({ functionName }) => [...functionName]),
    file: all.flatMap(({ file }) => [...file]),
    line,
    module,
    ip,
    source,
    entry,
  };
}

function joinStacks(tables: readonly StackTables[]): StackTable {
  const length = tables.reduce((sum, { stacks }) => sum + stacks.length - 1, 1);
  const parent = new Uint32Array(length);
  const frame = new Uint32Array(length);
  let [row, firstFrame] = [1, 0];
  for (const { stacks, frames } of tables) {
    const before = row - 1;
    for (let own = 1; own < stacks.length; own++, row++) {
      const above = stacks.parent[own]!;
      parent[row] = above === 0 ? 0 : above + before;
      frame[row] = stacks.frame[own]! + firstFrame;
    }
    firstFrame += frames.length;
  }
  return { length, parent, frame };
}
