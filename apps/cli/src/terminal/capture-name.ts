/** What a capture is called on a terminal, by its path (`-` is standard input); safe to print. */
import { basename } from 'node:path';
import { printable } from '@memscope/model/text/printable';

/** The path, or the part of it or the name in its place that is handed in. */
export function capturePath(path: string, name: string = path): string {
  return path === '-' ? 'standard input' : printable(name);
}

/** The file's name alone. */
export function captureName(path: string): string {
  return capturePath(path, basename(path));
}
