/** A function → its lines with what each holds, and their text where whoever asks can look it up. */
import {
  findFunctions,
  findRegion,
  type SourceAnswer,
  type SourceFile,
  type SourceLookup,
  type SourceMiss,
} from '@memscope/model';
import type { OpenRun } from './open-run.js';
import type { SourceQuestion } from './question.js';
import { weighLines, type LineWeights } from './function-lines.js';

/** Lines of an answer, and UTF-16 units of each. */
const MOST_LINES = 2_000;
const LONGEST_LINE = 1_000;

const MISSES: Readonly<Record<SourceMiss, string>> = {
  noFile: 'the capture names no file for it',
  noLine: 'the capture names no line of it',
  notSought: 'no source folder was named: start memscope serve with --source FOLDER',
  notFound: 'its file is in none of the folders that were named with --source',
  tooLarge: 'its file is too large to be shown',
  unreadable: 'its file cannot be read as text',
  tooShort: 'the file at hand ends before the recorded lines: it is another one, or has changed',
};

const RECORDED = 'these lines came with the symbols; the whole file is in none of the folders named with --source';

type LineWeight = SourceAnswer['lines'][number];

/** `sources` null = no file is looked for. Throws `ViewError` where there is no such function. */
export function answerSource(run: OpenRun, question: SourceQuestion, sources: SourceLookup | null): SourceAnswer {
  const { view, function: target } = question;
  const { groups } = run.select(view);
  const functions = findFunctions(target, groups);
  const { name, file } = groups.functions[functions[0]!]!;
  const lines = joinLines(weighLines(run, view, functions).flat());
  const seen = lines.map(({ line }) => line).filter((line) => line > 0);
  const found = findSource(file, seen, sources);
  if (typeof found === 'string') {
    const texts = run.profile.sourceLines().get(file ?? '');
    const recorded = lines.map((each) => ({ ...each, text: texts?.get(each.line)?.slice(0, LONGEST_LINE) ?? null }));
    const message = recorded.some(({ text }) => text !== null) ? RECORDED : MISSES[found];
    return { file, source: null, firstLine: 1, message, lines: recorded };
  }
  const region = findRegion(found.lines, name, seen).lines;
  const firstLine = region[0]!;
  const end = Math.min(region.at(-1)!, firstLine + MOST_LINES - 1);
  const source = found.lines.slice(firstLine - 1, end).map((line) => line.slice(0, LONGEST_LINE));
  return { file, source, firstLine, message: null, lines };
}

function findSource(
  file: string | null,
  seen: readonly number[],
  sources: SourceLookup | null,
): SourceFile | SourceMiss {
  if (seen.length === 0) return 'noLine';
  return sources === null ? 'notSought' : sources.find(file, seen.at(-1)!);
}

const NOTHING: Omit<LineWeight, 'line' | 'text'> = {
  selfBytes: 0,
  selfCount: 0,
  bytes: 0,
  count: 0,
  baseSelfBytes: null,
  baseSelfCount: null,
  baseBytes: null,
  baseCount: null,
};

/** Lines of several functions in one file, by line. */
function joinLines(weights: readonly LineWeights[]): LineWeight[] {
  const sums = new Map<number, Omit<LineWeight, 'line' | 'text'>>();
  const add = (a: number | null, b: number | undefined): number | null => (b === undefined ? a : (a ?? 0) + b);
  for (const { line, selfBytes, selfCount, bytes, count, base } of weights) {
    const sum = sums.get(line) ?? NOTHING;
    sums.set(line, {
      selfBytes: sum.selfBytes + selfBytes,
      selfCount: sum.selfCount + selfCount,
      bytes: sum.bytes + bytes,
      count: sum.count + count,
      baseSelfBytes: add(sum.baseSelfBytes, base?.selfBytes),
      baseSelfCount: add(sum.baseSelfCount, base?.selfCount),
      baseBytes: add(sum.baseBytes, base?.bytes),
      baseCount: add(sum.baseCount, base?.count),
    });
  }
  return [...sums].map(([line, sum]) => ({ line, text: null, ...sum })).sort((a, b) => a.line - b.line);
}
