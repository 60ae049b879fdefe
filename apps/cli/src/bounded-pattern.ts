/**
 * Regular expressions of users against the texts of a capture, bounded in time: JavaScript's engine backtracks, and
 * `/(a+)+$/` on a few dozen letters outlives everyone. V8 looks for a request to terminate while it backtracks, which
 * `node:vm` makes when its time is up; nothing is given up but that run.
 */
import { FilterError, testUnbounded, type PatternTester } from '@memscope/model';
import { createContext, Script, type Context } from 'node:vm';

/** For all texts of one pattern. Sane ones take some 10 ms for 100,000 texts. */
const TIME_LIMIT_MS = 2_000;

/**
 * A tester whose every call, one pattern on all of its texts, takes at most `limitMs` (a whole number of milliseconds)
 * and otherwise throws `FilterError` `slow`.
 */
export function boundedPatternTester(limitMs: number = TIME_LIMIT_MS): PatternTester {
  return (expression, texts) => {
    const { context, script } = watchedRun();
    let hits: Uint8Array | undefined;
    context['run'] = () => {
      hits = testUnbounded(expression, texts);
    };
    try {
      script.runInContext(context, { timeout: limitMs });
    } catch (error) {
      if (isTimeout(error)) throw slowError(expression, limitMs, error);
      throw error;
    } finally {
      context['run'] = undefined;
    }
    return hits ?? new Uint8Array(texts.length);
  };
}

interface WatchedRun {
  /** Its `run` is called; a function of this side, so that texts are not copied. */
  readonly context: Context;
  readonly script: Script;
}

let shared: WatchedRun | undefined;

/** Made once: a context takes about a millisecond. */
function watchedRun(): WatchedRun {
  shared ??= { context: createContext({ run: undefined }), script: new Script('run()') };
  return shared;
}

function isTimeout(error: unknown): boolean {
  // Not an instance of this side's Error: the context has its own.
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

function slowError(expression: RegExp, limitMs: number, cause: unknown): FilterError {
  const filter = String(expression);
  return new FilterError(
    'slow',
    `stopped: the pattern took longer than ${limitMs / 1000} s; write it without a repeat within a repeat, as in (a+)+, ` +
      'or use plain text',
    { filter, position: 0, length: filter.length },
    { cause },
  );
}
