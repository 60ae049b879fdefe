/**
 * The text of a time window (`FROM..TO`, places as the server takes them) → the times it spans on the page. Only for
 * drawing: the server judges the text. A window that a brush made names ticks, `#12..#40`.
 */
import type { TimelineAnswer } from '../api/question.js';
import { endOfTick, startOfTick } from './tick-times.js';

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export function windowOfTicks(from: number, to: number): string {
  return from === to ? `#${from}` : `#${from}..#${to}`;
}

/**
 * The same as times since the start, which mean the same in another run, whose ticks are others. Within the ticks, as a
 * window covers each that it touches.
 */
export function windowOfTimes(from: number, to: number, whole: TimelineAnswer): string {
  const { startMs } = whole.head;
  const first = (Math.floor((startOfTick(whole, from) - startMs) * 10) + 1) / 10;
  const last = (Math.ceil((endOfTick(whole, to) - startMs) * 10) - 1) / 10;
  return `${first.toFixed(1)}ms..${Math.max(first, last).toFixed(1)}ms`;
}

/** Null where the text is no window that can be placed. */
export function spanOfWindow(text: string, whole: TimelineAnswer): TimeSpan | null {
  const { startMs, endMs } = whole.head;
  const parts = text.split('..');
  const [fromText = '', toText = fromText] = parts.map((part) => part.trim());
  if (parts.length > 2) return null;
  const from = fromText === '' ? { fromMs: startMs, toMs: endMs } : spanOfPlace(fromText, whole);
  const to = toText === '' ? { fromMs: startMs, toMs: endMs } : spanOfPlace(toText, whole);
  if (from === null || to === null || to.toMs < from.fromMs) return null;
  return { fromMs: from.fromMs, toMs: to.toMs };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

function spanOfPlace(text: string, whole: TimelineAnswer): TimeSpan | null {
  const { startMs, endMs, peakTick, rssPeakTick } = whole.head;
  const ofTick = (tick: number | null): TimeSpan | null =>
    tick === null ? null : { fromMs: startOfTick(whole, tick), toMs: endOfTick(whole, tick) };
  const at = (ms: number): TimeSpan => ({ fromMs: ms, toMs: ms });
  if (text === 'peak') return ofTick(peakTick);
  if (text === 'rss-peak') return ofTick(rssPeakTick);
  const tick = /^#(\d{1,10})$/.exec(text);
  if (tick !== null) return ofTick(Number(tick[1]));
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (share !== null) return at(startMs + (Number(share[1]) / 100) * (endMs - startMs));
  const time = /^(\d+(?:\.\d+)?)(ms|s|min|m|h)$/.exec(text);
  return time === null ? null : at(startMs + Number(time[1]) * (UNIT_MS[time[2]!] ?? 1));
}
