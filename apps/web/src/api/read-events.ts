/**
 * The server's stream of events (html.spec.whatwg.org/multipage/server-sent-events.html) → updates of the list of runs.
 * Read with fetch, as EventSource cannot send the token.
 */
import type { Offer, Run } from '@memscope/model';

import { reach } from './ask.js';

export type RunUpdate =
  /** All there are: what is not among them is no more. */
  | { readonly kind: 'list'; readonly runs: readonly Run[] }
  /** One that has changed, is new or has gone. */
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'connection'; readonly isThere: boolean }
  /** What the server has beside runs. */
  | { readonly kind: 'offer'; readonly offer: Offer };

const OFFERS: readonly Offer[] = ['history', 'uploads'];

/** A line that grows beyond this is no list of runs. */
const LONGEST_LINE = 10_000_000;

/** Settles when the connection ends; rejects where there is none, or as the signal says. */
export async function readEvents(signal: AbortSignal, hear: (update: RunUpdate) => void): Promise<void> {
  const response = await reach('api/events', signal);
  if (!response.ok || response.body === null) return;
  hear({ kind: 'connection', isThere: true });
  await readRuns(response.body, hear);
}

/** Calls `hear` for each complete `data:` line. */
export async function readRuns(body: ReadableStream<Uint8Array>, hear: (update: RunUpdate) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const offer = OFFERS.find((each) => line === `event: ${each}`);
      if (offer !== undefined) hear({ kind: 'offer', offer });
      if (!line.startsWith('data:')) continue;
      const told = JSON.parse(line.slice(5)) as Run | readonly Run[];
      hear(isList(told) ? { kind: 'list', runs: told } : { kind: 'run', run: told });
    }
    if (rest.length > LONGEST_LINE) throw new Error('a line without end');
  }
}

function isList(told: Run | readonly Run[]): told is readonly Run[] {
  return Array.isArray(told);
}
