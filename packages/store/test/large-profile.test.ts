/** Profiles of very many sites and stacks give back what was written. */
import { createHash } from 'node:crypto';
import { NATIVE_FRAME, PYTHON_FRAME, usageOfProfile, type CaptureTables } from '@memscope/model';
import { expect, test } from 'vitest';
import { sampleTables, seededRandom } from './sample-tables.js';
import { faultOf, open, openDatabase, writeProfile } from './write-profile.js';

test('the profile of 100,000 sites gives the same answers as its tables', () => {
  const tables = largeTables(100_000);
  const path = writeProfile({ tables, expectedBytes: 2 ** 25 });
  const profile = open(path);
  expect(digestColumns(profile.tables())).toEqual(digestColumns(tables));

  const sums = new Map<number, number>();
  for (let site = 0; site < tables.sites.length; site++) {
    const stack = tables.sites.pythonStack[site]!;
    const line = stack === 0 ? 0 : tables.frames.line[tables.stacks.frame[stack]!]!;
    sums.set(line, (sums.get(line) ?? 0) + tables.sites.totalBytes![site]!);
  }
  const byLocation = usageOfProfile(profile).locations;
  expect(new Map(byLocation.map((row) => [row.line, row.totalBytes]))).toEqual(sums);
  expect(byLocation.map((row) => row.peakBytes)).toEqual(
    byLocation.map((row) => row.peakBytes).toSorted((a, b) => b - a),
  );
});

test('many stacks and sites of a native capture come back, and are checked where they are read', () => {
  const tables = largeTables(70_000);
  const { stacks, frames, sites } = tables;
  // The last frame is native, and so are the stacks behind Python's.
  const python = 68_000;
  const native = {
    ...tables,
    frames: { ...frames, kind: frames.kind.map((_, row) => (row === frames.length - 1 ? NATIVE_FRAME : PYTHON_FRAME)) },
    stacks: {
      ...stacks,
      frame: stacks.frame.map((frame, row) => (row < python ? frame % (frames.length - 1) : frames.length - 1)),
    },
    sites: { ...sites, pythonStack: sites.pythonStack.map((row) => row % python) },
  };
  const path = writeProfile({ tables: native });
  const { thread, allocator, pythonStack, owner, nativeStack } = native.sites;
  const profile = open(path);
  expect(profile.stackTables().stacks).toEqual(native.stacks);
  expect(profile.siteKeys()).toEqual({ length: 70_000, thread, allocator, pythonStack, owner, nativeStack });
  // Larger numbers than there are stacks, in as many bytes each.
  const database = openDatabase(path, true);
  database
    .prepare(
      `UPDATE packed_column SET delta = 0, packed = (SELECT packed FROM packed_column WHERE name = 'native_stack'),
        rows = 70000, width = 4 WHERE table_name = 'site' AND name = 'python_stack'`,
    )
    .run();
  expect(faultOf(() => open(path).siteKeys())).toMatchObject({ code: 'corrupt' });
});

/** The same, with each column as its type and a digest: comparing long columns element by element takes seconds. */
function digestColumns(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `${value.constructor.name} ${createHash('sha256').update(bytes).digest('hex')}`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, digestColumns(part)]));
}

function largeTables(length: number): CaptureTables {
  const tables = sampleTables();
  const random = seededRandom(7);
  const [stacks, frames] = [3 * length, 5000];
  const bytes = () => Float64Array.from({ length }, () => random(1_000_000));
  return {
    ...tables,
    frames: {
      length: frames,
      kind: new Uint8Array(frames),
      functionName: Array.from({ length: frames }, (_, row) => `call_${row}`),
      file: Array.from({ length: frames }, (_, row) => `/app/module_${row % 90}.py`),
      line: Int32Array.from({ length: frames }, (_, row) => row + 1),
      module: new Int32Array(frames).fill(-1),
      ip: new BigUint64Array(frames),
      source: Uint8Array.from({ length: frames }, () => random(4)),
    },
    stacks: {
      length: stacks,
      parent: Uint32Array.from({ length: stacks }, (_, row) => random(row)),
      frame: Uint32Array.from({ length: stacks }, (_, row) => (row === 0 ? 0 : random(frames))),
    },
    sites: {
      length,
      thread: Uint32Array.from({ length }, () => random(2)),
      allocator: Uint8Array.from({ length }, () => 1 + random(15)),
      pythonStack: Uint32Array.from({ length }, () => random(stacks)),
      nativeStack: Uint32Array.from({ length }, () => random(stacks)),
      owner: Uint32Array.from({ length }, () => random(5)),
      totalBytes: bytes(),
      totalCount: bytes(),
      peakBytes: bytes(),
      peakCount: bytes(),
      leakedBytes: bytes(),
      leakedCount: bytes(),
      temporaryBytes: bytes(),
      temporaryCount: bytes(),
    },
  };
}
