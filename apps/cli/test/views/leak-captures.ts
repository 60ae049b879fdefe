/** A service that leaks, in the capture language: one place for each verdict. */
import { CAPTURE_START_MS } from './view-captures.js';

const TICKS = 40;
const TICK_MS = 50;

/**
 * Two workers decode requests and keep every body (a leak, allocated in the standard library), and share a cache of
 * eight entries; the main thread loads a model, a table in the middle, and something in the last tick.
 */
export function leakingService(): string {
  const lines = [
    `capture v13 start=${CAPTURE_START_MS} end=${CAPTURE_START_MS + TICKS * TICK_MS} command="service.py" main_tid=1`,
    'thread 1 "MainThread"',
    'push <module> /srv/app/service.py:90 entry',
  ];
  let address = 0x10000;
  const allocate = (bytes: number, allocator = 'malloc'): number => {
    address += 0x100000;
    lines.push(`${allocator} 0x${address.toString(16)} ${bytes}`);
    return address;
  };
  const within = (frames: readonly string[], allocateThere: () => void): void => {
    for (const frame of frames) lines.push(`push ${frame}`);
    allocateThere();
    lines.push(`pop ${frames.length}`);
  };
  const cached: number[] = [];
  const started = new Set<number>();
  for (let tick = 0; tick <= TICKS; tick++) {
    lines.push('thread 1');
    if (tick < 3) within(['load_model /srv/app/model.py:12'], () => allocate(300_000, 'mmap'));
    if (tick === 20) within(['load_table /srv/app/tables.py:7'], () => allocate(150_000));
    if (tick >= 5 && tick < 25) within(['index /srv/app/search.py:31'], () => allocate(2_000));
    if (tick === TICKS) within(['report /srv/app/service.py:70'], () => allocate(40_000));
    for (const worker of [2, 3]) {
      lines.push(started.has(worker) ? `thread ${worker}` : `thread ${worker} "worker-${worker - 1}"`);
      if (!started.has(worker)) lines.push('push work /srv/app/service.py:40 entry');
      started.add(worker);
      within(['handle /srv/app/service.py:44', 'raw_decode /usr/lib/python3.13/json/decoder.py:353'], () =>
        allocate(5_000 + 1_000 * worker),
      );
      // Each worker is busy in turns.
      if (Math.floor(tick / 7) % 2 !== worker % 2) continue;
      within(['handle /srv/app/service.py:44', 'put /srv/app/cache.py:19'], () => cached.push(allocate(25_000)));
      if (cached.length > 8) lines.push(`free 0x${cached.shift()!.toString(16)}`);
    }
    if (tick < TICKS) lines.push(`memory t=${tick * TICK_MS} rss=${2_000_000 + tick * 10_000}`);
  }
  return `${lines.join('\n')}\n`;
}
