/**
 * One capture in a file → reading it into a profile file, as variants: all in one of the pool's threads, and with the
 * heap in a thread of its own. Each run starts a pool, as each run of the command line does.
 */
import { join } from 'node:path';

import { ingest } from '@memscope/ingest';
import { openProfile } from '@memscope/store';

import { BenchError } from './bench-error.js';
import { digestOf } from './digest.js';
import { totalsOf } from './kernel-variants.js';
import type { Digests, Finished, Variant } from './turns.js';

export const INGEST_ONE = 'to a profile, one thread';
export const INGEST_TWO = 'to a profile, two threads';

/** Profiles are written into `folder`. Below a few MiB of capture both variants do the same. */
export function ingestVariants(capturePath: string, folder: string): Variant[] {
  return [
    { name: INGEST_ONE, run: () => ingestOnce(capturePath, join(folder, 'one.memscope'), 1) },
    { name: INGEST_TWO, run: () => ingestOnce(capturePath, join(folder, 'two.memscope'), 2) },
  ];
}

async function ingestOnce(capturePath: string, profilePath: string, jobs: number): Promise<Finished> {
  const [outcome] = await ingest({ paths: [capturePath], output: profilePath, force: true, jobs });
  if (outcome?.error !== undefined) {
    throw new BenchError('commandFailed', `cannot read ${capturePath}: ${outcome.error.message}`, {
      cause: outcome.error,
    });
  }
  // Threads share the process's memory: none of it is one run's own.
  return { memoryBytes: null, digests: () => digestsOfProfile(profilePath) };
}

function digestsOfProfile(path: string): Digests {
  const profile = openProfile(path);
  try {
    const tables = profile.tables();
    let lifetimes = 0;
    const batches = Array.from(profile.lifetimes(), (batch) => {
      lifetimes += batch.rows;
      return digestOf(batch);
    });
    const { capture } = tables;
    return {
      profile: digestOf([tables, batches]),
      totals: totalsOf({
        allocated: capture.bytesAllocated ?? Number.NaN,
        temporary: capture.temporaryBytes ?? Number.NaN,
        peak: capture.peakBytes,
        leaked: capture.leakedBytes,
        ticks: tables.ticks.length,
        lifetimes,
      }),
    };
  } finally {
    profile.close();
  }
}
