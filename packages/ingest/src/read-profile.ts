/**
 * What has been read of a capture → a profile that can be asked while its file is being written. It comes in two parts, from
 * whoever decoded and from whoever kept the heap, in any order.
 */
import { resolve } from 'node:path';
import {
  memoryProfile,
  type CaptureTables,
  type Profile,
  type SiteKeys,
  type StackTables,
} from '@memscope/model/recorded';
import { childrenBeside, openProfile } from '@memscope/store';
import type { ReadLifetimes } from './profile-builder.js';

export type ReadPart =
  | { readonly kind: 'tables'; readonly tables: CaptureTables }
  | { readonly kind: 'lifetimes'; readonly lifetimes: ReadLifetimes };

/** What is known of sites long before what they hold; a profile in memory has the same columns. */
export interface ReadStacks {
  readonly tables: StackTables;
  readonly sites: Pick<SiteKeys, 'length' | 'pythonStack' | 'nativeStack'>;
}

/** Who asks for what was read before it is all written. */
export interface ReadListener {
  /** Captures with native stacks give none. */
  onRead?(part: ReadPart): void;
  /** Where a thread of its own keeps the heap, and has still to do. */
  onStacks?(stacks: ReadStacks): void;
}

/** Only the file knows, and it is not complete. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/** Of one reading after the other, should a capture be read again. */
export class ReadProfile {
  /** Where the file will stand. */
  readonly #path: string;
  #tables: CaptureTables | null = null;
  #lifetimes: ReadLifetimes | null = null;
  #isWritten = false;
  #stored: Profile | null = null;

  constructor(path: string) {
    this.#path = resolve(path);
  }

  /** The profile, when both parts are there. */
  add(part: ReadPart): Profile | null {
    if (part.kind === 'tables') this.#tables = part.tables;
    else this.#lifetimes = part.lifetimes;
    if (this.#tables === null || this.#lifetimes === null) return null;
    const { batches, coarse } = this.#lifetimes;
    const profile = memoryProfile(this.#tables, batches ?? [], this.#path);
    this.#tables = null;
    this.#lifetimes = null;
    return {
      ...profile,
      lifetimes: (from, to) => (batches === null ? this.#file() : profile).lifetimes(from, to),
      markedLifetimes: (marked, wanted) => this.#file().markedLifetimes(marked, wanted),
      coarseChanges: () => coarse,
      cohorts: () => this.#file().cohorts(),
      peakLevels: () => this.#file().peakLevels(),
      children: () => childrenBeside(this.#path, profile.capture.path),
      close: () => this.#stored?.close(),
    };
  }

  /** The file is complete. */
  finish(): void {
    this.#isWritten = true;
  }

  #file(): Profile {
    if (!this.#isWritten) throw new NotWritten(`${this.#path} is being written`);
    return (this.#stored ??= openProfile(this.#path));
  }
}
