/** Folders that an option names or implies: asked for, and refused where they are not there, in one way. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** `what` is what needs the folder, as it stands in a sentence. Throws `UsageError` where it is not there. */
export function requireFolder(folder: string, what: string): void {
  if (!isFolder(folder)) throw new UsageError(`${what}: there is no folder ${printable(folder)}; make it first`);
}

/** The folder in which a file of the user's choice will stand. Throws `UsageError` where it is not there. */
export function requireFolderOf(file: string, option = '-o'): void {
  requireFolder(dirname(file), `${option} ${printable(file)}`);
}

/** A file that will be written once all work is done. Throws `UsageError` where that could only fail. */
export function requirePlaceOf(file: string, option: string): void {
  if (file === '') throw new UsageError(`${option}: name a file`);
  if (isFolder(file)) throw new UsageError(`${option} ${printable(file)}: that is a folder; name a file in it`);
  requireFolderOf(file, option);
}
