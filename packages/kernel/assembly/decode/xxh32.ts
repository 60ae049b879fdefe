/** xxHash, 32 bits, seed 0: the checksums of LZ4 frames. Source: the xxHash specification, 0.1.1. */

import { allocate } from '../shared/arena';

const PRIME_1: u32 = 0x9e3779b1;
const PRIME_2: u32 = 0x85ebca77;
const PRIME_3: u32 = 0xc2b2ae3d;
const PRIME_4: u32 = 0x27d4eb2f;
const PRIME_5: u32 = 0x165667b1;

const STRIPE: u32 = 16;

/** A running hash: four lanes, the bytes of an unfinished stripe, and the length so far. */
@unmanaged
export class Xxh32 {
  lane0: u32;
  lane1: u32;
  lane2: u32;
  lane3: u32;
  pending0: u64;
  pending1: u64;
  length: u64;
}

export function newXxh32(): Xxh32 {
  const hash = changetype<Xxh32>(allocate(offsetof<Xxh32>()));
  resetXxh32(hash);
  return hash;
}

export function resetXxh32(hash: Xxh32): void {
  hash.lane0 = PRIME_1 + PRIME_2;
  hash.lane1 = PRIME_2;
  hash.lane2 = 0;
  hash.lane3 = 0 - PRIME_1;
  hash.length = 0;
}

@inline
function round(lane: u32, word: u32): u32 {
  return rotl(lane + word * PRIME_2, 13) * PRIME_1;
}

function stripe(hash: Xxh32, at: usize): void {
  hash.lane0 = round(hash.lane0, load<u32>(at));
  hash.lane1 = round(hash.lane1, load<u32>(at, 4));
  hash.lane2 = round(hash.lane2, load<u32>(at, 8));
  hash.lane3 = round(hash.lane3, load<u32>(at, 12));
}

export function updateXxh32(hash: Xxh32, at: usize, length: u32): void {
  const pending = changetype<usize>(hash) + offsetof<Xxh32>('pending0');
  const past = at + length;
  let held = <u32>hash.length & (STRIPE - 1);
  hash.length += length;
  while (at < past) {
    if (held == 0 && at + STRIPE <= past) {
      stripe(hash, at);
      at += STRIPE;
      continue;
    }
    store<u8>(pending + held++, load<u8>(at++));
    if (held == STRIPE) {
      stripe(hash, pending);
      held = 0;
    }
  }
}

export function digestXxh32(hash: Xxh32): u32 {
  let value: u32 =
    hash.length >= STRIPE
      ? rotl(hash.lane0, 1) + rotl(hash.lane1, 7) + rotl(hash.lane2, 12) + rotl(hash.lane3, 18)
      : PRIME_5;
  value += <u32>hash.length;
  let at = changetype<usize>(hash) + offsetof<Xxh32>('pending0');
  let left = <u32>hash.length & (STRIPE - 1);
  for (; left >= 4; left -= 4, at += 4) value = rotl(value + load<u32>(at) * PRIME_3, 17) * PRIME_4;
  for (; left > 0; left--, at++) value = rotl(value + <u32>load<u8>(at) * PRIME_5, 11) * PRIME_1;
  value = (value ^ (value >> 15)) * PRIME_2;
  value = (value ^ (value >> 13)) * PRIME_3;
  return value ^ (value >> 16);
}

const scratch = newXxh32();

/** The hash of one piece. */
export function xxh32(at: usize, length: u32): u32 {
  resetXxh32(scratch);
  updateXxh32(scratch, at, length);
  return digestXxh32(scratch);
}
