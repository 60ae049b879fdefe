/**
 * Progress of captures being read, drawn on a terminal's standard error: one bar each with bytes, rate and time left; and
 * of other work that takes seconds: one bar with its steps. On anything but a terminal it stays silent.
 */
import type { CaptureProgress } from '@memscope/ingest';
import { formatBytes, formatCount, formatDuration } from '@memscope/model';
import { MultiBar, type SingleBar } from 'cli-progress';

import { padEnd, shortenMiddle } from './display-width.js';
import type { Host } from '../host.js';
import { captureName } from './capture-name.js';

export interface ProgressDisplay {
  readonly show: (progress: CaptureProgress) => void;
  /** Clears the bars and gives the cursor back. */
  readonly stop: () => void;
}

/** Columns of a terminal from which on there is room for long names and bars; a line that wraps cannot be redrawn. */
const WIDE = 100;
const NAME_WIDTHS = { narrow: 20, wide: 28 };
const BAR_WIDTHS = { narrow: 8, wide: 20 };

/** Null where standard error is no terminal. */
export function startProgress(host: Host): ProgressDisplay | null {
  const drawing = startBars(host);
  if (drawing === null) return null;
  const { bars, nameWidth } = drawing;
  const shown = new Map<string, { bar: SingleBar; startMs: number }>();
  return {
    show(progress) {
      if (progress.state === 'waiting') return;
      let entry = shown.get(progress.path);
      if (entry === undefined) {
        if (progress.state === 'reused' || progress.state === 'failed') return;
        const bar = bars.create(progress.totalBytes ?? 1, 0, { name: nameOf(progress.path, nameWidth), status: '' });
        entry = { bar, startMs: performance.now() };
        shown.set(progress.path, entry);
      }
      const { bar, startMs } = entry;
      if (progress.totalBytes !== null) bar.setTotal(Math.max(1, progress.totalBytes));
      const done = progress.totalBytes === null ? 0 : Math.min(progress.readBytes, progress.totalBytes);
      bar.update(done, { status: describeProgress(progress, performance.now() - startMs) });
      if (progress.state === 'done' || progress.state === 'failed') bars.remove(bar);
    },
    stop() {
      bars.stop();
    },
  };
}

export interface StepsDisplay {
  /** `words` instead of the numbers. */
  readonly show: (done: number, total: number, words?: string) => void;
  /** Clears the bar and gives the cursor back. */
  readonly stop: () => void;
}

/** `name` says what is being done. Null where standard error is no terminal. */
export function startSteps(host: Host, name: string): StepsDisplay | null {
  const drawing = startBars(host);
  if (drawing === null) return null;
  const { bars, nameWidth } = drawing;
  const bar = bars.create(1, 0, { name: padEnd(shortenMiddle(name, nameWidth), nameWidth), status: '' });
  return {
    show(done, total, words = `${formatCount(done)} of ${formatCount(total)}`) {
      bar.setTotal(Math.max(1, total));
      bar.update(Math.min(done, total), { status: words });
    },
    stop() {
      bars.stop();
    },
  };
}

function startBars(host: Host): { readonly bars: MultiBar; readonly nameWidth: number } | null {
  if (host.stderr.isTTY !== true || host.env['TERM'] === 'dumb') return null;
  const size = (host.stderr.columns ?? 0) >= WIDE ? 'wide' : 'narrow';
  const bars = new MultiBar(
    {
      stream: host.stderr,
      format: '{name} {bar} {status}',
      barsize: BAR_WIDTHS[size],
      barCompleteChar: '█',
      barIncompleteChar: '░',
      clearOnComplete: true,
      hideCursor: true,
      fps: 8,
      autopadding: false,
      linewrap: false,
      gracefulExit: false,
    },
    // Captures of unknown length show bytes and rate only.
  );
  return { bars, nameWidth: NAME_WIDTHS[size] };
}

/** "120 MiB of 430 MiB, 210 MiB/s, 1.48 s left". */
export function describeProgress({ state, readBytes, totalBytes }: CaptureProgress, elapsedMs: number): string {
  if (state === 'writing') return 'writing the profile';
  if (state === 'resolving') return 'naming native frames';
  const parts = [
    totalBytes === null ? formatBytes(readBytes) : `${formatBytes(readBytes)} of ${formatBytes(totalBytes)}`,
  ];
  if (elapsedMs >= 200 && readBytes > 0) {
    parts.push(`${formatBytes((readBytes / elapsedMs) * 1000)}/s`);
    if (totalBytes !== null && totalBytes > readBytes) {
      parts.push(`${formatDuration(((totalBytes - readBytes) * elapsedMs) / readBytes)} left`);
    }
  }
  return parts.join(', ');
}

function nameOf(path: string, width: number): string {
  return padEnd(shortenMiddle(captureName(path), width), width);
}
