/** What a thread hands back: the bytes of an answer, ready to be sent. */
import type { ApiFault } from './api-fault.js';

export interface Answer {
  readonly status: number;
  readonly type: 'application/json; charset=utf-8' | 'application/vnd.apache.arrow.stream';
  /** Transferred to whoever gets it. */
  readonly body: Uint8Array<ArrayBuffer>;
}

export function jsonAnswer(value: object, status = 200): Answer {
  return { status, type: 'application/json; charset=utf-8', body: new TextEncoder().encode(JSON.stringify(value)) };
}

export function faultAnswer({ status, error }: ApiFault): Answer {
  return jsonAnswer({ error }, status);
}
