/** Fake profiles of the kinds of capture that reports must tell apart: native traces, aggregated, killed. */
import type { Profile } from '@memscope/model';

import { fakeProfile } from './fake-profile.js';

const MIB = 1024 * 1024;
const PACKAGES = '/srv/venv/lib/python3.13/site-packages';

/** An inference server with native traces: frameworks own most of it, and a GPU library reserves address space. */
export function nativeProfile(): Profile {
  const ticks = Array.from({ length: 60 }, (_, tick): [number, number, number, number] => {
    const heap = Math.min(1, tick / 20) * 2_600 * MIB;
    return [tick * 500, Math.round(80 * MIB + heap / 5), Math.round(heap), Math.round(heap)];
  });
  const usage = (bytes: number, count: number): number[] => [
    bytes * MIB,
    count,
    bytes * MIB,
    count,
    bytes * MIB,
    count,
  ];
  const serve = '/srv/app/serve.py';
  return fakeProfile({
    capture: { path: '/srv/captures/native-v13.bin', nativeTraces: true },
    ticks,
    locations: [
      ['forward', `${PACKAGES}/torch/nn/modules/linear.py`, 125, ...usage(512, 96)],
      [null, null, 0, ...usage(2_048, 2)],
      ['handle', serve, 31, ...usage(40, 100)],
    ],
    sites: [{ allocator: 'posix_memalign', caller: [serve, 31] }],
  });
}

/** The same kind of service recorded in the aggregated layout. */
export function aggregatedProfile(): Profile {
  return fakeProfile({
    capture: {
      layout: 'aggregated',
      path: '/srv/captures/service-agg-v11.bin',
      formatVersion: 11,
      pythonVersion: null,
    },
    ticks: [
      [0, 53 * MIB, 0, 0],
      [20, 70 * MIB, 12 * MIB, 0],
      [40, 92 * MIB, 36 * MIB, 0],
      [60, 80 * MIB, 9 * MIB, 0],
    ],
    locations: [
      ['main', 'mixed.py', 49, 30_000_001, 1, 0, 0],
      ['grow', 'mixed.py', 9, 6_526_790, 6_300, 6_526_790, 6_300],
      ['maps', 'mixed.py', 37, 262_144, 1, 262_144, 1],
    ],
    sites: [{}, {}, { allocator: 'mmap' }],
  });
}

/** Killed 13 ms into the recording, at its peak. */
export function killedProfile(): Profile {
  return fakeProfile({
    capture: {
      path: '/srv/captures/killed-v13.bin',
      complete: false,
      compression: 'none',
      endMs: null,
      readBytes: 40_711,
      totalBytes: 40_960,
      peakTick: 2,
    },
    notes: {
      tailPeakBytes: 22_557_557,
      tailHeapBytes: 22_557_557,
      damage: { kind: 'killed', fileOffset: 40_711, recordOffset: 40_711, unreadBytes: 0, reason: 'no closing record' },
    },
    ticks: [
      [0, 53 * MIB, 0, 0],
      [13, 58 * MIB, 20_130_720, 20_130_720],
    ],
    locations: [
      ['hoard', 'killed.py', 6, 22_544_323, 5_100, 22_544_323, 5_100, 22_544_323, 5_100],
      ['_get_code_from_file', '<frozen runpy>', 257, 13_234, 14, 13_234, 14, 20_000, 20, 4_000, 3],
    ],
    threads: [[1n, '']],
    sizes: [
      [40, 20],
      [4_420, 5_100],
    ],
  });
}
