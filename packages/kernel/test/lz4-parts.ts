/** LZ4 frames put together by hand, right or wrong: descriptor, blocks, end. Source: the LZ4 frame format, 1.6.4. */
import { xxh32 } from '@memscope/fixtures';

export const FLAGS = {
  version: 0x40,
  independent: 0x20,
  blockChecksum: 0x10,
  contentSize: 8,
  contentChecksum: 4,
  reserved: 2,
  dictionary: 1,
};

const MAGIC = [0x04, 0x22, 0x4d, 0x18];
export const END_MARK = Uint8Array.of(0, 0, 0, 0);

/** Magic number and descriptor with a right checksum, of blocks up to 64 KiB unless told otherwise. */
export function frameStart(flags = FLAGS.version, blockSize = 0x40, contentSize: bigint | null = null): Uint8Array {
  const fields = [flags, blockSize, ...(contentSize === null ? [] : littleEndian(contentSize, 8))];
  return Uint8Array.from([...MAGIC, ...fields, (xxh32(Uint8Array.from(fields)) >>> 8) & 255]);
}

export function storedBlock(content: Uint8Array): Uint8Array {
  return concat(word(content.length + 0x80000000), content);
}

/** A block in the compressed form; its bytes are the caller's affair. */
export function packedBlock(bytes: ArrayLike<number>): Uint8Array {
  return concat(word(bytes.length), Uint8Array.from(bytes));
}

export function skippable(content: Uint8Array, length = content.length): Uint8Array {
  return concat(word(0x184d2a53), word(length), content);
}

/** 32 bits, least byte first. */
export function word(value: number): Uint8Array {
  return Uint8Array.from(littleEndian(BigInt(value), 4));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function littleEndian(value: bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));
}
