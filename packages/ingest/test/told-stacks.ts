/** A capture of ALL_BYTES with native traces → what its profile tells of symbols and stacks; all its bytes are there. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { JOIN_METHODS, type SymbolNotes } from '@memscope/model';
import { openProfile } from '@memscope/store';

import { ingestCapture } from '../src/ingest-capture.js';
import type { SymbolRequest } from '../src/index.js';
import { DEFAULT_SYMBOLS, planSymbols } from '../src/symbol-request.js';
import { ALL_BYTES } from './library-capture.js';
import { joinAll } from './native-rows.js';
import { query } from './profile-rows.js';
import { scratchFolder } from './scratch-folder.js';

export interface Told {
  readonly notes: SymbolNotes;
  /** By site: how it was joined, and its frames from the outermost to the innermost. */
  readonly stacks: readonly string[];
}

export async function readTold(capture: string, request: Partial<SymbolRequest>, timeoutMs = 20_000): Promise<Told> {
  const profilePath = join(scratchFolder(), 'capture.memscope');
  const { task, stamp } = planSymbols(capture, { ...DEFAULT_SYMBOLS, ...request });
  const symbols = { task: { ...task, cacheFolder: null, timeoutMs }, stamp };
  const options = { temporaryThreshold: 1, maxTicks: 1000, stamp: null, threaded: false };
  await ingestCapture({ path: capture, profilePath, symbols, ...options });
  return tell(profilePath);
}

function tell(profilePath: string): Told {
  const profile = openProfile(profilePath);
  const { symbols } = profile.notes;
  const { peakBytes } = profile.capture;
  const { frames } = profile.stackTables();
  const { stacks, stack, method } = joinAll(profile);
  profile.close();
  const [sums] = query(profilePath, 'SELECT sum(leaked_bytes) leaked, sum(total_bytes) total FROM site');
  expect([peakBytes, sums]).toEqual([ALL_BYTES, { leaked: BigInt(ALL_BYTES), total: BigInt(ALL_BYTES) }]);
  const nameOf = (frame: number): string => {
    const name = frames.functionName[frame] ?? `0x${frames.ip[frame]!.toString(16)}`;
    return frames.line[frame]! > 0 ? `${name}:${frames.line[frame]}` : name;
  };
  const told = Array.from(stack, (innermost, site) => {
    const names: string[] = [];
    for (let row = innermost; row > 0; row = stacks.parent[row]!) names.unshift(nameOf(stacks.frame[row]!));
    return `${JOIN_METHODS[method[site]!]}: ${names.join(' > ')}`;
  });
  return { notes: symbols!, stacks: told };
}
