/** Functions of a view → their lines that hold something, with self and inclusive numbers. */
import type { FunctionKey, ViewQuery } from '@memscope/model';
import type { OpenRun } from './open-run.js';

export interface LineWeights {
  /** 0 = not known. */
  readonly line: number;
  readonly selfBytes: number;
  readonly selfCount: number;
  /** With what was called from there; a path counts once in a line. */
  readonly bytes: number;
  readonly count: number;
}

/** For each of the functions, ascending by line. */
export function weighLines(run: OpenRun, view: ViewQuery, functions: readonly FunctionKey[]): LineWeights[][] {
  const { groups, stackTables } = run.select(view);
  const { line } = stackTables.frames;
  const { selfBytes, selfCount, bytes, count } = run.rank(view, 'location');
  const positions = new Map(functions.map((called, position) => [called, position]));
  const lines: LineWeights[][] = functions.map(() => []);
  for (let frame = 0; frame < stackTables.frames.length; frame++) {
    if (bytes[frame] === 0 && count[frame] === 0) continue;
    const position = positions.get(groups.functionOf[frame]!);
    if (position === undefined) continue;
    lines[position]!.push({
      line: Math.max(0, line[frame]!),
      selfBytes: selfBytes[frame]!,
      selfCount: selfCount[frame]!,
      bytes: bytes[frame]!,
      count: count[frame]!,
    });
  }
  for (const some of lines) some.sort((a, b) => a.line - b.line);
  return lines;
}
