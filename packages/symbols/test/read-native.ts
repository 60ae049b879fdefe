/**
 * A capture with native traces → its sites with resolved, joined stacks, in the form in which memray's oracles hold
 * them: [function, file, line], outermost first, `<unknown>` where nothing is known.
 */
import { readFileSync } from 'node:fs';
import { CaptureReader, type Decoded, type HeapTables } from '@memscope/kernel';
import type { OracleFrame } from '@memscope/fixtures';
import {
  isInterpreterPath,
  JOIN_METHODS,
  joinStacks,
  NATIVE_FRAME,
  type JoinedStacks,
  type JoinMethod,
} from '@memscope/model';
import {
  placeAddresses,
  resolveSymbols,
  type PlacedAddresses,
  type ResolvedSymbols,
  type ResolveOptions,
} from '../src/index.js';

export interface NativeRead {
  readonly decoded: Decoded;
  readonly heap: HeapTables;
  readonly placed: PlacedAddresses;
}

export function readNative(path: string): NativeRead {
  const reader = new CaptureReader({ onLifetimes: () => undefined, onMomentsMerged: () => undefined });
  const bytes = readFileSync(path);
  for (let from = 0; from < bytes.length; from += 1 << 18)
    if (!reader.feed(bytes.subarray(from, from + (1 << 18)))) break;
  const { decoded, heap } = reader.read();
  const { ip, generation } = decoded.nativeStacks;
  return {
    decoded,
    heap,
    placed: placeAddresses(ip, generation, decoded.segments, decoded.strings, (node) => node === 0),
  };
}

export interface NamedSites {
  readonly symbols: ResolvedSymbols;
  readonly joined: JoinedStacks;
  /** Frames of sites, outermost first. */
  python(site: number): OracleFrame[];
  native(site: number): OracleFrame[];
  joinedFrames(site: number): OracleFrame[];
  method(site: number): JoinMethod;
}

/** Like memray, leaves out addresses that are in no map. */
export async function nameSites({ decoded, placed }: NativeRead, options: ResolveOptions): Promise<NamedSites> {
  const { stacks, nativeStacks, frames, sites, strings, threads, header } = decoded;
  const { positions, positionOf } = placed;
  const symbols = await resolveSymbols(positions, options);
  const interpreters = positions.modules.map(({ path }) => isInterpreterPath(path));
  const joined = joinStacks(
    {
      python: stacks,
      isEntry: frames.entry,
      native: nativeStacks,
      positionOf,
      frames: symbols.frames,
      isInterpreter: Uint8Array.from(positions.module, (module) => (interpreters[module] === true ? 1 : 0)),
      inwards: header.version >= 9,
    },
    {
      length: sites.length,
      pythonStack: sites.pythonStack,
      nativeStack: sites.nativeStack,
      isCut: Uint8Array.from(sites.thread, (thread) =>
        header.skippedFrames > 0 && threads.tid[thread] === header.mainThreadId ? 1 : 0,
      ),
    },
  );
  const text = (row: number): string => symbols.frames.strings[row] ?? '<unknown>';
  const nativeFrame = (row: number): OracleFrame => [
    text(symbols.frames.functionName[row]!),
    text(symbols.frames.file[row]!),
    symbols.frames.line[row]!,
  ];
  const pythonFrame = (row: number): OracleFrame => [
    strings[frames.functionName[row]!]!,
    strings[frames.file[row]!]!,
    frames.line[row]!,
  ];
  const positionOfRow = new Int32Array(symbols.frames.source.length);
  for (let row = 0; row < positions.length; row++) {
    positionOfRow.fill(row, symbols.frames.start[row], symbols.frames.start[row + 1]);
  }
  const isMapped = (row: number): boolean => positions.module[positionOfRow[row]!]! >= 0;
  return {
    symbols,
    joined,
    python(site) {
      const found: OracleFrame[] = [];
      for (let row = sites.pythonStack[site]!; row > 0; row = stacks.parent[row]!)
        found.unshift(pythonFrame(stacks.frame[row]!));
      return found;
    },
    native(site) {
      const found: OracleFrame[] = [];
      for (let row = sites.nativeStack[site]!; row > 0; row = nativeStacks.parent[row]!) {
        const position = positionOf[row]!;
        if (positions.module[position]! < 0) continue;
        for (let frame = symbols.frames.start[position]!; frame < symbols.frames.start[position + 1]!; frame++) {
          found.unshift(nativeFrame(frame));
        }
      }
      return found;
    },
    joinedFrames(site) {
      const { tree } = joined;
      const found: OracleFrame[] = [];
      for (let row = joined.stack[site]!; row > 0; row = tree.parentOf(row)) {
        const frame = tree.frameOf(row);
        if (tree.kindOf(row) !== NATIVE_FRAME) found.unshift(pythonFrame(frame));
        else if (isMapped(frame)) found.unshift(nativeFrame(frame));
      }
      return found;
    },
    method: (site) => JOIN_METHODS[joined.method[site]!]!,
  };
}
