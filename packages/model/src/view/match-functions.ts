/**
 * A pattern of a user → the functions it means. Plain text that is a function's whole name means the functions of that
 * name and no longer ones; `FILE:NAME` means a name within a file.
 */
import { foldCase, matchTexts, testUnbounded, type PatternTester } from '../filter/pattern-tester.js';
import type { Pattern } from '../filter/pattern.js';
import type { FunctionKey } from '../rows.js';
import type { FrameGroups, FunctionGroup } from './frame-groups.js';

/** Ascending; none where nothing matches. Throws `FilterError`. */
export function matchFunctions(
  { functions }: Pick<FrameGroups, 'functions'>,
  pattern: Pattern,
  test: PatternTester = testUnbounded,
): FunctionKey[] {
  const named = [...functions.keys()].filter((row) => functions[row]!.name !== null);
  if (pattern.kind === 'plain') {
    const { text } = pattern;
    const exact = named.filter((row) => functions[row]!.name === text);
    if (exact.length > 0) return exact;
  }
  const hits = matchTexts(
    pattern,
    named.map((row) => functions[row]!.name!),
    test,
  );
  const found = named.filter((_, index) => hits[index] !== 0);
  return found.length > 0 || pattern.kind !== 'plain' ? found : matchWithinFile(functions, named, pattern.text);
}

/** 1 for each frame row of one of the functions. */
export function framesOfFunctions({ functionOf, functions }: FrameGroups, chosen: readonly FunctionKey[]): Uint8Array {
  const isChosen = new Uint8Array(functions.length);
  for (const row of chosen) isChosen[row] = 1;
  return Uint8Array.from(functionOf, (row) => isChosen[row]!);
}

/** The end of a file's name and a name, joined by the last single colon: `core/frame.py:concat`, `a.cc:ns::run`. */
function matchWithinFile(
  functions: readonly FunctionGroup[],
  named: readonly FunctionKey[],
  text: string,
): FunctionKey[] {
  const parts = /^(.*[^:]):(?!:)(.+)$/s.exec(text);
  if (parts === null) return [];
  const [, file = '', name = ''] = parts;
  const within = named.filter((row) => foldCase(functions[row]!.file ?? '').endsWith(foldCase(file)));
  const exact = within.filter((row) => functions[row]!.name === name);
  if (exact.length > 0) return exact;
  return within.filter((row) => foldCase(functions[row]!.name!).includes(foldCase(name)));
}
