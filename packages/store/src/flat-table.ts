/**
 * A table inside a flatbuffer, read field by field. A table starts with the distance back to its vtable; the vtable
 * holds its own size, the table's size, and for each slot where in the table that field stands (0 = absent). See the
 * FlatBuffers binary format. Out-of-range positions throw a `RangeError`, as `DataView` does.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** The table at the root of a flatbuffer. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return new FlatTable(view, view.getUint32(0, true));
  }

  uint8(slot: number): number {
    const at = this.#field(slot);
    return at === null ? 0 : this.#view.getUint8(at);
  }

  int16(slot: number): number {
    const at = this.#field(slot);
    return at === null ? 0 : this.#view.getInt16(at, true);
  }

  int32(slot: number): number {
    const at = this.#field(slot);
    return at === null ? 0 : this.#view.getInt32(at, true);
  }

  int64(slot: number): number {
    const at = this.#field(slot);
    return at === null ? 0 : this.int64At(at);
  }

  /** The 64-bit integer at an absolute position, as `structs` gives them; at most 2^53 - 1. */
  int64At(at: number): number {
    const value = Number(this.#view.getBigInt64(at, true));
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} does not fit`);
    return value;
  }

  table(slot: number): FlatTable | null {
    const at = this.#target(slot);
    return at === null ? null : new FlatTable(this.#view, at);
  }

  string(slot: number): string | null {
    const at = this.#target(slot);
    if (at === null) return null;
    const length = this.#view.getUint32(at, true);
    if (at + 4 + length > this.#view.byteLength) throw new RangeError(`a string of ${length} bytes`);
    return Buffer.from(this.#view.buffer, this.#view.byteOffset + at + 4, length).toString('utf8');
  }

  /** A vector of exactly `count` tables. */
  tables(slot: number, count: number): FlatTable[] {
    const first = this.#vector(slot, count);
    return Array.from({ length: count }, (_, index) => {
      const at = first + 4 * index;
      return new FlatTable(this.#view, at + this.#view.getUint32(at, true));
    });
  }

  /** Absolute positions of the elements of a vector of exactly `count` structs. */
  structs(slot: number, count: number, structBytes: number): number[] {
    const first = this.#vector(slot, count);
    return Array.from({ length: count }, (_, index) => first + structBytes * index);
  }

  #vector(slot: number, count: number): number {
    const at = this.#target(slot);
    const length = at === null ? 0 : this.#view.getUint32(at, true);
    if (at === null || length !== count) throw new RangeError(`a vector of ${length} instead of ${count}`);
    return at + 4;
  }

  #target(slot: number): number | null {
    const at = this.#field(slot);
    return at === null ? null : at + this.#view.getUint32(at, true);
  }

  #field(slot: number): number | null {
    const vtable = this.#at - this.#view.getInt32(this.#at, true);
    const entry = 4 + 2 * slot;
    if (entry + 2 > this.#view.getUint16(vtable, true)) return null;
    const offset = this.#view.getUint16(vtable + entry, true);
    return offset === 0 ? null : this.#at + offset;
  }
}
