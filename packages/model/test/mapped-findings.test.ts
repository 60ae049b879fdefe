/** What was mapped: reserved and never touched, files, and what libraries with allocators of their own hold. */
import { describe, expect, test } from 'vitest';
import { findAll } from '../src/analysis/findings/find-all.js';
import type { Finding } from '../src/analysis/findings/finding.js';
import { findPeakParts } from '../src/analysis/peak/peak-parts.js';
import { usedHeapOf } from '../src/analysis/peak/used-heap.js';
import { siteStacksOf } from '../src/join/site-stacks.js';
import { siteOwnersOf } from '../src/view/site-owners.js';
import { findingOf, profileWith, shownBytes } from './found-finding.js';
import { MIB, peakOf, sourceOf } from './finding-source.js';
import { profileOf } from './view/profile-text.js';

describe('address space that nothing touched', () => {
  // The heap is highest in tick 6, when 1,000 MiB are set aside; what is used was in tick 2.
  const text = `
    main mmap   main:1>cuda_init:11       12.. ${1000 * MIB}/1
    main malloc main:1>load_checkpoint:4  3..7 ${286 * MIB}/30
    main malloc main:1>steady:8           2..  ${21 * MIB}/20`;

  test('is left out of the heap of every tick, and is told of the line that took it', () => {
    const profile = profileWith(text, 8, [40, 60, 340, 340, 340, 80, 80, 80]);
    const owners = siteOwnersOf(siteStacksOf(profile), profile.owners(), []);
    const used = usedHeapOf(profile, findPeakParts(profile).peak, owners)!;
    expect(Array.from(used.byTick!, (bytes) => Math.round(bytes / MIB))).toEqual([0, 21, 307, 307, 21, 21, 21, 21, 21]);
    expect(used.peakBytes).toBe(307 * MIB);
    expect(used.reserved).toMatchObject([{ functionName: 'cuda_init', line: 11, bytes: 1000 * MIB, count: 1 }]);
  });

  test('is left out of the peak, of what holds most of it, and is told with the line that took it', () => {
    const profile = profileWith(text, 8, [40, 60, 340, 340, 340, 80, 80, 80]);
    const findings = findAll(sourceOf(peakOf(profile)));
    expect(findings.map(({ rule }) => rule)).toEqual(['mostlyOneLocation', 'mappingsReserved']);
    expect(findings[0]!.title).toBe('load_checkpoint (srv/app.py:4) holds most of the peak: 286 MiB');
    expect(findings[0]!.text).toContain('93.2% of the 307 MiB');
    const [, reserved] = findings;
    expect(reserved!.title).toBe('0.977 GiB of the peak are reserved, not used');
    expect(reserved!.text).toContain('cuda_init (srv/app.py:11)');
    expect(reserved!.text).toContain('the heap is highest after 40 ms: 307 MiB');
    expect(shownBytes(reserved!, profile)).toBe(reserved!.evidence['usedPeakBytes']);
  });

  test('that a library’s own allocator hands out is not said to be unused', () => {
    const profile = profileWith(
      text.replace('cuda_init:11', '/usr/lib/python3.13/site-packages/pyarrow/lib.py/take:11'),
      8,
      [40, 60, 340, 340, 340, 80, 80, 80],
    );
    const reserved = findAll(sourceOf(peakOf(profile))).find(({ rule }) => rule === 'mappingsReserved')!;
    expect(reserved.title).toBe('0.977 GiB of the peak are reserved by the allocator of pyarrow');
    expect(reserved.text).toContain('How much of it pyarrow uses no allocation tells.');
  });

  test('is memory where RSS rose with it, and where nothing tells of RSS', () => {
    const touched = profileWith(text, 8, [40, 60, 340, 340, 340, 80, 1080, 1080]);
    const findings = findAll(sourceOf(peakOf(touched)));
    expect(findings.map(({ rule }) => rule)).toEqual(['mostlyOneLocation']);
    expect(findings[0]!.title).toContain('cuda_init');
  });

  test('is told of an aggregated capture by the highest RSS alone', () => {
    const profile = profileOf(
      `main mmap map:2 0.. ${900 * MIB}/1\nmain malloc work:3 0.. ${40 * MIB}/9`,
      4,
      'aggregated',
    );
    const of = (rssPeakBytes: number | null): Finding | null =>
      findingOf('mappingsReserved', peakOf({ ...profile, notes: { ...profile.notes, rssPeakBytes } }));
    expect(of(100 * MIB)!.evidence).toMatchObject({ reservedBytes: 900 * MIB, usedPeakBytes: 40 * MIB });
    expect(of(800 * MIB)).toBeNull();
    expect(of(null)).toBeNull();
  });

  test('is not looked for among small mappings', () => {
    const small = profileWith(`main mmap a 0.. ${31 * MIB}/1\nmain malloc b 0.. ${9 * MIB}/1`, 4, [9, 9, 9, 9]);
    expect(findingOf('mappingsReserved', peakOf(small))).toBeNull();
  });
});

describe('files that are mapped', () => {
  const SAFETENSORS = '/v/site-packages/safetensors/_safetensors_rust.abi3.so';
  const text = `
    main mmap   load:26>${SAFETENSORS}!memmap2::unix::MmapInner::new>/lib/x86_64-linux-gnu/libc.so.6!mmap 0.. ${64 * MIB}/2
    main malloc work:3 0.. ${40 * MIB}/9`;

  test('are told apart from heap, with the line that maps them', () => {
    const profile = profileOf(text, 3);
    const finding = findingOf('filesMapped', peakOf(profile))!;
    expect(finding.title).toBe('64.0 MiB of the peak are mapped files, not heap');
    expect(finding.text).toContain('app.py:26 (64.0 MiB)');
    expect(shownBytes(finding, profile)).toBe(finding.bytes);
    expect(findingOf('mostlyOneLocation', peakOf(profile))).toBeNull();
  });

  test('are not what a library maps for itself, nor memory that processes share', () => {
    const other = text.replace(SAFETENSORS, '/v/lib/libengine.so').replace('memmap2::unix::MmapInner::new', 'grow');
    expect(findingOf('filesMapped', peakOf(profileOf(other, 3)))).toBeNull();
    const shared = text.replace('load:26', 'load:26>/usr/lib/python3.11/multiprocessing/reductions.py/rebuild:9');
    expect(findingOf('filesMapped', peakOf(profileOf(shared, 3)))).toBeNull();
  });
});

describe('a library with an allocator of its own', () => {
  test('is told to show only what it mapped', () => {
    const text = `main mmap handle:8>/v/site-packages/pyarrow/compute.py/take:5 0.. ${64 * MIB}/1`;
    const finding = findingOf('ownAllocator', peakOf(profileOf(text, 3)))!;
    expect(finding.title).toBe('pyarrow (mimalloc) has an allocator of its own');
    expect(finding.text).toContain('pyarrow 64.0 MiB at the peak');
  });

  test('is not mentioned where malloc serves it', () => {
    const text = `main malloc handle:8>/v/site-packages/pyarrow/compute.py/take:5 0.. ${64 * MIB}/1`;
    expect(findingOf('ownAllocator', peakOf(profileOf(text, 3)))).toBeNull();
  });
});
