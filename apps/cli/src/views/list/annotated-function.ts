/**
 * The functions that were chosen → their lines with self and inclusive numbers, and the text of those lines where their
 * source is at hand.
 */
import {
  findRegion,
  rankGroups,
  type Selection,
  type SourceFile,
  type SourceLookup,
  type SourceMiss,
} from '@memscope/model';

import type { ChosenFunctions } from '../choose-functions.js';

export interface AnnotatedLine {
  /** 0 = not known. */
  readonly line: number;
  /** Null where neither the source is at hand nor the line came with the symbols. */
  readonly text: string | null;
  readonly selfBytes: number;
  readonly selfCount: number;
  /** With what was called from there; a path counts once in a line. */
  readonly bytes: number;
  readonly count: number;
}

export interface AnnotatedFunction {
  readonly source: SourceFile | SourceMiss;
  /** Line of its `def` or `class`. */
  readonly definition: number | null;
  /** Ascending. */
  readonly lines: readonly AnnotatedLine[];
}

/** What is known of a line without its source. */
export type LineWeights = Omit<AnnotatedLine, 'text'>;

/** By position in `chosen.functions`: lines that hold something, ascending. */
export function weighLines(selection: Selection, { functions, tree }: ChosenFunctions): LineWeights[][] {
  const { groups, stackTables } = selection;
  const { line } = stackTables.frames;
  const ranking = rankGroups(tree, groups.canonical, stackTables.frames.length);
  const positions = new Map(functions.map((called, position) => [called, position]));
  const lines: LineWeights[][] = functions.map(() => []);
  for (let row = 0; row < ranking.length; row++) {
    const frame = ranking.group[row]!;
    const position = positions.get(groups.functionOf[frame]!);
    if (position === undefined) continue;
    lines[position]!.push({
      line: Math.max(0, line[frame]!),
      selfBytes: ranking.selfBytes[row]!,
      selfCount: ranking.selfCount[row]!,
      bytes: ranking.bytes[row]!,
      count: ranking.count[row]!,
    });
  }
  for (const some of lines) some.sort((a, b) => a.line - b.line);
  return lines;
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
  const unknown = weights.filter(({ line }) => line === 0).map((line) => ({ ...line, text: null }));
  return {
    source,
    definition: region.definition,
    lines: [
      ...unknown,
      ...region.lines.map((line) => ({ ...(known.get(line) ?? noWeights(line)), text: source.lines[line - 1]! })),
    ],
  };
}

function noWeights(line: number): LineWeights {
  return { line, selfBytes: 0, selfCount: 0, bytes: 0, count: 0 };
}
