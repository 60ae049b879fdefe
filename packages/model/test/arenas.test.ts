/** pymalloc's arenas and what comes with them → whose memory they are. */
import { expect, test } from 'vitest';
import { describeArenaPart } from '../src/analysis/arenas.js';
import { arenaError, PYTHON_OBJECTS, select, usageByLibrary } from '../src/index.js';
import { profileOf } from './view/profile-text.js';
import { ALL_AT_PEAK } from './view/selection-requests.js';

const MIB = 1024 * 1024;

function ownersOf(text: string): string[] {
  const selection = select(profileOf(text, 2), ALL_AT_PEAK);
  const { sites, weights } = selection;
  const columns = { peakBytes: weights.bytes, peakCount: weights.count };
  return usageByLibrary({
    owners: selection.owners(),
    allocator: sites.allocator,
    usage: {
      ...columns,
      leakedBytes: weights.bytes,
      leakedCount: weights.count,
      totalBytes: null,
      totalCount: null,
      temporaryBytes: null,
      temporaryCount: null,
    },
  }).map(({ library, peakBytes }) => `${library} ${peakBytes}`);
}

test('arenas and what comes with them in the same stack are Python objects, whichever line needed them', () => {
  const owners = ownersOf(`
    main mmap*    /srv/a.py/parse:3 0.. ${2 * MIB}/2
    main realloc* /srv/a.py/parse:3 0.. 3072/1
    main calloc*  /srv/a.py/parse:3 0.. 131072/1
    main realloc /srv/a.py/other:9 0.. 3072/1
    main malloc  /srv/a.py/parse:3 0.. 500/1
  `);
  expect(owners).toEqual([`${PYTHON_OBJECTS} ${2 * MIB + 3072 + 131072}`, 'application 3572']);
});

test('with native stacks only what the interpreter itself maps is an arena', () => {
  const owners = ownersOf(`
    main mmap* /srv/a.py/run:3>/usr/bin/python3.13!new_arena>/lib/x86_64-linux-gnu/libc.so.6!mmap 0.. ${MIB}/1
    main mmap* /srv/a.py/run:3>/usr/bin/python3.13!>/v/libdnnl.so.3!dnnl::create 0.. ${4 * MIB}/4
  `);
  expect(owners).toEqual([`oneDNN ${4 * MIB}`, `${PYTHON_OBJECTS} ${MIB}`]);
});

test('the error of a sample falls with the root of its size', () => {
  expect(arenaError(1)).toBe(1);
  expect(arenaError(60)).toBeCloseTo(0.129, 3);
  expect(arenaError(0)).toBe(Infinity);
});

test('what arenas tell of a line is told with its error in bytes; one or two tell of nobody', () => {
  const part = (arenas: number): string => describeArenaPart({ arenaBytes: arenas * MIB, arenas });
  expect(part(16)).toBe(
    'About 16.0 MiB of it, give or take 4.00 MiB, are Python objects: an estimate by 16 arenas that objects of many lines share.',
  );
  expect(part(1)).toBe(
    '1.00 MiB of it is Python objects, or those of other lines: 1 arena that objects of many lines share.',
  );
});
