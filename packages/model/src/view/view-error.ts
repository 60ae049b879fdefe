/** What keeps a question from being answered: how it was put, or what the capture holds. */
export type ViewErrorCode =
  /** A text that should say when or what is none. */
  | 'syntax'
  /** It names a time or a function that does not occur. */
  | 'outside'
  /** The capture does not hold what is asked for. */
  | 'cannotAnswer';

export class ViewError extends Error {
  override readonly name = 'ViewError';
  readonly code: ViewErrorCode;

  constructor(code: ViewErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
