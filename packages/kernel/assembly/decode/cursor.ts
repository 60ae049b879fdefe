/**
 * Reading primitives over the record stream. Bytes behind `end` may be read (the buffer has slack) but never count:
 * every reader looks at `overrun()` before a record takes effect, and takes the record back when more bytes are needed.
 */

/** Next byte to read. */
export let at: usize = 0;
/** First byte that is not there yet. */
export let end: usize = 0;
/** A varint had more than 10 bytes. */
export let malformed: bool = false;

export function seek(position: usize, limit: usize): void {
  at = position;
  end = limit;
  malformed = false;
}

@inline
export function overrun(): bool {
  return at > end;
}

export function skip(bytes: usize): void {
  at += bytes;
}

export function byte(): u32 {
  return load<u8>(at++);
}

export function u32le(): u32 {
  const value = load<u32>(at);
  at += 4;
  return value;
}

export function u64le(): u64 {
  const value = load<u64>(at);
  at += 8;
  return value;
}

/** Little endian base 128, at most 64 bits. */
export function varint(): u64 {
  let byte: u64 = load<u8>(at++);
  let value = byte & 127;
  let shift: u64 = 7;
  while (byte >= 128) {
    if (shift > 63) {
      malformed = true;
      return 0;
    }
    byte = load<u8>(at++);
    value |= (byte & 127) << shift;
    shift += 7;
  }
  return value;
}

@inline
export function unzigzag(value: u64): i64 {
  return <i64>(value >> 1) ^ -(<i64>(value & 1));
}

export function signed(): i64 {
  return unzigzag(varint());
}

/** Moves behind the zero byte that ends a string; the string's length without it. Overruns when there is none. */
export function cstring(): u32 {
  const start = at;
  while (at < end && load<u8>(at) != 0) at++;
  return <u32>(at++ - start);
}

/** Where the last call of a decoder stopped: behind the last whole record, or at the record that is corrupt. */
export let stoppedAt: usize = 0;

/** Ends a decoder's call at `position`. */
export function stop(position: usize, status: u32): u32 {
  stoppedAt = position;
  return status;
}
