/**
 * What a command touches of the world: its output streams, environment and the engine that reads captures. The real
 * one stands on `process`; tests bring their own.
 */
import type { expandInputs, ingest, isCaptureOrProfile, listSymbols, packSymbols } from '@memscope/ingest';
import type { Profile } from '@memscope/model';

/** The part of the workspace that reads captures; loaded only when a command needs it. */
export interface Engine {
  readonly ingest: typeof ingest;
  readonly expandInputs: typeof expandInputs;
  readonly isCaptureOrProfile: typeof isCaptureOrProfile;
  readonly listSymbols: typeof listSymbols;
  readonly packSymbols: typeof packSymbols;
  readonly openProfile: (path: string) => Profile;
}

export interface Host {
  readonly stdout: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly loadEngine: () => Promise<Engine>;
  /** Runs the user's pager on a text until it is left; false when it could not be started. */
  readonly showInPager: (text: string, command: string) => Promise<boolean>;
  /** Runs a program of the user with this process's streams, or with another input; signals are its own meanwhile. */
  readonly runInTerminal: (program: string, parameters: readonly string[], input?: number) => Promise<ChildEnd>;
}

/** How a program ended: with a code, or by a signal. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export async function loadEngine(): Promise<Engine> {
  const [{ ingest, expandInputs, isCaptureOrProfile, listSymbols, packSymbols }, { openProfile }] = await Promise.all([
    import('@memscope/ingest'),
    import('@memscope/store'),
  ]);
  return { ingest, expandInputs, isCaptureOrProfile, listSymbols, packSymbols, openProfile };
}
