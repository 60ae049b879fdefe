/**
 * Frames → whose they are; stacks → whose memory it is. A stack's owner is found from the innermost frame outwards: some
 * libraries ask for memory on behalf of whoever called them, and are passed over as long as someone else is on the
 * stack. They are, the last resort first:
 *
 * code that nothing is known of, the system's libraries (C library, loader), the interpreter, the profiler, the standard
 * library and generated code, and libraries whose rule says `forCaller`.
 *
 * Everything else owns what it asked for: frameworks, packages, numeric kernels, the import system, the application. So
 * `malloc` that libtorch called is PyTorch's, what NumPy asked of the interpreter is NumPy's, and what the application
 * had the standard library do is the application's.
 */
import type { StackTables } from '../../profile.js';
import { JoinedWalk, NearestRows, NOT_NEAR, type SiteStacks } from '../../join/joined-walk.js';
import { NATIVE_FRAME } from '../../tables.js';
import { makeFrameAttributor } from './attribute-frame.js';
import type { Attribution, LibraryRule } from './library-rule.js';

/** What every frame is attributed to. */
export interface FrameLibraries {
  /** Each once. */
  readonly attributions: readonly Attribution[];
  /** By frame row: position in `attributions`. */
  readonly attributionOf: Uint32Array;
}

type FrameTables = {
  readonly frames: Pick<StackTables['frames'], 'length' | 'kind' | 'functionName' | 'file' | 'module'>;
  readonly modules: Pick<StackTables['modules'], 'path'>;
};

/** Without rules of the user's, by the frames. */
const known = new WeakMap<FrameTables['frames'], FrameLibraries>();

export function attributeFrames(tables: FrameTables, rules: readonly LibraryRule[] = []): FrameLibraries {
  if (rules.length > 0) return makeLibraries(tables, rules);
  let libraries = known.get(tables.frames);
  if (libraries === undefined) known.set(tables.frames, (libraries = makeLibraries(tables, rules)));
  return libraries;
}

/** In the place of a module; native code may be of none, -1. */
const PYTHON = -2;

function makeLibraries({ frames, modules }: FrameTables, rules: readonly LibraryRule[]): FrameLibraries {
  const attributor = makeFrameAttributor(rules);
  // Without rules of the user's nothing but the file tells whose a Python frame is, and nothing of a native one's file.
  const own = rules.length > 0;
  const attributions: Attribution[] = [];
  const rowOfAttribution = new Map<string, number>();
  // By module, then by what tells within it: a longer key would have to be made and hashed for each frame.
  const rowsOfModule = new Map<number, Map<string | null, number>>();
  const attributionOf = new Uint32Array(frames.length);
  for (let row = 0; row < frames.length; row++) {
    const native = frames.kind[row] === NATIVE_FRAME;
    const name = frames.functionName[row] ?? null;
    const file = frames.file[row] ?? null;
    const module = native ? frames.module[row]! : -1;
    const place = own ? `${file}\0${name}` : native ? name : file;
    let rowOfPlace = rowsOfModule.get(native ? module : PYTHON);
    if (rowOfPlace === undefined) rowsOfModule.set(native ? module : PYTHON, (rowOfPlace = new Map()));
    let found = rowOfPlace.get(place);
    if (found === undefined) {
      const attribution = attributor.attribute({
        kind: native ? 'native' : 'python',
        module: modules.path[module] ?? null,
        functionName: name,
        file,
      });
      const key = `${attribution.forCaller === true} ${attribution.category}\0${attribution.library}`;
      found = rowOfAttribution.get(key);
      if (found === undefined) rowOfAttribution.set(key, (found = attributions.push(attribution) - 1));
      rowOfPlace.set(place, found);
    }
    attributionOf[row] = found;
  }
  return { attributions, attributionOf };
}

const OWNS = 6;
const FOR_CALLER = 5;
const RANKS: Readonly<Record<string, number>> = {
  standardLibrary: 4,
  generated: 4,
  profiler: 3,
  interpreter: 2,
  system: 1,
  unknown: 0,
};

/** Whether it owns what it asked for, whoever called it. */
export function ownsItsMemory(attribution: Attribution): boolean {
  return rankOf(attribution) === OWNS;
}

function rankOf({ category, forCaller }: Attribution): number {
  const rank = Object.hasOwn(RANKS, category) ? RANKS[category]! : OWNS;
  return forCaller === true ? Math.min(rank, FOR_CALLER) : rank;
}

export interface OwnerRows {
  /** Of frames that own what they asked for. */
  readonly nearest: NearestRows;
  /** By site: the row of the recorded stacks whose frame owns its memory, 0 where nothing is on the joined stack. */
  readonly ownerRow: Uint32Array;
}

export function findOwnerRows(stacks: SiteStacks, { attributions, attributionOf }: FrameLibraries): OwnerRows {
  const ranks = attributions.map(rankOf);
  const rankOfFrame = new Uint8Array(attributionOf.length);
  for (let row = 0; row < rankOfFrame.length; row++) rankOfFrame[row] = ranks[attributionOf[row]!]!;
  const nearest = new NearestRows(
    stacks,
    rankOfFrame.map((rank) => (rank === OWNS ? 1 : 0)),
  );
  const { frame } = stacks.tables.stacks;
  const walk = new JoinedWalk(stacks);
  const ownerRow = new Uint32Array(stacks.sites.length);
  for (let site = 0; site < ownerRow.length; site++) {
    walk.start(site);
    const near = walk.leap(nearest);
    if (near !== NOT_NEAR) {
      ownerRow[site] = near;
      continue;
    }
    let best = -1;
    for (let row = walk.next(); row !== 0 && best !== OWNS; row = walk.next()) {
      const rank = rankOfFrame[frame[row]!]!;
      if (rank <= best) continue;
      best = rank;
      ownerRow[site] = row;
    }
  }
  return { ownerRow, nearest };
}
