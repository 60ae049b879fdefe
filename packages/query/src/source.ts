/**
 * A function → its lines with what each holds, and their text where whoever asks can look it up.
 */
import {
  findFunction,
  findRegion,
  type SourceAnswer,
  type SourceFile,
  type SourceLookup,
  type SourceMiss,
  type ViewQuery,
} from '@memscope/model';
import type { OpenRun } from './open-run.js';
import type { SourceQuestion } from './question.js';
import { callsOf } from './sandwich.js';

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
  const { name, file } = groups.functions[findFunction(target, groups)]!;
  const lines = weighLines(run, view, target);
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

/** Ascending by line, 0 = not known. A path counts once in a line, at its outermost call. */
function weighLines(run: OpenRun, view: ViewQuery, target: string): LineWeight[] {
  const { groups, stackTables } = run.select(view);
  const { canonical } = groups;
  const { paths, weights, calls } = callsOf(run, view, target);
  const { key, parent } = paths.table;
  const isOutermost = new Set(calls.outermost);
  // By call: the nearest one, itself or above it, that is the outermost of its line; and the next such above that one.
  const nearest = new Map<number, number>();
  const beyond = new Map<number, number>();
  const lines = new Map<number, { selfBytes: number; bytes: number }>();
  for (const row of calls.rows) {
    let above = 0;
    if (!isOutermost.has(row)) {
      for (let at = parent[row]!; at !== 0 && above === 0; at = parent[at]!) above = nearest.get(at) ?? 0;
    }
    const own = key[row]!;
    let same = above;
    while (same !== 0 && canonical[key[same]!] !== canonical[own]) same = beyond.get(same)!;
    nearest.set(row, same === 0 ? row : above);
    if (same === 0) beyond.set(row, above);
    if (weights.bytes[row] === 0 && weights.count[row] === 0) continue;
    const line = Math.max(0, stackTables.frames.line[own]!);
    let sum = lines.get(line);
    if (sum === undefined) lines.set(line, (sum = { selfBytes: 0, bytes: 0 }));
    sum.selfBytes += weights.selfBytes[row]!;
    if (same === 0) sum.bytes += weights.bytes[row]!;
  }
  return [...lines].map(([line, sums]) => ({ line, text: null, ...sums })).sort((a, b) => a.line - b.line);
}
