/**
 * A file that the reader dropped → the server. With XMLHttpRequest, as fetch does not say how much has been sent.
 */
import type { Run } from '@memscope/model';

import { AnswerError } from './answer-error.js';
import { errorOf } from './ask.js';
import { authorization } from './token.js';

export interface Sending {
  /** The same for all that was dropped together. */
  readonly drop: string;
  readonly file: File;
  /** Hears how many bytes have gone. */
  readonly onSent: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Null for a symbol bundle. Rejects with `AnswerError`, or with an `AbortError` when the signal says so. */
export function sendCapture({ drop, file, onSent, signal }: Sending): Promise<Run | null> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `api/uploads/${drop}/${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    // No type that a page of another origin could send without asking.
    request.setRequestHeader('content-type', 'application/octet-stream');
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
    request.addEventListener('load', () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as Run | null);
      else reject(errorOf(request.status, request.responseText));
    });
    request.addEventListener('error', () =>
      reject(new AnswerError('unreachable', 'it did not reach memscope serve. Is that still running?')),
    );
    request.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.send(file);
  });
}
