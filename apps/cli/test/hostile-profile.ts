/** Names that attack a terminal, and a fake profile of nothing else. */
import type { Profile } from '@memscope/model';

import { fakeProfile } from './fake-profile.js';

const MIB = 1024 * 1024;

export const HOSTILE_NAMES = [
  '\u001b[31mred\u001b[0m',
  '\u009b2J\u0007clear',
  'first\nsecond\r\tthird',
  'user\u202enimda\u202c',
  'lone\ud800surrogate',
  '\u200binvisible\ufeff',
  `e${'\u0301'.repeat(200)}`,
  '關數'.repeat(60),
  `${'long_'.repeat(20_000)}end`,
  '\u001b]8;;http://example.org\u001b\\link\u001b]8;;\u001b\\',
] as const;

/** Every name the capture holds is an attack on the terminal. */
export function hostileProfile(): Profile {
  return fakeProfile({
    capture: {
      path: `/srv/${HOSTILE_NAMES[0]}/${HOSTILE_NAMES[2]}.bin`,
      commandLine: HOSTILE_NAMES.join(' '),
      pythonVersion: HOSTILE_NAMES[1],
      pythonAllocator: HOSTILE_NAMES[5],
      startMs: -8e18,
      endMs: 8e18,
    },
    ticks: [
      [0, MIB, 0, 0],
      [10, MIB, MIB, MIB],
    ],
    locations: HOSTILE_NAMES.map((name, index) => [
      name,
      `/srv/venv/site-packages/${name}/${name}`,
      index,
      (index + 1) * 90 * MIB,
      index,
      index,
      1,
      (index + 1) * 90 * MIB,
      20_000,
      100,
      index === 9 ? 200_000 : 0,
    ]),
    sites: HOSTILE_NAMES.map((name, index) => ({ thread: index, caller: [`/srv/${name}`, index] })),
    threads: HOSTILE_NAMES.map((name, index) => [BigInt(index) + 2n ** 63n, name]),
    sizes: [[Number.MAX_SAFE_INTEGER, 1]],
  });
}
