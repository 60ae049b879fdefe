/** Sites whose bytes, allocations or owner outgrow the small numbers that most sites are kept in, against plain sums. */
import { expect, test } from 'vitest';
import { ENTRY_SIZE, Heap } from '../src/index.js';
import { expectText } from './expect-reference.js';

const FREE = 1 << 28;

interface Case {
  readonly name: string;
  readonly greatest: number;
  /** Allocations in a hundred operations. */
  readonly allocations: number;
}

test.each<Case>([
  { name: 'more than 2 and 4 GiB at a time', greatest: 0xffffffff, allocations: 52 },
  { name: 'more than 32767 and 65535 allocations', greatest: 100, allocations: 90 },
  { name: 'neither, but many owners', greatest: 100, allocations: 50 },
])('a site holds what its allocations come to: $name', ({ greatest, allocations }) => {
  const owners = [1, 0xfffe, 0xffff, 70_000];
  const sites = owners.length;
  const heap = new Heap({ version: 13, layout: 'all', durationMs: 1000, records: 0, maxTicks: 1000 });
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const zeros = (): Float64Array => new Float64Array(sites);
  const [held, count, totalBytes, totalCount, ownPeaks] = [zeros(), zeros(), zeros(), zeros(), zeros()];
  let peak = { total: 0, held: held.slice(), count: count.slice() };
  let total = 0;
  const notePeak = (): void => {
    if (total >= peak.total) peak = { total, held: held.slice(), count: count.slice() };
  };
  const live: { address: number; size: number; site: number }[] = [];
  const length = 10_000;
  const block = new DataView(new ArrayBuffer(length * ENTRY_SIZE));
  let address = 0;
  for (let round = 0; round < 30; round++) {
    for (let at = 0; at < block.byteLength; at += ENTRY_SIZE) {
      const allocates = live.length === 0 || random(100) < allocations;
      const each = allocates
        ? { address: (address += 16), size: 1 + random(greatest), site: random(sites) }
        : live.splice(random(live.length), 1)[0]!;
      if (!allocates) notePeak();
      const sign = allocates ? 1 : -1;
      total += sign * each.size;
      held[each.site]! += sign * each.size;
      count[each.site]! += sign;
      if (allocates) {
        live.push(each);
        totalBytes[each.site]! += each.size;
        totalCount[each.site]!++;
        ownPeaks[each.site] = Math.max(ownPeaks[each.site]!, held[each.site]!);
      }
      block.setBigUint64(at, BigInt(each.address), true);
      block.setUint32(at + 8, allocates ? each.size : 0, true);
      block.setUint32(at + 12, allocates ? each.site : FREE, true);
    }
    const newOwners = Uint32Array.from(round === 0 ? owners : []);
    heap.apply({ bytes: new Uint8Array(block.buffer), length, sites, newOwners });
  }
  notePeak();
  const tables = heap.finish({ sites, owners: 70_001 });
  const usages = Object.fromEntries(Object.entries(tables.usages).map(([name, column]) => [name, [...column]]));
  expect(usages).toEqual({
    totalBytes: [...totalBytes],
    totalCount: [...totalCount],
    peakBytes: [...peak.held],
    peakCount: [...peak.count],
    leakedBytes: [...held],
    leakedCount: [...count],
  });
  expect(owners.map((owner) => tables.ownPeaks.bytes[owner])).toEqual([...ownPeaks]);
});

test('temporary allocations of a site may come to more than 4 GiB', () => {
  const large = 'malloc 0x1000 0xc0000000\nfree 0x1000\n'.repeat(3);
  const { sites } = expectText(`thread 1\n${large}push a a.py:1\nmalloc 0x1000 100\nfree 0x1000`).decoded;
  expect([...sites.temporaryBytes]).toEqual([3 * 0xc0000000, 100]);
  expect([...sites.temporaryCount]).toEqual([3, 1]);
});
