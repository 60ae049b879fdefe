/**
 * Frames → which of them are the code of a library's file that the import system has run, and which are the
 * application's own: an import of a library is told as one, down to code of the application that it runs.
 */
import type { StackTables } from '../profile.js';
import { NATIVE_FRAME, type FrameTable } from '../tables.js';
import type { FrameGroups } from './frame-groups.js';

const importsOfFrames = new WeakMap<FrameTable, Uint8Array>();

/** By frame row: 1 where it is the code of a library's file that the import system has run. */
export function importFrames({ frames, stacks }: StackTables, groups: FrameGroups): Uint8Array {
  const known = importsOfFrames.get(frames);
  if (known !== undefined) return known;
  const { functionOf, moduleOf, modules } = groups;
  const isImportSystem = modules.map(({ kind }) => kind === 'importSystem');
  const isLibrary = modules.map(({ kind }) => kind === 'package' || kind === 'standardLibrary');
  const isModule = Uint8Array.from({ length: frames.length }, (_, row) =>
    frames.kind[row] !== NATIVE_FRAME && frames.functionName[row] === '<module>' && isLibrary[moduleOf[row]!] ? 1 : 0,
  );
  const isImported = new Uint8Array(groups.functions.length);
  for (let row = 1; row < stacks.length; row++) {
    const frame = stacks.frame[row]!;
    if (isModule[frame] === 0 || stacks.parent[row] === 0) continue;
    const caller = stacks.frame[stacks.parent[row]!]!;
    if (isImportSystem[moduleOf[caller]!]) isImported[functionOf[frame]!] = 1;
  }
  const imports = isModule.map((each, row) => each & isImported[functionOf[row]!]!);
  importsOfFrames.set(frames, imports);
  return imports;
}

/** By frame row: 1 where it is code of the application. */
export function ownFrames({ frames }: Pick<StackTables, 'frames'>, { moduleOf, modules }: FrameGroups): Uint8Array {
  const isOwn = modules.map(({ kind }) => kind === 'application');
  return Uint8Array.from({ length: frames.length }, (_, row) => (isOwn[moduleOf[row]!] ? 1 : 0));
}
