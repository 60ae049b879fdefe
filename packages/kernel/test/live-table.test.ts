/** Addresses that crowd into few groups of the live table, against a plain map. */
import { expect, test } from 'vitest';
import { Heap, ENTRY_SIZE } from '../src/index.js';

const ALLOCATE = 0;
const FREE = 1;
const SITE_BITS = 28;
const SITES = 50;
const GROUPS = 256;

/** assembly/shared/hash.ts */
function mix(key: bigint): number {
  const spread = BigInt.asUintN(64, (key ^ (key >> 32n)) * 0x9e3779b97f4a7c15n);
  return Number((spread >> 32n) ^ (spread >> 47n)) >>> 0;
}

/** Addresses that belong to the last group or the first three, and the extremes. */
function crowdedAddresses(count: number): bigint[] {
  const addresses = [0n, 8n, 0xffff_ffff_ffff_ffffn];
  for (let address = 16n; addresses.length < count; address += 8n) {
    const group = (mix(address >> 3n) >>> 7) % GROUPS;
    if (group < 3 || group === GROUPS - 1) addresses.push(address);
  }
  return addresses;
}

test.each([
  { name: 'few addresses, used again and again', addresses: 60, allocations: 50 },
  { name: 'more than the groups hold', addresses: 300, allocations: 50 },
  { name: 'so many that the table grows', addresses: 3000, allocations: 60 },
])('every live address is found where addresses crowd: $name', ({ addresses, allocations }) => {
  const pool = crowdedAddresses(addresses);
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const heap = new Heap({ version: 13, layout: 'all', durationMs: 1000, records: 0, maxTicks: 1000 });
  const live = new Map<bigint, { size: number; site: number }>();
  let replaced = 0;
  let heapBytes = 0;
  const length = 1000;
  const block = new DataView(new ArrayBuffer(length * ENTRY_SIZE));
  for (let round = 0; round < 100; round++) {
    for (let at = 0; at < block.byteLength; at += ENTRY_SIZE) {
      const address = pool[random(pool.length)]!;
      const allocates = random(100) < allocations;
      const [size, site] = allocates ? [random(1000), random(SITES)] : [0, 0];
      block.setBigUint64(at, address, true);
      block.setUint32(at + 8, size, true);
      block.setUint32(at + 12, ((allocates ? ALLOCATE : FREE) << SITE_BITS) | site, true);
      const before = live.get(address);
      if (allocates) {
        if (before) replaced++;
        heapBytes += size;
        live.set(address, { size, site });
      } else if (before) {
        heapBytes -= before.size;
        live.delete(address);
      }
    }
    heap.apply({
      bytes: new Uint8Array(block.buffer),
      length,
      sites: SITES,
      newOwners: new Uint32Array(round === 0 ? SITES : 0),
    });
  }
  const leaked = new Float64Array(SITES);
  for (const { size, site } of live.values()) leaked[site]! += size;
  const tables = heap.finish({ sites: SITES, owners: 1 });
  expect(tables.heapBytes).toBe(heapBytes);
  expect(tables.replacedCount).toBe(replaced);
  expect(Float64Array.from(tables.usages.leakedBytes)).toEqual(leaked);
});
