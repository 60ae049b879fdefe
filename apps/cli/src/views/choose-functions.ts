/**
 * The FUNCTION of a command line → the functions of a capture that it means, heaviest first; and for people, which these
 * are. One that means nothing is wrong usage, which names what is nearest.
 */
import {
  formatBytes,
  formatCount,
  formatShare,
  framesOfFunctions,
  matchFunctions,
  NATIVE_FRAME,
  nearestNames,
  parsePattern,
  type CallersDocument,
  type FunctionKey,
  type Pattern,
  type Selection,
  type ViewQuery,
} from '@memscope/model';
import { printable } from '@memscope/model/text/printable';
import { findCalled, findCompared, type CalledFunctions, type ComparedFunctions, type OpenRun } from '@memscope/query';

import { shortenEnd } from '../terminal/display-width.js';
import { heading, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable } from '../terminal/text-table.js';
import { UsageError } from '../exit-code.js';
import { wordAmount } from './describe-selection.js';
import { describeFunction, printFunction } from './frame-label.js';
import { asUsage } from './selection-request.js';

/** Columns; heaviest first by inclusive bytes or counts, of both sides where there is a base. */
export interface ChosenFunctions extends FunctionWeights {
  /** The pattern as given. */
  readonly text: string;
  readonly functions: readonly FunctionKey[];
  /** All of them taken as one. */
  readonly called: CalledFunctions;
  /** With a base, of which `called` is the sum of both sides: each of them. Null without. */
  readonly compared: ComparedFunctions | null;
  /** With a base what each function holds in it; null without. */
  readonly base: FunctionWeights | null;
}

/** Self and inclusive, in the order of `functions`; 0 where nothing of the selection goes through them. */
interface FunctionWeights {
  readonly selfBytes: Float64Array;
  readonly selfCount: Float64Array;
  readonly bytes: Float64Array;
  readonly count: Float64Array;
}

/** Throws `UsageError`. */
export function readFunction(text: string): Pattern {
  return asUsage(() => parsePattern(text));
}

/** Throws `UsageError` where no function matches, or all that do are hidden. */
export function chooseFunctions(run: OpenRun, view: ViewQuery, text: string, pattern: Pattern): ChosenFunctions {
  const selection = asUsage(() => run.select(view));
  const { groups, shown } = selection;
  const matched = asUsage(() => matchFunctions(groups, pattern, run.host.testPattern));
  if (matched.length === 0) throw new UsageError(noSuchFunction(selection, text, pattern));
  const frames = framesOfFunctions(groups, matched);
  const { kind } = selection.stackTables.frames;
  const native = frames.some((chosen, row) => chosen !== 0 && kind[row] === NATIVE_FRAME);
  if (shown !== null && frames.every((chosen, row) => chosen === 0 || shown[row] === 0)) {
    throw new UsageError(
      `${quote(text)}: frames of such functions are hidden; give --frames all` +
        (native ? ', or --interpreter-frames' : ''),
    );
  }
  const wanted = new Uint8Array(groups.functions.length);
  for (const called of matched) wanted[called] = 1;
  const ranking = run.rankSome(view, 'function', wanted);
  const weight = view.counts ? ranking.count : ranking.bytes;
  const functions = matched.toSorted((a, b) => weight[b]! - weight[a]! || a - b);
  const own = run.set.base.length === 0 ? ranking : run.rankSome(view, 'function', wanted, 'head');
  const pick = (column: Float64Array): Float64Array => Float64Array.from(functions, (row) => column[row]!);
  const isCompared = run.set.base.length > 0;
  const rest = (column: Float64Array, part: Float64Array): Float64Array =>
    Float64Array.from(functions, (row) => column[row]! - part[row]!);
  return {
    text,
    functions,
    called: findCalled(run, view, frames, JSON.stringify(text)),
    compared: run.set.base.length === 0 ? null : findCompared(run, view, frames, JSON.stringify(text)),
    selfBytes: pick(own.selfBytes),
    selfCount: pick(own.selfCount),
    bytes: pick(own.bytes),
    count: pick(own.count),
    base: isCompared
      ? {
          selfBytes: rest(ranking.selfBytes, own.selfBytes),
          selfCount: rest(ranking.selfCount, own.selfCount),
          bytes: rest(ranking.bytes, own.bytes),
          count: rest(ranking.count, own.count),
        }
      : null,
  };
}

/** The name of one, `"run" (3 functions)` of several. */
export function nameChosen({ functions, text }: ChosenFunctions, { groups }: Selection): string {
  if (functions.length > 1) return `${quote(text)} (${formatCount(functions.length)} functions)`;
  return shortenEnd(printFunction(functions[0]!, groups).name, NAME_WIDTH);
}

/** Where the function is; empty for several. */
export function placeChosen({ functions }: ChosenFunctions, { groups }: Selection): string {
  return functions.length > 1 ? '' : printFunction(functions[0]!, groups).place;
}

/** One line a function, no more than `most`. */
export function listChosen(
  chosen: ChosenFunctions,
  { groups, bytes, count }: Selection,
  counts: boolean,
  most: number,
  style: ReportStyle,
): string[] {
  const weight = counts ? chosen.count : chosen.bytes;
  const weighty = chosen.functions.filter((_, row) => weight[row]! > 0);
  const listed = weighty.slice(0, most);
  const rows = listed.map((called, row) => {
    const { name, place } = printFunction(called, groups);
    return counts
      ? [formatCount(chosen.count[row]!), formatShare(chosen.count[row]!, count), name, place]
      : [formatBytes(chosen.bytes[row]!), formatShare(chosen.bytes[row]!, bytes), name, place];
  });
  const idle = chosen.functions.length - weighty.length;
  const remarks = [
    ...(listed.length < weighty.length ? [`the ${listed.length} heaviest`] : []),
    ...(idle > 0 ? [`${formatCount(idle)} hold nothing of it`] : []),
  ];
  return [
    heading(`The ${formatCount(chosen.functions.length)} functions`, remarks.join(', '), style),
    ...layOutTable(
      [
        { title: counts ? 'Count' : 'Bytes', align: 'right', paint: style.palette.number },
        { title: 'Share', align: 'right' },
        { title: 'Function', shorten: 'end', least: 16 },
        { title: 'File', shorten: 'middle', least: 12, paint: style.palette.faint },
      ],
      rows,
      { width: style.width, titlePaint: style.palette.faint },
    ),
  ];
}

/** For programs. */
export function documentChosen(chosen: ChosenFunctions, selection: Selection): CallersDocument['functions'] {
  return chosen.functions.map((called, row) => ({
    ...describeFunction(called, selection),
    selfBytes: chosen.selfBytes[row]!,
    selfCount: chosen.selfCount[row]!,
    bytes: chosen.bytes[row]!,
    count: chosen.count[row]!,
    ...(chosen.base === null ? {} : baseColumns(chosen.base, row)),
  }));
}

function baseColumns({ selfBytes, selfCount, bytes, count }: FunctionWeights, row: number) {
  return {
    baseBytes: bytes[row]!,
    baseCount: count[row]!,
    baseSelfBytes: selfBytes[row]!,
    baseSelfCount: selfCount[row]!,
  };
}

/**
 * What functions hold of a selection, by themselves or with all that they called: a line below their name. Several stand
 * below each other, numbers aligned.
 */
export function totalLine(title: string, bytes: number, count: number, selection: Selection, counts: boolean): string {
  const share = counts ? formatShare(count, selection.count) : formatShare(bytes, selection.bytes);
  return `  ${title.padEnd(9)}  ${wordAmount(selection.measure, bytes, count)} (${share})`;
}

const NAME_WIDTH = 40;
const NEAREST = 5;

function noSuchFunction({ groups }: Selection, text: string, pattern: Pattern): string {
  const sentence = `no function of the capture matches ${quote(text)}`;
  if (pattern.kind !== 'plain') return sentence;
  const nearest = nearestNames(
    pattern.text,
    groups.functions.flatMap(({ name }) => (name === null ? [] : [name])),
    NEAREST,
  );
  if (nearest.length === 0) return `${sentence}; memscope table lists them`;
  return `${sentence}; did you mean ${nearest.map(printable).join(', ')}?`;
}

function quote(text: string): string {
  return `"${printable(shortenEnd(text, NAME_WIDTH))}"`;
}
