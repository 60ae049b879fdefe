import { constants } from 'node:os';

import type { ChildEnd } from './host.js';

/** What the process ends with. Where several apply, the highest counts. */
export const EXIT = {
  fine: 0,
  /** A check failed. */
  failed: 1,
  /** Wrong usage. */
  usage: 2,
  /** Unreadable or damaged input. */
  input: 3,
  /** A fault of memscope itself. */
  internal: 4,
  /** Stopped by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function worse(a: ExitCode, b: ExitCode): ExitCode {
  return a > b ? a : b;
}

/** What a program ended with; by a signal, as shells count it. */
export function codeOfEnd({ code, signal }: ChildEnd): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** Wrong usage that only shows once the parameters are looked at: one line for standard error, `EXIT.usage`. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
