/** Why a question has no answer: what the server refused, that it was not reached, or that a report does not hold it. */
import type { ApiError } from '@memscope/model';

export class AnswerError extends Error {
  readonly code: ApiError['code'] | 'unreachable' | 'refused' | 'notHeld';
  /** Where in the filter's text, when it is about that. */
  readonly place: { readonly position: number; readonly length: number } | null;

  constructor(
    code: AnswerError['code'],
    message: string,
    place: AnswerError['place'] = null,
    options: ErrorOptions = {},
  ) {
    super(message, options);
    this.name = 'AnswerError';
    this.code = code;
    this.place = place;
  }
}
