/** A seed and a shape to a profile file of a large service, written as a capture's would be. */
import { ProfileWriter } from '@memscope/store/profile-writer';

import { makeLifetimeBatch, makeSyntheticTables, type SyntheticShape } from './synthetic-profile.js';

/** 200,000 sites then have a million stacks. */
export const STACKS_PER_SITE = 5;
export const TICKS = 10_000;
const BATCH_ROWS = 1 << 16;

/** `lifetimes` is rounded up to whole batches; returns how many of what there are. */
export function writeLargeProfile(
  path: string,
  seed: number,
  lifetimes: number,
  shape: SyntheticShape,
): { readonly stacks: number; readonly lifetimes: number } {
  const tables = makeSyntheticTables(seed, shape);
  const rows = Math.min(BATCH_ROWS, Math.max(1, lifetimes));
  const batches = Math.ceil(lifetimes / rows);
  const writer = ProfileWriter.create(path, { expectedBytes: tables.capture.totalBytes });
  for (let batch = 0; batch < batches; batch++) {
    writer.appendLifetimes(makeLifetimeBatch(seed + batch, rows, shape));
  }
  writer.finish(tables, null);
  return { stacks: tables.stacks.length, lifetimes: batches * rows };
}
