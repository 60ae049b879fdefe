/**
 * The list of runs as it changes, as `/api/events` sends it. A browser opens six connections to a server and no more,
 * for all pages together, and a stream holds one as long as it lives; so one page follows it for all (the holder of a
 * lock, https://www.w3.org/TR/web-locks) and tells the others, and a page that nobody sees, or that the browser keeps
 * for going back, follows nothing. Where pages cannot agree (no secure context) each that is seen has a stream.
 */
import type { Offer, Run } from '@memscope/model';

import { readEvents, type RunUpdate } from './read-events.js';

/** Among pages of one server. */
const NAME = 'memscope-runs';
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** For as long as the page lives. */
export function followRuns(hear: (update: RunUpdate) => void): void {
  let visit: AbortController | null = null;
  const leave = (): void => {
    visit?.abort();
    visit = null;
  };
  const look = (): void => {
    if (document.visibilityState !== 'visible') return leave();
    if (visit !== null) return;
    visit = new AbortController();
    void follow(hear, visit.signal);
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', look);
  look();
}

/** Until the signal says so: leads, or hears from the page that does. When the connection ends it waits, longer each time. */
async function follow(hear: (update: RunUpdate) => void, signal: AbortSignal): Promise<void> {
  const others = new Others(hear, signal);
  for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      await whenLeading(signal, async () => {
        await readEvents(signal, (update) => {
          wait = FIRST_WAIT_MS;
          hear(update);
          others.tell(update);
        });
      });
    } catch {
      // Told to the reader below.
    }
    if (signal.aborted) return;
    const lost: RunUpdate = { kind: 'connection', isThere: false };
    hear(lost);
    others.tell(lost);
    await pause(wait, signal);
  }
}

/** Runs `lead` when no other page does. Rejects when the signal says so before. */
function whenLeading(signal: AbortSignal, lead: () => Promise<void>): Promise<void> {
  // Not there without https or a name of this machine.
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks === undefined ? lead() : locks.request(NAME, { signal }, lead);
}

/** The other pages of this server in this browser. */
class Others {
  readonly #channel: BroadcastChannel | null;
  readonly #runs = new Map<string, Run>();
  #isLeading = false;
  readonly #offers = new Set<Offer>();

  constructor(hear: (update: RunUpdate) => void, signal: AbortSignal) {
    this.#channel = 'BroadcastChannel' in globalThis && 'locks' in navigator ? new BroadcastChannel(NAME) : null;
    if (this.#channel === null) return;
    this.#channel.addEventListener('message', ({ data }: MessageEvent<RunUpdate | null>) => {
      if (data === null) this.#answer();
      else if (!this.#isLeading) hear(data);
    });
    // Whoever leads says what there is.
    this.#channel.postMessage(null);
    signal.addEventListener('abort', () => this.#channel?.close(), { once: true });
  }

  tell(update: RunUpdate): void {
    this.#isLeading = update.kind !== 'connection' || update.isThere;
    if (update.kind === 'offer') this.#offers.add(update.offer);
    if (update.kind === 'list') {
      this.#runs.clear();
      for (const run of update.runs) this.#runs.set(run.id, run);
    } else if (update.kind === 'run') {
      if (update.run.state === 'gone') this.#runs.delete(update.run.id);
      else this.#runs.set(update.run.id, update.run);
    }
    this.#channel?.postMessage(update);
  }

  #answer(): void {
    if (!this.#isLeading) return;
    this.#channel?.postMessage({ kind: 'connection', isThere: true } satisfies RunUpdate);
    for (const offer of this.#offers) this.#channel?.postMessage({ kind: 'offer', offer } satisfies RunUpdate);
    this.#channel?.postMessage({ kind: 'list', runs: [...this.#runs.values()] } satisfies RunUpdate);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
