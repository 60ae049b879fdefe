/**
 * The clock of the page suite, which runs in the page: from an input's own time stamp (taken by the browser when the
 * input came, before the page heard of it) to the end of the frame that shows the whole answer. What the page changes is
 * heard of from a mutation observer; nothing polls. The answer is there when the address has the new state and nothing
 * is marked as busy; the next animation frame draws it, and a message sent in that frame arrives when it has been drawn
 * (web.dev/articles/optimize-inp: what follows a frame's rendering is the next task).
 */

/** What ends the input of an interaction. */
export type InputKind = 'pointerup' | 'keydown' | 'wheel' | 'input';

export interface PageProbe {
  /** Waits for the first view with its answers; milliseconds since the navigation began. */
  firstPaint(): Promise<number>;
  /** To be called before the input; the address as it is now is the old state. */
  arm(kind: InputKind): void;
  /** Milliseconds of the input that followed `arm`. Rejects with what the page shows instead of an answer. */
  answered(): Promise<number>;
  isAtRest(): boolean;
}

declare global {
  var memscopeProbe: PageProbe;
}

/** Runs in the page before its own scripts. Uses nothing from outside itself, as its text is what is sent there. */
export function installPageProbe(): void {
  interface Watch {
    readonly kind: InputKind | null;
    readonly oldState: string | null;
    /** NaN until the input. */
    startedMs: number;
    isDrawing: boolean;
    readonly ended: Promise<number>;
    readonly resolve: (milliseconds: number) => void;
    readonly reject: (reason: Error) => void;
  }
  let watch: Watch | null = null;

  const begin = (kind: InputKind | null, oldState: string | null, startedMs: number): void => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    // Whoever asks for it later is told; until then nobody needs to.
    promise.catch(() => undefined);
    watch = { kind, oldState, startedMs, isDrawing: false, ended: promise, resolve, reject };
  };
  const isAtRest = (): boolean =>
    document.querySelector('main > .view') !== null &&
    document.querySelector('[aria-busy=true], .notice.loading') === null;
  // The address follows with a delay.
  const stateNow = (): string => document.documentElement.dataset['state'] ?? '';
  const isAnswered = ({ startedMs, oldState }: Watch): boolean =>
    !Number.isNaN(startedMs) && stateNow() !== oldState && isAtRest();

  const look = (): void => {
    const looking = watch;
    if (looking === null || looking.isDrawing || !isAnswered(looking)) return;
    looking.isDrawing = true;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => {
        const now = performance.now();
        looking.isDrawing = false;
        if (watch !== looking) return;
        // Drawing can lead to another question, such as when a scroll bar makes the view narrower.
        if (!isAnswered(looking)) return;
        watch = null;
        const trouble = document.querySelector('.notice.error');
        if (trouble === null) looking.resolve(now - looking.startedMs);
        else looking.reject(new Error(trouble.textContent));
        port1.close();
      });
      port1.start();
      port2.postMessage(null);
    });
  };

  for (const kind of ['pointerup', 'keydown', 'wheel', 'input'] as const) {
    const hear = (event: Event): void => {
      if (watch?.kind === kind) watch.startedMs = event.timeStamp;
    };
    addEventListener(kind, hear, { capture: true, passive: true });
  }
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  begin(null, null, 0);
  let last: Promise<number> = watch!.ended;
  const first = last;
  globalThis.memscopeProbe = {
    firstPaint: () => first,
    arm(kind) {
      begin(kind, stateNow(), Number.NaN);
      last = watch!.ended;
    },
    answered: () => last,
    isAtRest,
  };
}
