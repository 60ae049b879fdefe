/** Functions of a view → their lines that hold something, with self and inclusive numbers. */
import type { FunctionKey, ViewQuery } from '@memscope/model';
import type { OpenRun } from './open-run.js';

/** What a line holds on one side. */
export interface LineSide {
  readonly selfBytes: number;
  readonly selfCount: number;
  /** With what was called from there; a path counts once in a line. */
  readonly bytes: number;
  readonly count: number;
}

/** With a base these are the head's. */
export interface LineWeights extends LineSide {
  /** 0 = not known. */
  readonly line: number;
  /** What the line of that number holds in the base; null without one. */
  readonly base: LineSide | null;
}

/** For each of the functions, ascending by line. With a base a set whose lines are told apart is meant. */
export function weighLines(run: OpenRun, view: ViewQuery, functions: readonly FunctionKey[]): LineWeights[][] {
  const { groups, stackTables } = run.select(view);
  const { line } = stackTables.frames;
  const positions = new Map(functions.map((called, position) => [called, position]));
  const wanted = new Uint8Array(stackTables.frames.length);
  for (let frame = 0; frame < wanted.length; frame++) {
    if (positions.has(groups.functionOf[frame]!)) wanted[groups.canonical[frame]!] = 1;
  }
  const both = run.rankSome(view, 'location', wanted);
  const isCompared = run.set.base.length > 0;
  const head = isCompared ? run.rankSome(view, 'location', wanted, 'head') : both;
  const headOf = (frame: number): LineSide => ({
    selfBytes: head.selfBytes[frame]!,
    selfCount: head.selfCount[frame]!,
    bytes: head.bytes[frame]!,
    count: head.count[frame]!,
  });
  const baseOf = (frame: number, { selfBytes, selfCount, bytes, count }: LineSide): LineSide => ({
    selfBytes: both.selfBytes[frame]! - selfBytes,
    selfCount: both.selfCount[frame]! - selfCount,
    bytes: both.bytes[frame]! - bytes,
    count: both.count[frame]! - count,
  });
  const lines: LineWeights[][] = functions.map(() => []);
  for (let frame = 0; frame < stackTables.frames.length; frame++) {
    if (both.bytes[frame] === 0 && both.count[frame] === 0) continue;
    const position = positions.get(groups.functionOf[frame]!);
    if (position === undefined) continue;
    const own = headOf(frame);
    lines[position]!.push({
      line: Math.max(0, line[frame]!),
      ...own,
      base: isCompared ? baseOf(frame, own) : null,
    });
  }
  for (const some of lines) some.sort((a, b) => a.line - b.line);
  return lines;
}
