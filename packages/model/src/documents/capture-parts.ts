/** What documents say of a capture: its row of the profile, its totals, and what of it was damaged. */
import { Type } from 'typebox';

import { ANSWER_KINDS, QUESTIONS, type Question } from '../answers.js';
import { epochMs, flag, integer, isoTime, oneOf, orNull, record, text, whole } from './vocabulary.js';

export const answers = record(
  Object.fromEntries(QUESTIONS.map((question) => [question, oneOf(ANSWER_KINDS)])) as Record<
    Question,
    ReturnType<typeof oneOf<typeof ANSWER_KINDS>>
  >,
  'What can be asked of the capture, and how well; what it has none of is null elsewhere.',
);

export const capture = record(
  {
    id: whole(),
    path: text('Absolute path, or - for standard input.'),
    format: Type.Literal('memray'),
    formatVersion: Type.Integer({ minimum: 6, maximum: 13 }),
    answers,
    samplingBytes: orNull(
      Type.Integer({ minimum: 1 }),
      'Where numbers are estimates: bytes from one sample to the next, on average.',
    ),
    layout: oneOf(['all', 'aggregated']),
    compression: oneOf(['lz4', 'none']),
    nativeTraces: flag(),
    pythonVersion: orNull(text('Null before header version 12.')),
    pythonAllocator: text(),
    tracePythonAllocators: orNull(flag('Null before header version 11.')),
    commandLine: orNull(text(), 'Null where the format does not say.'),
    pid: orNull(integer(), 'Null where the format does not say.'),
    mainThreadId: orNull(integer('Null before header version 9.')),
    startMs: orNull(epochMs(), 'Null where the format does not say.'),
    startTime: isoTime(),
    endMs: orNull(
      epochMs(),
      'Null where the end was not recorded: the process was killed, or is the child of a fork that was followed.',
    ),
    endTime: isoTime(),
    complete: flag(
      'False where the capture was cut, damaged, its process killed, or memory was too small for all of it.',
    ),
    readBytes: whole('Bytes of the file that were understood.'),
    totalBytes: whole('Bytes of the file.'),
    allocations: orNull(whole('Allocation records, without deallocations.')),
    deallocations: orNull(whole()),
    bytesAllocated: orNull(whole()),
    peakBytes: whole(),
    peakTick: orNull(whole()),
    leakedBytes: whole(),
    leakedCount: whole(),
    temporaryBytes: orNull(whole()),
    temporaryCount: orNull(whole()),
  },
  'The columns of the table capture, and its times as text.',
);

export const totals = record({
  allocations: orNull(whole()),
  deallocations: orNull(whole()),
  bytesAllocated: orNull(whole()),
  peakBytes: whole(),
  peakTick: orNull(whole('0-based; equal to the number of ticks when the peak lies after the last one.')),
  peakTimeMs: orNull(epochMs('End of the tick in which the peak lies, in milliseconds since the epoch.')),
  peakTime: isoTime(),
  leakedBytes: whole(),
  leakedCount: whole(),
  temporaryBytes: orNull(whole()),
  temporaryCount: orNull(whole()),
  temporaryThreshold: whole('Temporary: freed before its thread made this many further allocations.'),
  durationMs: whole(),
  durationIsLeast: flag('The end was not recorded: the time up to the last memory record.'),
  rssPeakBytes: orNull(
    whole('Of several runs that of the one with the most: pages that they share would count once for each.'),
  ),
  rssPeakTimeMs: orNull(epochMs()),
  rssPeakTime: isoTime(),
  rssPeakHeapBytes: orNull(whole('Heap at the memory record with the highest RSS.')),
  rssPeakGapBytes: orNull(integer('RSS less heap there; negative where the heap is greater.')),
  rssEndBytes: orNull(whole('RSS at the last memory record.')),
  heapEndBytes: orNull(whole('Heap at the last memory record.')),
  rssEndGapBytes: orNull(integer('RSS less heap there; negative where the heap is greater.')),
  memoryRecords: whole(),
  objectsCreated: orNull(
    whole('Null in an aggregated capture, which lists the survivors alone, and where objects were not tracked.'),
  ),
  objectsDestroyed: orNull(whole()),
  objectsFromBefore: orNull(whole('Of the destroyed ones those that were created before the recording began.')),
  objectsSurviving: orNull(whole('Created while it was recorded, and not destroyed.')),
});

export const damage = record({
  kind: oneOf(['killed', 'cut', 'corrupt', 'limit']),
  fileOffset: whole('In the file; of the compressed block, where it is compressed.'),
  recordOffset: whole('In the uncompressed records.'),
  unreadBytes: whole(),
  reason: text(),
});
