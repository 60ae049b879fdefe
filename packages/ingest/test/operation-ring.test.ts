/** The ring between the thread that decodes and the one that keeps the heap, both ends in one thread. */
import { ENTRY_SIZE } from '@memscope/kernel';
import { expect, test } from 'vitest';

import { OperationRing, RingFailure } from '../src/operation-ring.js';

function block(mark: number) {
  return { bytes: new Uint8Array(ENTRY_SIZE).fill(mark), length: 1, sites: mark, newOwners: Uint32Array.of(mark, 7) };
}

test('blocks come in their order, also those that were left when the ring was closed', () => {
  const writer = new OperationRing();
  const reader = new OperationRing(writer.buffer);
  const marks = Array.from({ length: 40 }, (_, index) => index + 1);
  for (const mark of marks) writer.write(block(mark));
  writer.close();
  const taken: number[] = [];
  for (let next = reader.take(false); next; next = reader.take(true)) {
    expect(next).toEqual(block(next.sites));
    taken.push(next.sites);
  }
  expect(taken).toEqual(marks);
});

test('the writer hears that the reader has failed', () => {
  const writer = new OperationRing();
  writer.write(block(1));
  new OperationRing(writer.buffer).fail();
  expect(() => writer.write(block(2))).toThrow(RingFailure);
});
