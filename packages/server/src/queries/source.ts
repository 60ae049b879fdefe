/**
 * A function → what its lines hold. Source text is shown only from folders that the user named; without any the reason
 * is said instead.
 */
import { chooseFunction, labelFunction, nameFunction, type SourceAnswer } from '@memscope/model';
import type { OpenRun } from '../open-run.js';
import type { SourceQuestion } from '../question.js';

export function answerSource(run: OpenRun, question: SourceQuestion, sourceFolders: readonly string[]): SourceAnswer {
  const { view, function: target } = question;
  const { groups, stackTables } = run.select(view);
  const chosen = chooseFunction(target, groups);
  const paths = run.paths(view);
  const weights = run.weigh(view, paths, '[]');
  const outermost = run.outermost(view, 'function');
  const { key, length } = paths.table;
  const lines = new Map<number, { selfBytes: number; bytes: number }>();
  for (let row = 1; row < length; row++) {
    const own = key[row]!;
    if (own < 0 || chosen[own] === 0 || (weights.bytes[row] === 0 && weights.count[row] === 0)) continue;
    const line = Math.max(0, stackTables.frames.line[own]!);
    let sum = lines.get(line);
    if (sum === undefined) lines.set(line, (sum = { selfBytes: 0, bytes: 0 }));
    sum.selfBytes += weights.selfBytes[row]!;
    // Bytes of a path count at the line of its outermost call.
    if (outermost[row] !== 0) sum.bytes += weights.bytes[row]!;
  }
  const { file } = labelFunction(
    groups.functions.findIndex((each) => nameFunction(each) === target),
    groups,
  );
  return {
    file,
    source: null,
    firstLine: 1,
    message:
      sourceFolders.length === 0
        ? 'no source folder was named: start memscope serve with --source DIR'
        : 'the source file is not in a folder that was named',
    lines: [...lines].map(([line, sums]) => ({ line, ...sums })).sort((a, b) => a.line - b.line),
  };
}
