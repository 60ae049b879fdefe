/** How a step of the kernel ended, and why it called the bytes corrupt. Numbers as in assembly/decode/status.ts. */

export const MORE = 0;
export const HEADER = 1;
export const DONE = 2;
export const CORRUPT = 3;

const REASONS: Readonly<Record<number, string>> = {
  1: 'no record starts with this byte',
  2: 'a number longer than 10 bytes',
  3: 'an allocator that does not exist',
  4: 'a size of 2^57 bytes or more, or sizes of 2^62 in all: larger than any address space',
  5: 'more frames popped than pushed',
  6: 'a length that cannot be true',
  7: 'segments without their header, or a header without its segments',
  9: 'an instruction offset that cannot be true',
  10: 'a time more than a thousand years away',
  20: 'an LZ4 block that is not valid',
  21: 'an LZ4 frame header that is not valid',
  22: 'an LZ4 checksum that does not match',
  23: 'an LZ4 frame of another size than its header says',
  24: 'neither an LZ4 frame nor the end of the file',
  25: 'an LZ4 frame that needs a dictionary',
};

/** True for damage of the compression, false for damage of the records inside it. */
export function isCompressionReason(reason: number): boolean {
  return reason >= 20;
}

/** Reading was to stop. */
export const STOPPED = 30;

export function describeReason(reason: number): string {
  return REASONS[reason] ?? `reason ${reason}`;
}
