/**
 * The sites of a profile with a native capture, in the form in which memray's oracles hold them: frames are
 * [function, file, line], outermost first, `<unknown>` where nothing is known.
 */
import type { NativeRow, OracleFrame } from '@memscope/fixtures';
import {
  JoinedWalk,
  joinSites,
  NATIVE_FRAME,
  siteStacksOf,
  type Profile,
  type StackTable,
  type StackTables,
} from '@memscope/model';
import { openProfile } from '@memscope/store';

/** Like memray, its native stack is without addresses that are in no module. */
export interface NativeSite extends NativeRow {
  /** Whether the site holds memory at the peak, and at the end. */
  readonly isAtPeak: boolean;
  readonly isLeaked: boolean;
}

export function readNativeSites(path: string): NativeSite[] {
  const profile = openProfile(path);
  try {
    const tables = profile.stackTables();
    const { length, thread, pythonStack, nativeStack } = profile.siteKeys();
    const { stacks, stack } = joinAll(profile);
    const frames = readFrames(tables);
    const joinedFrames = readFrames({ ...tables, stacks });
    const { tid } = profile.threads();
    const [peak, leaked] = [profile.siteWeights('peak')!, profile.siteWeights('leaked')!];
    return Array.from({ length }, (_, site) => ({
      tid: BigInt.asIntN(64, tid[thread[site]!]!),
      python: frames(pythonStack[site]!),
      native: frames(nativeStack![site]!),
      joined: joinedFrames(stack[site]!),
      isAtPeak: peak.count[site]! > 0 || peak.bytes[site]! > 0,
      isLeaked: leaked.count[site]! > 0 || leaked.bytes[site]! > 0,
    }));
  } finally {
    profile.close();
  }
}

/** The joined stacks of all sites, and the index of each one's method in `JOIN_METHODS`. */
export function joinAll(profile: Profile): ReturnType<typeof joinSites> & { readonly method: Uint8Array } {
  const recorded = siteStacksOf(profile);
  const sites = Uint32Array.from(recorded.sites.thread.keys());
  const walk = new JoinedWalk(recorded);
  return { ...joinSites(recorded, sites), method: Uint8Array.from(sites, (site) => walk.start(site)) };
}

function readFrames({
  frames,
  stacks,
}: Pick<StackTables, 'frames'> & { readonly stacks: StackTable<number> }): (stack: number) => OracleFrame[] {
  return (stack) => {
    const found: OracleFrame[] = [];
    for (let at = stack; at > 0; at = stacks.parent[at]!) {
      const frame = stacks.frame[at]!;
      if (frames.kind[frame] === NATIVE_FRAME && frames.module[frame]! < 0) continue;
      found.push([frames.functionName[frame] ?? '<unknown>', frames.file[frame] ?? '<unknown>', frames.line[frame]!]);
    }
    return found.reverse();
  };
}
