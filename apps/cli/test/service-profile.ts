/** The fake profile that golden reports are mostly made of: content as it comes from a real service. */
import type { Profile } from '@memscope/model';

import { fakeProfile } from './fake-profile.js';

const MIB = 1024 * 1024;
const PACKAGES = '/srv/venv/lib/python3.13/site-packages';
const LIBRARY = '/usr/lib/python3.13';

/** A web service with a model: 42 s, libraries loaded, a spike of one request, RSS that creeps up on its own. */
export function serviceProfile(): Profile {
  const ticks: [number, number, number, number][] = [];
  for (let tick = 0; tick <= 420; tick++) {
    const seconds = tick / 10;
    const loading = Math.min(1, seconds / 6);
    const waves = 14 * Math.sin(seconds * 1.7) + 6 * Math.sin(seconds * 5.1);
    const spike = tick === 251 ? 610 : tick > 251 && tick < 262 ? 140 : 0;
    const heap = (loading * 310 + Math.max(0, waves) + (tick > 251 ? 18 : 0)) * MIB;
    const rss = (58 + loading * 420 + Math.max(0, seconds - 6) * 7.5 + (tick >= 251 && tick < 255 ? 300 : 0)) * MIB;
    ticks.push([tick * 100, Math.round(rss), Math.round(heap), Math.round(heap + spike * MIB)]);
  }
  return fakeProfile({
    capture: { peakBytes: 935_211_008, leakedBytes: 347_602_944, leakedCount: 1_206_441 },
    ticks,
    locations: [
      [
        'decode_batch',
        '/srv/app/service/inference.py',
        214,
        641_728_512,
        96,
        0,
        0,
        9_114_222_592,
        13_440,
        8_001_222_592,
        12_100,
      ],
      ['load_tensor', `${PACKAGES}/torch/serialization.py`, 1471, 201_326_592, 388, 201_326_592, 388, 201_326_592, 388],
      [
        '_compile_bytecode',
        '<frozen importlib._bootstrap_external>',
        784,
        31_457_280,
        24_113,
        30_408_704,
        23_990,
        62_914_560,
        48_220,
      ],
      [
        'from_numpy_buffer',
        `${PACKAGES}/numpy/_core/multiarray.py`,
        1135,
        18_874_368,
        18,
        0,
        0,
        4_294_967_296,
        4_096,
        4_100_000_000,
        4_000,
      ],
      [
        'remember',
        '/srv/app/service/cache/least_recently_used_session_cache.py',
        88,
        16_777_216,
        65_536,
        88_080_384,
        344_064,
        88_080_384,
        344_064,
      ],
      [
        'raw_decode',
        `${LIBRARY}/json/decoder.py`,
        361,
        7_340_032,
        103_222,
        1_048_576,
        14_000,
        3_221_225_472,
        8_812_004,
        1_200_000_000,
        5_300_000,
      ],
      [
        '<module>',
        `${PACKAGES}/google/cloud/storage/blob.py`,
        15,
        2_097_152,
        8_211,
        2_097_152,
        8_211,
        2_621_440,
        9_400,
      ],
      ['update_wrapper', `${LIBRARY}/functools.py`, 59, 1_572_864, 9_730, 1_572_864, 9_730, 1_835_008, 10_220],
      ['__init__', '<string>', 4, 917_504, 7_168, 917_504, 7_168, 11_534_336, 90_112, 1_000, 20],
      [
        'render',
        `${PACKAGES}/jinja2/environment.py`,
        1304,
        655_360,
        310,
        12_288,
        9,
        734_003_200,
        120_004,
        700_000_000,
        118_000,
      ],
      [null, null, 0, 9_437_184, 61, 9_437_184, 61, 10_485_760, 80],
      ['get_or_create', '/srv/app/service/db/pool.py', 41, 524_288, 16, 524_288, 16, 524_288, 16],
      ['parse', '/srv/app/service/formats/日本語/変換.py', 7, 262_144, 12, 262_144, 12, 262_144, 12],
    ],
    sites: [
      { thread: 1 },
      { allocator: 'posix_memalign', caller: ['/srv/app/service/inference.py', 31] },
      { caller: ['/srv/app/service/main.py', 3] },
      { allocator: 'calloc', thread: 1, caller: ['/srv/app/service/features.py', 88] },
      { thread: 1 },
      { allocator: 'realloc', thread: 2, caller: ['/srv/app/service/main.py', 9] },
    ],
    threads: [
      [1n, null],
      [2n, 'uvicorn-worker-0'],
      [3n, 'prefetch'],
    ],
    sizes: [
      [0, 12],
      [8, 40_000],
      [24, 2_200_000],
      [48, 3_900_000],
      [120, 1_500_000],
      [500, 900_000],
      [1_024, 610_000],
      [4_096, 99_000],
      [40_000, 51_000],
      [262_144, 9_100],
      [6_684_672, 1_340],
      [201_326_592, 2],
    ],
  });
}
