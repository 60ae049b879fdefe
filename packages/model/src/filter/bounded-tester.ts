/**
 * Regular expressions of users against the texts of a capture, bounded in time: JavaScript's engine backtracks, and
 * `/(a+)+$/` on a few dozen letters outlives everyone. V8 looks for a request to terminate while it backtracks, which
 * `node:vm` makes when its time is up; nothing is given up but that run. The caller brings `node:vm`, since this package
 * runs anywhere.
 */
import { FilterError } from './filter-error.js';
import { testUnbounded, type PatternTester } from './pattern-tester.js';

/** The part of `node:vm` that is needed. */
export interface VirtualMachine<Context extends object = object> {
  readonly createContext: (globals: { run: undefined | (() => void) }) => Context;
  readonly Script: new (source: string) => {
    runInContext: (context: Context, options: { timeout: number }) => unknown;
  };
}

/** For all texts of one pattern. Sane ones take some 10 ms for 100,000 texts. */
export const PATTERN_LIMIT_MS = 2_000;

/**
 * A tester whose every call, one pattern on all of its texts, takes at most `limitMs` (a whole number of milliseconds)
 * and otherwise throws `FilterError` `slow`.
 */
export function boundedPatternTester(vm: VirtualMachine, limitMs: number = PATTERN_LIMIT_MS): PatternTester {
  let watched: (run: () => void) => void;
  return (expression, texts) => {
    // A context takes about a millisecond, and few filters hold an expression.
    watched ??= watchedRun(vm, limitMs);
    let hits: Uint8Array | undefined;
    try {
      watched(() => {
        hits = testUnbounded(expression, texts);
      });
    } catch (error) {
      if (isTimeout(error)) throw slowPattern(expression, limitMs, error);
      throw error;
    }
    return hits ?? new Uint8Array(texts.length);
  };
}

/** What is run is a function of this side, so that texts are not copied. */
function watchedRun(vm: VirtualMachine, timeout: number): (run: () => void) => void {
  const globals: { run: undefined | (() => void) } = { run: undefined };
  const context = vm.createContext(globals);
  const script = new vm.Script('run()');
  return (run) => {
    globals.run = run;
    try {
      script.runInContext(context, { timeout });
    } finally {
      globals.run = undefined;
    }
  };
}

function isTimeout(error: unknown): boolean {
  // Not an instance of this side's Error: the context has its own.
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

/** What is said of a pattern that was stopped. */
export function slowPattern(expression: RegExp, limitMs: number, cause?: unknown): FilterError {
  const filter = String(expression);
  return new FilterError(
    'slow',
    `stopped: the pattern took longer than ${limitMs / 1000} s; write it without a repeat within a repeat, as in (a+)+, ` +
      'or use plain text',
    { filter, position: 0, length: filter.length },
    { cause },
  );
}
