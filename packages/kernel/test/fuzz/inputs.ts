/** What fuzzing starts from, and how one input becomes another: edits of the file, or of the records inside its LZ4. */
import {
  compressFrames,
  editBytes,
  encodeCapture,
  makeRandomCapture,
  randomBelow,
  type RandomBits,
} from '@memscope/fixtures';
import { SMALL_CAPTURES } from '../small-captures.js';

/** Longer ones find no more, and take longer. */
const MOST_BYTES = 16_384;

/** An input is kept as the records are; whether it is compressed is a part of it. */
export interface FuzzInput {
  readonly stream: Uint8Array;
  /** Bytes of a block; null for a raw file. */
  readonly blockBytes: number | null;
}

export function fileOf({ stream, blockBytes }: FuzzInput): Uint8Array {
  return blockBytes === null ? stream : compressFrames(stream, { blockBytes });
}

export function seeds(): FuzzInput[] {
  const small = SMALL_CAPTURES.map(({ script }) => encodeCapture(script));
  const random = [6, 7, 8, 9, 10, 11, 12, 13].flatMap((version) =>
    [false, true].map((nativeTraces) =>
      encodeCapture(makeRandomCapture({ seed: version, records: 200, version, nativeTraces })),
    ),
  );
  return [...small, ...random].map((stream) => ({ stream, blockBytes: null }));
}

/** One to four edits of the stream, or of the file, which is from then on the stream of a raw one; or a splice of two. */
export function mutate(input: FuzzInput, other: FuzzInput, random: RandomBits): FuzzInput {
  const blockBytes = randomBelow(random, 3) === 0 ? 1 + randomBelow(random, 3000) : input.blockBytes;
  const whole = randomBelow(random, 4) === 0 && blockBytes !== null;
  let bytes: Uint8Array = whole ? fileOf({ ...input, blockBytes }) : input.stream;
  if (randomBelow(random, 6) === 0) {
    const at = randomBelow(random, bytes.length + 1);
    bytes = Uint8Array.from([
      ...bytes.subarray(0, at),
      ...other.stream.subarray(randomBelow(random, other.stream.length + 1)),
    ]);
  }
  for (let edits = 1 + randomBelow(random, 4); edits > 0; edits--) bytes = editBytes(bytes, random);
  return { stream: bytes.subarray(0, MOST_BYTES), blockBytes: whole ? null : blockBytes };
}
