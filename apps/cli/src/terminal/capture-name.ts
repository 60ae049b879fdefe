/** A capture's name for people: that of its file, safe to print. */
import { basename } from 'node:path';
import type { CaptureRow } from '@memscope/model';

import { printable } from './printable.js';

export function captureName({ path }: Pick<CaptureRow, 'path'>): string {
  return path === '-' ? 'standard input' : printable(basename(path));
}
