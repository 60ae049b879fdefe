/**
 * The sites of a capture with native stacks as they are known when it has been decoded, long before frames are named: what
 * keeps the heap can write them meanwhile.
 */
import type { Decoded, HeapTables } from '@memscope/kernel';
import type { Usage } from '@memscope/model';
import type { NativeSites } from '@memscope/store';
import { renumber, withParents } from './stack-tables.js';
import { usedThreads } from './used-threads.js';

/** A capture is one of one in its profile. */
export const CAPTURE_ID = 1;

type UsageColumns = Pick<NativeSites, keyof Usage>;

export interface DecodedSites extends Omit<NativeSites, keyof Usage> {
  /** What the heap does not know better. */
  readonly usage: Partial<UsageColumns>;
}

export function decodedSites(decoded: Decoded): DecodedSites {
  const { header, sites, stacks } = decoded;
  const { length, allocator, owner, temporaryBytes, temporaryCount } = sites;
  const { rows } = renumber(withParents(stacks.parent, sites.pythonStack), 1);
  const pythonStack = new Uint32Array(length);
  for (let site = 0; site < length; site++) pythonStack[site] = rows[sites.pythonStack[site]!]!;
  const { peakBytes, peakCount, leakedBytes, leakedCount } = sites;
  const none = { totalBytes: null, totalCount: null, temporaryBytes: null, temporaryCount: null };
  return {
    length,
    thread: usedThreads(decoded).siteThread,
    allocator,
    pythonStack,
    owner,
    usage:
      header.layout === 'aggregated'
        ? { ...none, peakBytes, peakCount, leakedBytes, leakedCount }
        : { temporaryBytes, temporaryCount },
  };
}

export function withUsages({ usage, ...keys }: DecodedSites, { usages }: Pick<HeapTables, 'usages'>): NativeSites {
  return { temporaryBytes: null, temporaryCount: null, ...keys, ...usages, ...usage };
}
