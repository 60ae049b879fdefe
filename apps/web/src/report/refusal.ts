/** What a report says where it holds no answer, and where the one that it holds is an error. */
import type { ApiError } from '@memscope/model';

import { AnswerError } from '../api/answer-error.js';

export const MORE = 'memscope serve answers it.';

export function refusal(words: string): AnswerError {
  return new AnswerError('notHeld', words.includes('memscope serve') ? `${words}.` : `${words}; ${MORE}`);
}

/** Whether something else that the report holds may answer. */
export function isRefusal(error: unknown): boolean {
  return error instanceof AnswerError && error.code === 'notHeld';
}

export function asAnswerError({ code, message, position, length }: ApiError): AnswerError {
  return new AnswerError(code, message, position === null ? null : { position, length: length ?? 0 });
}
