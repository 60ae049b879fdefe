/**
 * Folders that the user named → captures and profiles that come later, or change. The system's notices make it prompt;
 * where there are none the folder is looked at again and again. A file counts once it has stopped growing.
 */
import { statSync, watch, type FSWatcher } from 'node:fs';
import { profileBeside, PROFILE_SUFFIX } from '@memscope/store';
import { runsIn } from './find-runs.js';

export interface WatchOptions {
  /** How long a file must have stayed as it is. */
  readonly settleMs?: number;
  /** How often a folder is looked at that gives no notice. */
  readonly pollMs?: number;
  /** Look again and again, whatever the system offers. */
  readonly alwaysPoll?: boolean;
}

const SETTLE_MS = 1_000;
const POLL_MS = 2_000;
/** Notices come by the hundred while something is written. */
const NOTICE_MS = 100;

export class FolderWatch {
  readonly #folders: readonly string[];
  readonly #report: (paths: readonly string[]) => void;
  readonly #options: Required<WatchOptions>;
  readonly #watchers: FSWatcher[] = [];
  /** What each file looked like when it was reported. */
  readonly #reported = new Map<string, string>();
  /** Captures that were there once: their profiles are no runs of their own. */
  readonly #gone = new Set<string>();
  /** What looks otherwise now, and since when it has looked like that. */
  readonly #seen = new Map<string, { readonly look: string; readonly sinceMs: number }>();
  #timer: NodeJS.Timeout | null = null;
  #polls: boolean;
  #closed = false;
  #looking = false;

  /** `known` are files that have been dealt with. `report` gets those that are new or have changed. */
  constructor(
    folders: readonly string[],
    known: readonly string[],
    report: (paths: readonly string[]) => void,
    options: WatchOptions = {},
  ) {
    this.#folders = folders;
    this.#report = report;
    this.#options = { settleMs: SETTLE_MS, pollMs: POLL_MS, alwaysPoll: false, ...options };
    this.#polls = this.#options.alwaysPoll;
    for (const path of known) this.#reported.set(path, look(path));
    for (const folder of folders) this.#watch(folder);
    if (folders.length > 0 && this.#polls) this.#lookIn(this.#options.pollMs);
  }

  /** The file has gone; should the very same come back, it is new. */
  forget(path: string): void {
    this.#reported.delete(path);
    this.#seen.delete(path);
    this.#gone.add(path);
    if (this.#folders.length > 0) this.#lookIn(NOTICE_MS);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string): void {
    if (this.#options.alwaysPoll) return;
    const poll = (): void => {
      this.#polls = true;
      this.#lookIn(this.#options.pollMs);
    };
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#lookIn(NOTICE_MS));
      watcher.on('error', poll);
      this.#watchers.push(watcher);
    } catch {
      // Not every file system gives notice.
      poll();
    }
  }

  #lookIn(ms: number): void {
    if (this.#closed || this.#looking || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#looking = true;
      void this.#look().finally(() => {
        this.#looking = false;
        if (this.#seen.size > 0) this.#lookIn(this.#options.settleMs);
        else if (this.#polls) this.#lookIn(this.#options.pollMs);
      });
    }, ms);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const found = (await Promise.all(this.#folders.map(runsIn))).flat().filter((path) => !this.#isLeftOver(path));
    const there = new Set(found);
    const nowMs = performance.now();
    const settled: string[] = [];
    for (const path of found) {
      const now = look(path);
      const seen = this.#seen.get(path);
      if (this.#reported.get(path) === now) {
        this.#seen.delete(path);
      } else if (seen?.look !== now) {
        this.#seen.set(path, { look: now, sinceMs: nowMs });
      } else if (nowMs - seen.sinceMs >= this.#options.settleMs) {
        this.#seen.delete(path);
        this.#reported.set(path, now);
        settled.push(path);
      }
    }
    for (const path of found) this.#gone.delete(path);
    for (const path of this.#seen.keys()) if (!there.has(path)) this.#seen.delete(path);
    if (settled.length > 0 && !this.#closed) this.#report(settled);
  }

  /** Whether it is the profile of a capture that was served, and has been deleted since. */
  #isLeftOver(path: string): boolean {
    if (!path.endsWith(PROFILE_SUFFIX)) return false;
    return [...this.#reported.keys(), ...this.#gone.keys()].some((capture) => profileBeside(capture) === path);
  }
}

function look(path: string): string {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'gone';
  }
}
