/**
 * One question → the server → its answer. What the server refuses, and what never reached it, both become an
 * `AnswerError` that can be shown as it is.
 */
import type { ApiError } from '@memscope/model';

import { AnswerError } from './answer-error.js';
import { authorization } from './token.js';
import type { Question } from './question.js';

/** Rejects with `AnswerError`, or with an `AbortError` when the signal says so. */
export async function ask<Answer>(question: Question<Answer>, signal: AbortSignal): Promise<Answer> {
  const response = await reach(question.path, signal);
  if (!response.ok) throw errorOf(response.status, await response.text());
  if (question.format === 'json') return (await response.json()) as Answer;
  const [bytes, { readColumns }] = await Promise.all([response.arrayBuffer(), import('./read-columns.js')]);
  return readColumns(bytes) as Answer;
}

/** Rejects with `AnswerError` where no server answers. */
export async function reach(path: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, { signal, headers: authorization(), credentials: 'same-origin', redirect: 'error' });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new AnswerError('unreachable', 'memscope serve does not answer. Is it still running?', null, { cause });
  }
}

/** Of what the server said instead of an answer. */
export function errorOf(status: number, body: string): AnswerError {
  if (status === 401) {
    return new AnswerError(
      'refused',
      'The server wants its token: open the page with the whole link that memscope serve printed.',
    );
  }
  try {
    const { error } = JSON.parse(body) as { error: ApiError };
    const { position, length } = error;
    const place = position === null || position === undefined ? null : { position, length: length ?? 0 };
    return new AnswerError(error.code, error.message, place);
  } catch (cause) {
    return new AnswerError('internal', `The server answered ${status} without saying why.`, null, { cause });
  }
}
