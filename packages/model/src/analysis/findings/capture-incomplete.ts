/**
 * The capture has no proper end: its process was killed, the file was cut, bytes in it are damaged, or memory was too
 * small for the rest. Everything before that point was read, and what "leaked" and "peak" then mean has to be said.
 */
import { countNoun, formatBytes, formatCount } from '../format-quantity.js';
import type { Finding, FindingSource } from './finding.js';

export function findIncompleteCapture({ capture, notes }: Pick<FindingSource, 'capture' | 'notes'>): Finding | null {
  const { damage } = notes;
  if (damage === null && capture.complete) return null;
  const kind = damage?.kind ?? 'none';
  const at = formatCount(damage?.fileOffset ?? 0);
  const title = {
    killed: 'The recording was broken off',
    cut: 'The capture file is cut short',
    corrupt: 'The capture file is damaged',
    limit: 'The capture holds more than fits into memory',
    none: 'The capture has no proper end',
  }[kind];
  const cause = {
    killed:
      'No end was written: the process was killed (out of memory?) or left by os._exit, the profiler could not finish ' +
      'the file, or the file was copied while it was still recorded.',
    cut: 'The file ends in the middle of its data, as after an interrupted copy or a full disk.',
    corrupt: `Byte ${at} is where reading had to stop: ${damage?.reason ?? ''}`,
    limit: `Byte ${at} is where reading had to stop: ${damage?.reason ?? ''}`,
    none: 'Its closing record is missing.',
  }[kind];
  const unread = damage?.unreadBytes ?? 0;
  const whole =
    kind === 'cut'
      ? `All of its ${countNoun(capture.totalBytes, 'byte')} were read; how much is missing cannot be told.`
      : 'Every record that was written has been read.';
  const rest = unread > 0 ? `${formatBytes(unread)} (${countNoun(unread, 'byte')}) of the file were not read.` : whole;
  const meaning =
    kind === 'killed'
      ? 'What is not freed is what was live when it broke off; the recording lasted at least until its last memory record.'
      : 'All numbers, times and curves are of the part before that, and end with its last memory record; what is not ' +
        'freed was live there.';
  return {
    rule: 'captureIncomplete',
    severity: 'warning',
    title,
    text: [endSentence(cause), rest, meaning].join(' '),
    evidence: {
      readBytes: capture.readBytes,
      totalBytes: capture.totalBytes,
      unreadBytes: unread,
      ...(damage === null ? {} : { fileOffset: damage.fileOffset, recordOffset: damage.recordOffset }),
    },
    bytes: 0,
    location: null,
    way: [],
    view: null,
  };
}

function endSentence(text: string): string {
  return /[.!?]\s*$/.test(text) ? text.trimEnd() : `${text.trimEnd()}.`;
}
