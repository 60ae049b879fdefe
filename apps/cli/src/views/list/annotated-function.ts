/**
 * The functions that were chosen → their lines with self and inclusive numbers, and the text of those lines where their
 * source is at hand.
 */
import { findRegion, type SourceFile, type SourceLookup, type SourceMiss } from '@memscope/model';

import type { LineWeights } from '@memscope/query';

export interface AnnotatedLine extends LineWeights {
  /** Null where neither the source is at hand nor the line came with the symbols. */
  readonly text: string | null;
}

export interface AnnotatedFunction {
  readonly source: SourceFile | SourceMiss;
  /** Line of its `def` or `class`. */
  readonly definition: number | null;
  /** Ascending. */
  readonly lines: readonly AnnotatedLine[];
}

/** `finder` null: the source is not looked for. `recorded` are lines of the file by number that came with the symbols. */
export function annotate(
  name: string | null,
  file: string | null,
  weights: readonly LineWeights[],
  finder: SourceLookup | null,
  recorded?: ReadonlyMap<number, string>,
): AnnotatedFunction {
  const seen = [...new Set(weights.map(({ line }) => line).filter((line) => line > 0))];
  const source = seen.length === 0 ? 'noLine' : (finder?.find(file, seen.at(-1)!) ?? 'notSought');
  if (typeof source === 'string') {
    const lines = weights.map((line) => ({ ...line, text: recorded?.get(line.line) ?? null }));
    return { source, definition: null, lines };
  }
  const region = findRegion(source.lines, name, seen);
  const known = new Map(weights.map((line) => [line.line, line]));
  const isCompared = weights.some(({ base }) => base !== null);
  const unknown = weights.filter(({ line }) => line === 0).map((line) => ({ ...line, text: null }));
  return {
    source,
    definition: region.definition,
    lines: [
      ...unknown,
      ...region.lines.map((line) => ({
        ...(known.get(line) ?? noWeights(line, isCompared)),
        text: source.lines[line - 1]!,
      })),
    ],
  };
}

function noWeights(line: number, isCompared: boolean): LineWeights {
  const none = { selfBytes: 0, selfCount: 0, bytes: 0, count: 0 };
  return { line, ...none, base: isCompared ? none : null };
}
