/**
 * Decides for each path, without reading the capture, what has to be done: nothing where a fresh profile stands, nothing
 * but an error where its place is unusable, else to read it.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  hasSqlSites,
  hasSymbols,
  isFresh,
  openProfile,
  profilePathFor,
  sourceStamp,
  StoreError,
  type SourceStamp,
} from '@memscope/store';
import { STANDARD_INPUT } from './capture-file.js';
import { fromStoreError, IngestError, type IngestErrorCode } from './ingest-error.js';
import { isProfile } from './file-start.js';
import { planSymbols, type SymbolPlan, type SymbolRequest } from './symbol-request.js';

export interface PlanOptions {
  readonly output: string | undefined;
  /** Read it even when its profile is fresh. */
  readonly again: boolean;
  /** Undefined where any will do. */
  readonly temporaryThreshold: number | undefined;
  readonly defaultThreshold: number;
  readonly symbols: SymbolRequest | undefined;
  readonly sqlSites: boolean;
}

export type CapturePlan = ReadPlan | ReusePlan | FailedPlan;

export interface ReadPlan {
  readonly kind: 'read';
  readonly path: string;
  readonly profilePath: string;
  /** Null where nothing tells. */
  readonly totalBytes: number | null;
  /** Of the capture as it is now; null where nothing will tell whether it has changed (a pipe). */
  readonly stamp: SourceStamp | null;
  readonly symbols: SymbolPlan;
}

export interface ReusePlan {
  readonly kind: 'reuse';
  readonly path: string;
  readonly profilePath: string;
}

export interface FailedPlan {
  readonly kind: 'failed';
  readonly path: string;
  readonly error: IngestError;
}

/** One plan for each path, in their order; no two of them write the same profile. */
export function planCaptures(paths: readonly string[], options: PlanOptions): CapturePlan[] {
  const owners = new Map<string, string>();
  return paths.map((path) => {
    const plan = planCapture(path, options);
    if (plan.kind === 'failed' || (plan.kind === 'reuse' && plan.path === plan.profilePath)) return plan;
    const owner = owners.get(plan.profilePath);
    owners.set(plan.profilePath, owner ?? path);
    if (owner === undefined) return plan;
    return fail(path, 'cannotWrite', `its profile would overwrite that of ${owner}; name another place for it`);
  });
}

function planCapture(path: string, options: PlanOptions): CapturePlan {
  try {
    if (path !== STANDARD_INPUT && isProfile(path)) return planProfile(path, options);
    const profilePath = profilePathFor(path, options.output);
    const totalBytes = sizeOf(path);
    const temporaryThreshold = options.temporaryThreshold ?? options.defaultThreshold;
    const stamp = totalBytes === null ? null : sourceStamp(path);
    const symbols = planSymbols(path, options.symbols);
    const wanted = { temporaryThreshold, symbols: symbols.wanted, sqlSites: options.sqlSites };
    if (!options.again && stamp && isFresh(profilePath, stamp, wanted)) {
      return { kind: 'reuse', path, profilePath };
    }
    return { kind: 'read', path, profilePath, totalBytes, stamp, symbols };
  } catch (cause) {
    if (cause instanceof StoreError) return { kind: 'failed', path, error: fromStoreError(path, cause) };
    throw cause;
  }
}

/** A profile is taken as it is: its capture may be gone. */
function planProfile(path: string, { temporaryThreshold, symbols, sqlSites }: PlanOptions): CapturePlan {
  const profile = openProfile(path);
  const { temporaryThreshold: stored } = profile.notes;
  profile.close();
  if (symbols !== undefined && !hasSymbols(path, planSymbols(path, symbols).wanted)) {
    const message = 'is a profile whose native frames were named with other options; name its capture to use these';
    return fail(path, 'notCapture', message);
  }
  if (sqlSites && !hasSqlSites(path)) {
    return fail(
      path,
      'notCapture',
      'is a profile without rows of SQL for native stacks; name its capture to have them',
    );
  }
  if (temporaryThreshold === undefined || temporaryThreshold === stored) {
    return { kind: 'reuse', path, profilePath: path };
  }
  const message = `is a profile with temporary threshold ${stored}; name its capture to use another`;
  return fail(path, 'notCapture', message);
}

function fail(path: string, code: IngestErrorCode, message: string): FailedPlan {
  return { kind: 'failed', path, error: new IngestError({ code, path, message }) };
}

/** Null for what is no file, and for what cannot be looked at: reading it says why. */
function sizeOf(path: string): number | null {
  if (path === STANDARD_INPUT) return null;
  try {
    const stat = statSync(resolve(path), { throwIfNoEntry: false });
    return stat?.isFile() ? stat.size : null;
  } catch {
    return null;
  }
}
