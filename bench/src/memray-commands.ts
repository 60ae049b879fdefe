/**
 * How the user runs memray (`MEMRAY="chroot /rig python3 -m memray"`) → command lines for one capture. A memray that
 * lives under another root sees paths without that root's prefix; captures that lie elsewhere are copied there.
 */
import { copyFileSync, existsSync, realpathSync } from 'node:fs';
import { basename, join, sep } from 'node:path';

import { BenchError } from './bench-error.js';

/** memray's own commands, by the names that `--memray` takes. */
export const MEMRAY_REPORTS = ['stats', 'flamegraph', 'temporal'] as const;
export type MemrayReport = (typeof MEMRAY_REPORTS)[number];

export interface MemraySetting {
  /** The words that start memray. */
  readonly command: readonly string[];
  /** Folder that is the root of memray's file system; empty = ours. */
  readonly pathPrefix: string;
  readonly reports: readonly MemrayReport[];
}

const LABELS: Readonly<Record<MemrayReport, string>> = {
  stats: 'memray stats',
  flamegraph: 'memray flamegraph',
  temporal: 'memray flamegraph --temporal',
};

export function labelOf(report: MemrayReport): string {
  return LABELS[report];
}

/** Splits at blanks; quotes keep words together. */
export function splitCommand(line: string): string[] {
  return Array.from(line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, double, single, bare]) => {
    return double ?? single ?? bare ?? '';
  });
}

/** Where memray can see files: its own `/tmp`, or null for the system's folder for temporary files. */
export function temporaryParentOf({ pathPrefix }: MemraySetting): string | undefined {
  if (pathPrefix === '') return undefined;
  const parent = join(pathPrefix, 'tmp');
  if (existsSync(parent)) return parent;
  throw new BenchError('usage', `MEMRAY_PATH_PREFIX: there is no folder ${parent}`);
}

/** The capture at a place that memray sees. `folder` is one of its temporary folders. */
export function placeForMemray(capture: string, folder: string, { pathPrefix }: MemraySetting): string {
  const real = realpathSync(capture);
  if (pathPrefix === '' || isBelow(real, pathPrefix)) return real;
  const copy = join(folder, basename(real));
  copyFileSync(real, copy);
  return copy;
}

/** `capture` and `folder` are our paths; the report goes into `folder`. */
export function memrayCommand(
  report: MemrayReport,
  capture: string,
  folder: string,
  { command, pathPrefix }: MemraySetting,
): string[] {
  const seen = (path: string): string => withoutPrefix(path, pathPrefix);
  if (report === 'stats') return [...command, 'stats', seen(capture)];
  const temporal = report === 'temporal' ? ['--temporal'] : [];
  return [...command, 'flamegraph', ...temporal, '-f', '-o', seen(join(folder, `${report}.html`)), seen(capture)];
}

function withoutPrefix(path: string, prefix: string): string {
  return prefix !== '' && isBelow(path, prefix) ? path.slice(realPrefix(prefix).length) : path;
}

function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(`${realPrefix(prefix)}${sep}`);
}

function realPrefix(prefix: string): string {
  return realpathSync(prefix);
}
