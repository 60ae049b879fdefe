/** What each owner of sites holds, and the most that it held at once. */
import { allocateZeroed, release } from '../shared/arena';
import { tick } from './ticks';

@unmanaged
export class Owned {
  bytes: i64;
  peakBytes: i64;
  /** The last tick in which the owner held that. */
  peakTick: u32;
  unused: u32;
}

const OWNED_SIZE: u32 = offsetof<Owned>();

let owned: usize = allocateZeroed(OWNED_SIZE << 8);
let ownedCapacity: u32 = 1 << 8;

/** Makes room for `owners` owners. */
export function reserveOwned(owners: u32): void {
  if (owners <= ownedCapacity) return;
  let more = ownedCapacity;
  while (more < owners) more <<= 1;
  const larger = allocateZeroed(more * OWNED_SIZE);
  memory.copy(larger, owned, ownedCapacity * OWNED_SIZE);
  release(owned, ownedCapacity * OWNED_SIZE);
  owned = larger;
  ownedCapacity = more;
}

/** A change of what an owner holds; only an allocation makes it more. */
@inline
export function changeOwned(row: u32, allocates: bool, bytes: i64): void {
  const owner = changetype<Owned>(owned + row * OWNED_SIZE);
  const held = owner.bytes + bytes;
  owner.bytes = held;
  if (allocates && held >= owner.peakBytes) {
    owner.peakBytes = held;
    owner.peakTick = tick;
  }
}

/** Renumbers the ticks of the owners' peaks after ticks were merged; `moments` as `mergeTicks` fills it. */
export function remapOwned(moments: usize): void {
  for (let row: u32 = 0; row < ownedCapacity; row++) {
    const owner = changetype<Owned>(owned + row * OWNED_SIZE);
    owner.peakTick = load<u32>(moments + (<usize>owner.peakTick << 3)) >> 1;
  }
}

export function ownedTable(): usize {
  return owned;
}
