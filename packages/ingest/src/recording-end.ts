/**
 * How a recording ended, by what its file proves: its end mark, the header that memray completes last, zero padding, and
 * where reading had to stop. Never by the header's times: those of an unfinished file are two readings of one clock.
 */
import { wasFinished, type Decoded, type HeapTables, type RawDamage } from '@memscope/kernel';
import { isFollowedChild } from '@memscope/model/recorded';

export interface RecordingEnd {
  /** Milliseconds since the epoch; null where nothing recorded it. */
  readonly endMs: number | null;
  /** Null where the recording was closed, or ended as one of its kind does. */
  readonly damage: RawDamage | null;
}

/** `path` is the capture's, `-` for standard input. */
export function endOf(decoded: Decoded, { clock, ticks }: HeapTables, path: string): RecordingEnd {
  const { header, damage } = decoded;
  // Such a child mostly ends by `os._exit`, as workers of multiprocessing do, and then nobody closes its file.
  const isChild = damage?.kind === 'killed' && isFollowedChild({ path, ...header });
  if (damage !== null && !wasFinished(header)) return { endMs: null, damage: isChild ? null : damage };
  // What was not read tells nothing of the time after the last record that was: it is as if it had no end.
  if (damage !== null) return { endMs: null, damage };
  const lastMs = ticks.length === 0 ? 0 : ticks.timeMs[ticks.length - 1]!;
  return { endMs: Math.max(header.startMs + lastMs, header.endMs + clock.shiftMs), damage };
}
