/** Faults that say that memory ran out are told apart from faults of the program. */
import { describe, expect, test } from 'vitest';

import { isOutOfMemory } from '../src/out-of-memory.js';

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (fault) {
    return fault;
  }
  throw new Error('nothing was thrown');
}

describe('memory ran out', () => {
  test.each<[string, () => unknown]>([
    ['for an array', () => thrownBy(() => new Uint8Array(2 ** 46))],
    ['for a thread', () => Object.assign(new Error('Worker terminated'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })],
    ['for a program', () => Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM' })],
    ['for SQLite', () => Object.assign(new Error('out of memory'), { code: 'SQLITE_NOMEM' })],
    [
      'for WebAssembly',
      () => new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance'),
    ],
    ['behind another fault', () => new Error('cannot write', { cause: thrownBy(() => new ArrayBuffer(2 ** 46)) })],
  ])('%s', (_, make) => {
    expect(isOutOfMemory(make())).toBe(true);
  });
});

describe('memory did not run out', () => {
  const circle = new Error('a circle');
  circle.cause = circle;
  test.each<[string, unknown]>([
    ['where an index is wrong', new RangeError('Invalid array length')],
    ['where a name says so', new Error('out of memory')],
    ['where there is no error', 'out of memory'],
    ['where causes go round', circle],
  ])('%s', (_, fault) => {
    expect(isOutOfMemory(fault)).toBe(false);
  });
});
