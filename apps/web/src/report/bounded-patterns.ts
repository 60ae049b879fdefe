/**
 * Regular expressions in a report, bounded in time as on a server: a pattern that backtracks without end must not hang the
 * page. A browser stops a script only by ending its worker, and what asks for a pattern waits for no worker: so a question
 * that needs one is given up, the pattern is tested in a worker, and the question is put again with what came of it.
 */
import { FilterError, PATTERN_LIMIT_MS, slowPattern, type PatternTester } from '@memscope/model';

/** Of an expression on all of its texts. */
type Tested = { readonly hits: Uint8Array } | { readonly error: Error };

/** Resolves with what `testUnbounded` gives; rejects with `FilterError` `slow`, and with what the engine throws. */
export type TestsInTime = (expression: RegExp, texts: readonly string[]) => Promise<Uint8Array>;

/** What a question is given up with. */
class NotTested extends Error {
  readonly expression: RegExp;
  readonly texts: readonly string[];

  constructor(expression: RegExp, texts: readonly string[]) {
    super('the pattern is not tested yet');
    this.expression = expression;
    this.texts = texts;
  }
}

interface KnownTest {
  readonly expression: string;
  readonly texts: readonly string[];
  readonly tested: Tested;
}

/** Filters of a few terms over several columns of texts. */
const MOST_KNOWN = 40;

export class BoundedPatterns {
  readonly #testInTime: TestsInTime;
  /** The latest last. */
  readonly #known: KnownTest[] = [];

  constructor(testInTime: TestsInTime = testInWorker) {
    this.#testInTime = testInTime;
  }

  /** Throws what `answer` is told of, where a pattern has not been tested yet. */
  readonly test: PatternTester = (expression, texts) => {
    const known = this.#known.findLast((each) => each.expression === String(expression) && isSame(each.texts, texts));
    if (known === undefined) throw new NotTested(expression, texts);
    if ('error' in known.tested) throw known.tested.error;
    return known.tested.hits;
  };

  /** What `ask` gives, which reaches patterns by `test` alone. Rejects with what it throws. */
  async answer<Value>(ask: () => Value): Promise<Value> {
    for (;;) {
      try {
        return ask();
      } catch (error) {
        if (!(error instanceof NotTested)) throw error;
        const { expression, texts } = error;
        const tested = await this.#testInTime(expression, texts).then(
          (hits): Tested => ({ hits }),
          (cause: unknown): Tested => ({ error: cause instanceof Error ? cause : new Error(String(cause)) }),
        );
        this.#known.push({ expression: String(expression), texts, tested });
        if (this.#known.length > MOST_KNOWN) this.#known.shift();
      }
    }
  }
}

function isSame(texts: readonly string[], others: readonly string[]): boolean {
  return texts === others || (texts.length === others.length && texts.every((text, at) => text === others[at]));
}

/** What the worker runs: says that it is there, then answers. */
const WORKER = `
onmessage = ({ data: { source, flags, texts } }) => {
  try {
    const expression = new RegExp(source, flags);
    postMessage({ hits: Uint8Array.from(texts, (text) => (expression.test(text) ? 1 : 0)) });
  } catch ({ name, message }) {
    postMessage({ refusal: { name, message } });
  }
};
postMessage({ ready: true });
`;

interface WorkerMessage {
  readonly ready?: true;
  readonly hits?: Uint8Array;
  readonly refusal?: { readonly name: string; readonly message: string };
}

/** A worker for each, since most are the last one's: of its time only what the pattern takes counts. */
const testInWorker: TestsInTime = (expression, texts) =>
  new Promise((resolve, reject) => {
    const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
    let timer: ReturnType<typeof setTimeout> | undefined;
    let worker: Worker | null = null;
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      worker?.terminate();
      URL.revokeObjectURL(url);
      settle();
    };
    const start = (own: Worker): void => {
      worker = own;
      own.addEventListener('error', ({ message }) => end(() => reject(noWorker(expression, message))));
      own.addEventListener('message', ({ data: { ready, hits, refusal } }: MessageEvent<WorkerMessage>) => {
        if (ready === true) {
          const { source, flags } = expression;
          own.postMessage({ source, flags, texts });
          timer = setTimeout(() => end(() => reject(slowPattern(expression, PATTERN_LIMIT_MS))), PATTERN_LIMIT_MS);
        } else if (hits !== undefined) end(() => resolve(hits));
        else end(() => reject(Object.assign(new Error(refusal?.message), { name: refusal?.name ?? 'Error' })));
      });
    };
    try {
      start(new Worker(trusted(url)));
    } catch (error) {
      end(() => reject(noWorker(expression, error)));
    }
  });

/** The policy of a report lets no plain text be a script's address, where the browser knows such policies. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy: (name: string, rules: object) => { createScriptURL: (url: string) => unknown } };
  };
  if (trustedTypes === undefined) return url;
  policy ??= trustedTypes.createPolicy('memscope-patterns', { createScriptURL: (own: string) => own });
  return policy.createScriptURL(url) as string;
}

let policy: { createScriptURL: (url: string) => unknown } | undefined;

function noWorker(expression: RegExp, cause: unknown): FilterError {
  const filter = String(expression);
  return new FilterError(
    'slow',
    'this browser runs no worker here, in which a regular expression could be stopped: use plain text',
    { filter, position: 0, length: filter.length },
    { cause },
  );
}
