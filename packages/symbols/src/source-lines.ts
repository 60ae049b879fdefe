/**
 * The source lines that frames mention, read from this machine or from below a sysroot, so that a symbol bundle can
 * show them elsewhere. Bounded: large files, long lines and whatever is no text are left out.
 */
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { findInSysroot } from './sysroot.js';

const MOST_FILES = 5000;
/** Of all files; bundles are read with a bound on them. */
const MOST_LINES = 400_000;
const MOST_FILE_BYTES = 8 << 20;
/** Also of a line in a bundle that somebody else made. */
export const MOST_LINE_CHARACTERS = 400;

/** `wanted` is (file, line) pairs; files that cannot be read and lines that do not exist are left out. */
export function collectSourceLines(
  wanted: Iterable<readonly [file: string, line: number]>,
  sysroots: readonly string[],
): Map<string, Map<number, string>> {
  const byFile = new Map<string, Set<number>>();
  let mentioned = 0;
  for (const [file, line] of wanted) {
    if (line <= 0 || !isAbsolute(file)) continue;
    const lines = byFile.get(file) ?? (byFile.size < MOST_FILES ? new Set<number>() : null);
    if (lines === null || lines.has(line) || mentioned === MOST_LINES) continue;
    byFile.set(file, lines.add(line));
    mentioned++;
  }
  const found = new Map<string, Map<number, string>>();
  for (const [file, lines] of byFile) {
    const text = readSource(file, sysroots.length > 0 ? sysroots : ['/']);
    if (text === null) continue;
    const all = text.split('\n');
    const texts = new Map<number, string>();
    for (const line of [...lines].sort((a, b) => a - b)) {
      const content = all[line - 1];
      if (content !== undefined) texts.set(line, content.trimEnd().slice(0, MOST_LINE_CHARACTERS));
    }
    if (texts.size > 0) found.set(file, texts);
  }
  return found;
}

function readSource(file: string, sysroots: readonly string[]): string | null {
  for (const sysroot of sysroots) {
    const path = findInSysroot(sysroot, file);
    if (path === null) continue;
    try {
      const stat = statSync(path);
      if (!stat.isFile() || stat.size > MOST_FILE_BYTES) continue;
      const text = readFileSync(path, 'utf8');
      if (!text.includes('\0')) return text;
    } catch {
      // Another sysroot may have it.
    }
  }
  return null;
}
