/**
 * Frames → what part they play in a program, which is what growth is named by: the application's own code, a library
 * that it uses, the standard library, what starts a program, or the import system.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import type { StackTables } from '../profile.js';
import { NATIVE_FRAME } from '../tables.js';

/** Numbers, since nodes keep them in a column. */
export const KIND = { root: 0, application: 1, library: 2, standard: 3, launcher: 4, imports: 5, native: 6 } as const;

/** Code made from text: the application's only where it was given as text (-c, a console), else its caller's. */
const GENERATED = 7;

/** `<listcomp>` and the like say nothing: what they are part of is named. */
const NAMELESS = /^<(?:(?:list|dict|set)comp|genexpr|lambda)>$/;
/** /usr/bin/uvicorn, as pip writes it: a file without an extension among programs. */
const SCRIPT = /[\\/](?:bin|Scripts)[\\/][^\\/.]+(?:\.exe[\\/]__main__\.py)?$/;
const PROFILERS = new Set(['memray', 'pytest_memray']);
const GIVEN_AS_TEXT = new Set(['<string>', '<stdin>']);

export function isNameless(functionName: string | null): boolean {
  return functionName === null || NAMELESS.test(functionName);
}

/** By frame row; `resolveKind` tells what the generated ones are. */
export function kindsOfFrames({ frames }: Pick<StackTables, 'frames'>): Uint8Array {
  const kindOfFile = new Map<string | null, number>();
  return Uint8Array.from({ length: frames.length }, (_, row) => {
    if (frames.kind[row] === NATIVE_FRAME) return KIND.native;
    const file = frames.file[row] ?? null;
    let kind = kindOfFile.get(file);
    if (kind === undefined) kindOfFile.set(file, (kind = kindOfFileName(file)));
    return kind;
  });
}

function kindOfFileName(file: string | null): number {
  const { kind, name } = moduleOfFile(file);
  switch (kind) {
    case 'package':
      return PROFILERS.has(name ?? '') ? KIND.launcher : KIND.library;
    case 'importSystem':
      return KIND.imports;
    case 'application':
      return SCRIPT.test(file ?? '') ? KIND.launcher : KIND.application;
    case 'generated':
      return GIVEN_AS_TEXT.has(file ?? '') ? GENERATED : KIND.standard;
    case 'standardLibrary':
    case 'unknown':
    case 'none':
      return KIND.standard;
  }
}

/** Whether all of a file only starts programs: a profiler, or a script among programs. */
export function isLauncher(file: string | null): boolean {
  return kindOfFileName(file) === KIND.launcher;
}

/** The kind of a frame below its caller: a dataclass's `__init__` belongs to who made it. */
export function resolveKind(
  kind: number,
  functionName: string | null,
  callerKind: number,
  calledByText: boolean,
): number {
  if (kind !== GENERATED) return kind;
  if (functionName === '<module>' || calledByText) return KIND.application;
  return callerKind === KIND.root ? KIND.standard : callerKind;
}

/** By frame row, 1: where such frames stand outermost they only say how the program was started. */
export function startsProgram(tables: Pick<StackTables, 'frames'>): Uint8Array {
  return kindsOfFrames(tables).map((kind) => (kind === KIND.launcher || kind === KIND.standard ? 1 : 0));
}

export function isGenerated(kind: number): boolean {
  return kind === GENERATED;
}
