/**
 * Distinct positions of a capture's native nodes → frames with names, inlined calls, files and lines. For each module:
 * what a symbol bundle or the cache knows, then its own file, through a symbolizer or from symbol tables; modules side
 * by side. What cannot be resolved stays, as an unresolved frame; each module says what became of it.
 */
import { availableParallelism } from 'node:os';
import { userSymbolCache } from './cache-folder.js';
import { fetchDebugFile } from './debuginfod.js';
import { findModule, type FoundModule, type ModuleStatus, type SearchPlaces } from './find-module.js';
import { FrameColumnsBuilder, UNRESOLVED, type FrameColumns } from './frame-columns.js';
import { mergeFrames, rowOfAddress, type AddressFrames } from './frame-document.js';
import type { MappedModule, Positions } from './place-addresses.js';
import { resolveModule } from './resolve-module.js';
import type { BundledModule, SymbolBundle } from './symbol-bundle.js';
import { cachePathOf, readCache, writeCache } from './symbol-cache.js';
import { findSymbolizer, type Symbolizer, type SymbolizerChoice } from './symbolizer/find-symbolizer.js';
import { trimCache } from './trim-cache.js';

export interface ResolveOptions extends Partial<SearchPlaces> {
  /** Servers to ask for debug files; none by default. */
  readonly debuginfod?: readonly string[];
  readonly symbolizer?: SymbolizerChoice;
  /** A bundle that was made of this capture. */
  readonly bundle?: SymbolBundle | undefined;
  /** Null = no cache; the user's own folder by default. */
  readonly cacheFolder?: string | null;
  /** Longest time that a symbolizer may give no answer, and that a server may take. */
  readonly timeoutMs?: number;
  /** Longest time that fetching debug files may take in all. */
  readonly fetchMs?: number;
  /** Modules that are resolved side by side. */
  readonly parallel?: number;
  readonly signal?: AbortSignal;
}

export interface ModuleOutcome extends MappedModule {
  readonly status: ModuleStatus;
  /** Where its frames came from. */
  readonly from: 'files' | 'cache' | 'bundle';
  /** Paths on this machine; null where a bundle or nothing answered. */
  readonly foundPath: string | null;
  readonly debugPath: string | null;
  readonly buildId: string | null;
  /** Distinct positions in it, and how many of them got a name. */
  readonly positions: number;
  readonly resolved: number;
  /** Why its file is missing or does not fit. */
  readonly reason: string | null;
  /** What went wrong on the way; one sentence. */
  readonly warning: string | null;
}

export interface ResolvedSymbols {
  /** By row of the positions. */
  readonly frames: FrameColumns;
  /** By row of the positions' modules. */
  readonly modules: readonly ModuleOutcome[];
  /** Null also where no module had debug sections to read. */
  readonly symbolizer: Symbolizer | null;
}

/** One run's options, and when its fetching ends. */
type Resolving = ResolveOptions & { readonly deadline: AbortSignal };

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_FETCH_MS = 600_000;
const MOST_DOWNLOAD_BYTES = 4 * 2 ** 30;

/** Throws a `SymbolsError` (`symbolizer`) for a symbolizer that is asked for by name and missing, and the signal's reason. */
export async function resolveSymbols(positions: Positions, options: ResolveOptions = {}): Promise<ResolvedSymbols> {
  const { signal } = options;
  signal?.throwIfAborted();
  const choice = options.symbolizer ?? 'auto';
  let finding: Promise<Symbolizer | null> | null = null;
  // Asking a program for its version takes longer than all the rest where no module has debug sections.
  const findOnce = (): Promise<Symbolizer | null> => (finding ??= findSymbolizer(choice));
  if (choice !== 'auto') await findOnce();
  const addresses = addressesByModule(positions);
  const resolving = { ...options, deadline: AbortSignal.timeout(options.fetchMs ?? DEFAULT_FETCH_MS) };
  const answers: { outcome: ModuleOutcome; known: AddressFrames }[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let row = next++; row < positions.modules.length; row = next++) {
      signal?.throwIfAborted();
      answers[row] = await answerModule(positions.modules[row]!, addresses[row]!, findOnce, resolving);
    }
  };
  const parallel = Math.max(1, options.parallel ?? availableParallelism());
  await Promise.all(Array.from({ length: parallel }, work));
  const folder = frameCacheOf(options);
  // Only what came from files can have added to it.
  if (folder !== null && answers.some(({ outcome }) => outcome.from === 'files')) trimCache(folder);
  return {
    frames: spreadFrames(
      positions,
      answers.map(({ known }) => known),
    ),
    modules: answers.map(({ outcome }) => outcome),
    symbolizer: await (finding ?? Promise.resolve(null)),
  };
}

/** What is left where nothing can be resolved: every position is an unresolved frame, every module is missing. */
export function leaveUnresolved(positions: Positions, reason: string): ResolvedSymbols {
  const found = { status: 'missing', path: null, debugPath: null, buildId: null, reason } as const;
  return {
    frames: spreadFrames(positions, []),
    modules: addressesByModule(positions).map((addresses, row) =>
      outcomeOf(positions.modules[row]!, found, mergeFrames(addresses, []), 'files', null),
    ),
    symbolizer: null,
  };
}

/** What a bundle of these symbols holds of each module. */
export function bundleModules(positions: Positions, { frames, modules }: ResolvedSymbols): BundledModule[] {
  const addresses = addressesByModule(positions);
  const rows = modules.map(() => new Map<number, number>());
  for (let row = 0; row < positions.length; row++) rows[positions.module[row]!]?.set(positions.address[row]!, row);
  return modules.map(({ path, segments, buildId, status, reason }, module) => {
    const builder = new FrameColumnsBuilder();
    for (const address of addresses[module]!) builder.copy(frames, rows[module]!.get(address)!);
    return { path, segments, buildId, status, reason, addresses: addresses[module]!, frames: builder.finish() };
  });
}

async function answerModule(
  module: MappedModule,
  addresses: Float64Array,
  findOnce: () => Promise<Symbolizer | null>,
  options: Resolving,
): Promise<{ outcome: ModuleOutcome; known: AddressFrames }> {
  const bundled = options.bundle?.modules.find((other) => isSameModule(module, other));
  const hasPlaces = (options.sysroots?.length ?? 0) > 0 || (options.symbolPaths?.length ?? 0) > 0;
  const isOpen = (address: number): boolean => {
    const row = bundled === undefined ? -1 : rowOfAddress(bundled.addresses, address);
    // Files that the user points to may know what was not known where the bundle was made.
    return row < 0 || (hasPlaces && bundled!.frames.source[bundled!.frames.start[row]!] === UNRESOLVED);
  };
  const open = addresses.filter(isOpen);
  if (bundled !== undefined && open.length === 0) {
    const frames = mergeFrames(addresses, [bundled]);
    const { buildId, status, reason } = bundled;
    const found = { buildId, status, reason, path: null, debugPath: null };
    return { outcome: outcomeOf(module, found, frames, 'bundle', null), known: { addresses, frames } };
  }
  const { found, warning: searchWarning } = await findFiles(module, bundled?.buildId ?? null, options);
  const symbolizer = found.debugPath === null ? null : await findOnce();
  const own = await answerFromFiles(found, open, symbolizer, options);
  // A cache may hold more than was asked; of that the bundle's frames are the ones to show.
  const answered = { addresses: open, frames: mergeFrames(open, [own.known]) };
  const frames = bundled === undefined ? answered.frames : mergeFrames(addresses, [answered, bundled]);
  const outcome = outcomeOf(module, found, frames, own.from, own.warning ?? searchWarning);
  return { outcome, known: { addresses, frames } };
}

async function findFiles(
  module: MappedModule,
  buildId: string | null,
  options: Resolving,
): Promise<{ found: FoundModule; warning: string | null }> {
  const found = findModule(module, { sysroots: options.sysroots ?? [], symbolPaths: options.symbolPaths ?? [] });
  if (buildId !== null && found.buildId !== null && found.buildId !== buildId) {
    const reason = `another file was mapped: its build-id was ${buildId}, not ${found.buildId}`;
    return { found: { ...found, status: 'mismatch', debugPath: null, reason }, warning: null };
  }
  const urls = options.debuginfod ?? [];
  if (found.status !== 'found' || found.debugPath !== null || found.buildId === null || urls.length === 0) {
    return { found, warning: null };
  }
  const { path, faults } = await fetchDebugFile(found.buildId, {
    urls,
    cacheFolder: options.cacheFolder ?? userSymbolCache(),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    deadline: options.deadline,
    mostBytes: MOST_DOWNLOAD_BYTES,
    signal: options.signal,
  });
  return { found: { ...found, debugPath: path }, warning: path === null ? (faults[0] ?? null) : null };
}

function frameCacheOf({ cacheFolder = userSymbolCache() }: ResolveOptions): string | null {
  return cacheFolder;
}

async function answerFromFiles(
  found: FoundModule,
  addresses: Float64Array,
  symbolizer: Symbolizer | null,
  options: ResolveOptions,
): Promise<{ known: AddressFrames; from: 'files' | 'cache'; warning: string | null }> {
  if (found.status !== 'found')
    return { known: { addresses, frames: mergeFrames(addresses, []) }, from: 'files', warning: null };
  const folder = frameCacheOf(options);
  const path = folder === null ? null : cachePathOf(folder, found, symbolizer);
  const cached = path === null ? null : readCache(path);
  const missing =
    cached === null ? addresses : addresses.filter((address) => rowOfAddress(cached.addresses, address) < 0);
  if (cached !== null && missing.length === 0) return { known: cached, from: 'cache', warning: null };

  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
  const { frames, warning } = await resolveModule(found, missing, symbolizer, { timeoutMs, signal });
  const fresh = { addresses: missing, frames };
  if (cached === null && (path === null || warning !== null)) return { known: fresh, from: 'files', warning };
  const sources = cached === null ? [fresh] : [fresh, cached];
  const union = Float64Array.from(new Set(sources.flatMap((known) => [...known.addresses]))).sort();
  const known = { addresses: union, frames: mergeFrames(union, sources) };
  // What a symbolizer failed to answer may be answered next time.
  if (path !== null && warning === null) writeCache(path, known);
  return { known, from: 'files', warning };
}

function outcomeOf(
  module: MappedModule,
  found: Pick<FoundModule, 'status' | 'path' | 'debugPath' | 'buildId' | 'reason'>,
  frames: FrameColumns,
  from: ModuleOutcome['from'],
  warning: string | null,
): ModuleOutcome {
  let resolved = 0;
  for (let row = 0; row < frames.length; row++) if (frames.source[frames.start[row]!] !== UNRESOLVED) resolved++;
  return {
    ...module,
    status: found.status,
    from,
    foundPath: found.path,
    debugPath: found.debugPath,
    buildId: found.buildId,
    positions: frames.length,
    resolved,
    reason: found.reason,
    warning,
  };
}

function isSameModule(module: MappedModule, other: MappedModule): boolean {
  if (module.path !== other.path) return false;
  const theirs = new Set(other.segments.map(([address, size]) => `${address}:${size}`));
  return module.segments.every(([address, size]) => theirs.has(`${address}:${size}`));
}

/** Sorted, distinct addresses by module. */
function addressesByModule({ length, module, address, modules }: Positions): Float64Array[] {
  const found = modules.map(() => new Set<number>());
  for (let row = 0; row < length; row++) if (address[row]! >= 0) found[module[row]!]?.add(address[row]!);
  return found.map((addresses) => Float64Array.from(addresses).sort());
}

/** By position; positions without a module or address are unresolved. */
function spreadFrames({ length, module, address }: Positions, known: readonly AddressFrames[]): FrameColumns {
  const builder = new FrameColumnsBuilder();
  for (let row = 0; row < length; row++) {
    const of = known[module[row]!];
    const at = of === undefined ? -1 : rowOfAddress(of.addresses, address[row]!);
    if (at < 0) builder.end();
    else builder.copy(of!.frames, at);
  }
  return builder.finish();
}
