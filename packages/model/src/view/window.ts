/**
 * The text of a time window → the ticks it covers. A window is `FROM..TO` or one place alone; a place is a share of the
 * recording (`10%`), a time since its start (`3.5s`, also ms, m, h), a tick (`#100`), `peak` (the tick of the greatest
 * heap) or `rss-peak`; an end that is left out is the recording's. Captures know time only from one memory record to
 * the next, so a window covers whole ticks: every one that it touches.
 */
import { canAnswer } from '../answers.js';
import type { Profile } from '../profile.js';
import { endOfTick, spanOfRecording, type RecordingSpan } from '../recording-span.js';
import type { CaptureNotes, CaptureRow } from '../capture.js';
import type { TickTable } from '../tables.js';
import { ViewError } from './view-error.js';

/** Whole ticks of a recording. */
export interface TimeWindow {
  /** First and last tick, inclusive; as many as there are ticks = what follows the last memory record. */
  readonly fromTick: number;
  readonly toTick: number;
  /** When the first tick starts and the last one ends, in milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The tick within the window in which the heap was greatest, of equal ones the last. */
  readonly peakTick: number;
  readonly peakBytes: number;
  /** When that tick ends. */
  readonly peakMs: number;
  /** Whether what follows the last memory record belongs to it. */
  readonly hasTail: boolean;
}

type Place =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'tick'; readonly tick: number }
  | { readonly kind: 'peak' | 'rss-peak' };

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
const NUMBER = String.raw`(\d{1,15}(?:\.\d{1,15})?)`;
const SHARE = new RegExp(`^${NUMBER}%$`);
const TIME = new RegExp(`^${NUMBER}(ms|s|min|m|h)$`);
const TICK = /^#(\d{1,10})$/;

/** Ticks of a profile and what surrounds them; the bounds that windows are measured by. */
interface Recording extends RecordingSpan {
  readonly ticks: TickTable;
  readonly peakTick: number;
  readonly rssPeakTick: number;
  readonly tailPeakBytes: number;
}

/**
 * Throws `ViewError`: `syntax`, `outside` (nothing of the recording lies in it, or it ends before it begins),
 * `cannotAnswer` (an aggregated capture has no times of single allocations).
 */
export function readWindow(text: string, profile: Pick<Profile, 'capture' | 'notes' | 'ticks'>): TimeWindow {
  const { capture, notes } = profile;
  const parts = text.split('..');
  const [fromText = '', toText = fromText] = parts.map((part) => part.trim());
  if (parts.length > 2 || (fromText === '' && toText === '')) throw syntaxError(text);
  const from = fromText === '' ? null : readPlace(fromText, text);
  const to = toText === '' ? null : readPlace(toText, text);
  if (!canAnswer(capture, 'lifetimes')) {
    throw new ViewError(
      'cannotAnswer',
      'an aggregated capture keeps only what was live at the peak and at the end: it cannot answer for a window of time',
    );
  }
  const recording = describeRecording(capture, notes, profile.ticks());
  if (from !== null && to !== null && isBackwards(from, to)) {
    throw outsideError(`the start of the window, ${fromText}, is after its end, ${toText}`, recording);
  }
  const fromTick = from === null ? 0 : firstTickOf(from, recording);
  const toTick = to === null ? recording.ticks.length : lastTickOf(to, recording);
  if (fromTick > toTick) throw outsideError(`the window ${text} ends before it begins`, recording);
  return windowOfTicks(fromTick, toTick, recording);
}

/** The memory records of a window. */
export function ticksWithin(ticks: TickTable, { fromTick, toTick }: TimeWindow): TickTable {
  const end = Math.min(toTick + 1, ticks.length);
  const part = (column: Float64Array): Float64Array => column.subarray(fromTick, end);
  return {
    length: Math.max(0, end - fromTick),
    timeMs: part(ticks.timeMs),
    rssBytes: part(ticks.rssBytes),
    heapBytes: part(ticks.heapBytes),
    peakBytes: ticks.peakBytes === null ? null : part(ticks.peakBytes),
  };
}

/** The window of one tick: what lived at its greatest heap is its peak. */
export function windowOfTick(tick: number, profile: Pick<Profile, 'capture' | 'notes' | 'ticks'>): TimeWindow {
  return windowOfTicks(tick, tick, describeRecording(profile.capture, profile.notes, profile.ticks()));
}

function windowOfTicks(fromTick: number, toTick: number, recording: Recording): TimeWindow {
  const { ticks, tailPeakBytes, startMs } = recording;
  let peakTick = fromTick;
  let peakBytes = -1;
  for (let tick = fromTick; tick <= toTick; tick++) {
    const bytes = tick < ticks.length ? ticks.peakBytes![tick]! : tailPeakBytes;
    if (bytes < peakBytes) continue;
    peakTick = tick;
    peakBytes = bytes;
  }
  return {
    fromTick,
    toTick,
    fromMs: fromTick === 0 ? startMs : ticks.timeMs[fromTick - 1]!,
    toMs: endOfTick(toTick, ticks, recording),
    peakTick,
    peakBytes,
    hasTail: toTick >= ticks.length,
    peakMs: endOfTick(peakTick, ticks, recording),
  };
}

function describeRecording(capture: CaptureRow, notes: CaptureNotes, ticks: TickTable): Recording {
  const last = ticks.length - 1;
  let rssPeakTick = 0;
  for (let tick = 1; tick <= last; tick++) {
    if (ticks.rssBytes[tick]! > ticks.rssBytes[rssPeakTick]!) rssPeakTick = tick;
  }
  return {
    ...spanOfRecording(capture, ticks),
    ticks,
    peakTick: capture.peakTick ?? 0,
    rssPeakTick,
    tailPeakBytes: notes.tailPeakBytes ?? 0,
  };
}

function readPlace(text: string, window: string): Place {
  const share = SHARE.exec(text);
  if (share) {
    const percent = Number(share[1]);
    return { kind: 'share', share: percent / 100 };
  }
  const time = TIME.exec(text);
  if (time) return { kind: 'time', ms: Number(time[1]) * UNIT_MS[time[2]!]! };
  const tick = TICK.exec(text);
  if (tick) return { kind: 'tick', tick: Number(tick[1]) };
  if (text === 'peak' || text === 'rss-peak') return { kind: text };
  throw syntaxError(window);
}

/** Whether one of two places of one kind is after the other, wherever the recording ends. */
function isBackwards(from: Place, to: Place): boolean {
  if (from.kind === 'time' && to.kind === 'time') return from.ms > to.ms;
  if (from.kind === 'tick' && to.kind === 'tick') return from.tick > to.tick;
  return from.kind === 'share' && to.kind === 'share' && from.share > to.share;
}

/** With what there is to choose from. */
function outsideError(what: string, { startMs, endMs, ticks }: Recording): ViewError {
  const span = `0s..${Math.floor(endMs - startMs) / 1000}s`;
  const ticksText = ticks.length === 0 ? '' : `, #0..#${ticks.length}`;
  return new ViewError('outside', `${what}: the recording is ${span}${ticksText} or 0%..100%`);
}

function syntaxError(window: string): ViewError {
  return new ViewError(
    'syntax',
    `${window.slice(0, 100)} is no window of time: write FROM..TO with percent (10%..50%), times (3.5s..12s), ticks ` +
      '(#100..#250), peak or rss-peak',
  );
}

function firstTickOf(place: Place, recording: Recording): number {
  return tickOf(place, recording, (ms) => {
    const { ticks } = recording;
    let tick = 0;
    while (tick < ticks.length && ticks.timeMs[tick]! <= ms) tick++;
    return tick;
  });
}

function lastTickOf(place: Place, recording: Recording): number {
  return tickOf(place, recording, (ms) => {
    const { ticks } = recording;
    let tick = 0;
    while (tick < ticks.length && ticks.timeMs[tick]! < ms) tick++;
    return tick;
  });
}

function tickOf(place: Place, recording: Recording, tickAt: (ms: number) => number): number {
  const { startMs, endMs, ticks } = recording;
  switch (place.kind) {
    case 'peak':
      return recording.peakTick;
    case 'rss-peak':
      if (ticks.length === 0) throw new ViewError('outside', 'the capture holds no memory records: RSS is unknown');
      return recording.rssPeakTick;
    case 'tick':
      if (place.tick > ticks.length) {
        throw outsideError(`there is no tick #${place.tick}`, recording);
      }
      return place.tick;
    case 'share':
      if (place.share > 1)
        throw outsideError(`${Number((100 * place.share).toPrecision(6))}% is after the end`, recording);
      return tickAt(startMs + place.share * (endMs - startMs));
    case 'time':
      if (place.ms > endMs - startMs && place.ms > 0) {
        throw outsideError(`${place.ms / 1000}s is after the end`, recording);
      }
      return tickAt(startMs + place.ms);
  }
}
