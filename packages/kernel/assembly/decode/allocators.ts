/** Allocator numbers of older versions in the numbering of version 13; 0 = no allocator. */

const VERSION_7 = memory.data<u8>([0, 6, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 2, 3, 4, 1]);
const VERSION_6 = memory.data<u8>([0, 6, 5, 8, 7, 9, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0]);

/** Versions 7 to 11. */
@inline
export function allocatorOfVersion7(number: u32): u32 {
  return load<u8>(VERSION_7 + (number & 15));
}

export function allocatorOfVersion6(number: u32): u32 {
  return number < 16 ? load<u8>(VERSION_6 + number) : 0;
}
