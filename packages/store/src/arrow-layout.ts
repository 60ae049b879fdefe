/**
 * The parts of the Arrow IPC stream format (columnar format 1.0, metadata version 5) that reading `lifetime` needs.
 * A stream is a schema message, one record batch message and an end mark:
 *
 * | bytes | what |
 * |---|---|
 * | 4 | 0xFFFFFFFF |
 * | 4 | length of the metadata, a multiple of 8; 0 = end of the stream |
 * | length | metadata: a flatbuffer with the table `Message` at its root |
 * | bodyLength | body: the buffers of the batch, each padded to a multiple of 8 |
 *
 * The numbers below are those of Arrow's `Message.fbs` and `Schema.fbs`: `slot` = position of a field in its table.
 */

/** Opens every message. */
export const CONTINUATION = 0xffffffff;
/** Continuation mark and length. */
export const PREFIX_BYTES = 8;

export const HEADER_SCHEMA = 1;
export const HEADER_RECORD_BATCH = 3;
export const TYPE_INT = 2;

export const MESSAGE_SLOT = { version: 0, headerType: 1, header: 2, bodyLength: 3 } as const;
export const SCHEMA_SLOT = { endianness: 0, fields: 1 } as const;
export const FIELD_SLOT = { name: 0, nullable: 1, typeType: 2, type: 3, dictionary: 4, children: 5 } as const;
export const INT_SLOT = { bitWidth: 0, isSigned: 1 } as const;
export const RECORD_BATCH_SLOT = { length: 0, nodes: 1, buffers: 2, compression: 3 } as const;

/** `BodyCompression`: each buffer begins with its own length as a 64-bit integer, -1 where it is not compressed after all. */
export const COMPRESSION_SLOT = { codec: 0, method: 1 } as const;
export const CODEC_ZSTD = 1;
export const BUFFER_PREFIX_BYTES = 8;
export const NOT_COMPRESSED = -1n;

/** `FieldNode` (length, null count) and `Buffer` (offset, length): two 64-bit integers each. */
export const STRUCT_BYTES = 16;

/** Columns of `lifetime`, in order. */
export const LIFETIME_COLUMNS = ['site', 'born', 'died', 'count', 'bytes'] as const;

/** An Arrow integer type. */
export interface IntegerType {
  readonly bits: 8 | 16 | 32 | 64;
  readonly signed: boolean;
}
