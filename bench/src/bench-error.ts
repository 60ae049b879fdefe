/** Why a benchmark could not be run, or why its numbers would mean nothing. */

export type BenchErrorCode =
  /** An option or a path that cannot be used. */
  | 'usage'
  /** The command line or the page has not been built. */
  | 'notBuilt'
  /** There is no Chromium. */
  | 'noBrowser'
  /** The page does not do what it should. */
  | 'pageFault'
  /** Two ways to do the same work gave different results. */
  | 'disagreement'
  /** A measured command failed. */
  | 'commandFailed';

export class BenchError extends Error {
  readonly code: BenchErrorCode;

  constructor(code: BenchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BenchError';
    this.code = code;
  }
}
