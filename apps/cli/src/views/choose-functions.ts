/**
 * The FUNCTION of a command line → the functions of a capture that it means, heaviest first; and for people, which these
 * are. One that means nothing is wrong usage, which names what is nearest.
 */
import * as vm from 'node:vm';
import {
  boundedPatternTester,
  formatBytes,
  formatCount,
  formatShare,
  framesOfFunctions,
  matchFunctions,
  NATIVE_FRAME,
  nearestNames,
  parsePattern,
  rankGroups,
  type CallTree,
  type Pattern,
  type Selection,
} from '@memscope/model';

import { printable } from '../terminal/printable.js';
import { shortenEnd } from '../terminal/display-width.js';
import { heading, type ReportStyle } from '../terminal/report-style.js';
import { layOutTable } from '../terminal/text-table.js';
import { UsageError } from '../usage-error.js';
import { describeFunction, labelFunction, type FunctionColumns } from './frame-label.js';
import { asUsage } from './selection-request.js';

/** Columns; heaviest first by inclusive bytes or counts. */
export interface ChosenFunctions {
  /** The pattern as given. */
  readonly text: string;
  /** Positions in `FrameGroups.functions`. */
  readonly functions: readonly number[];
  /** 1 for each frame row of theirs. */
  readonly frames: Uint8Array;
  /** The part of the call tree that goes through them. */
  readonly tree: CallTree;
  /** Self and inclusive, in the order of `functions`; 0 where nothing of the selection goes through them. */
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
export function chooseFunctions(
  selection: Selection,
  text: string,
  pattern: Pattern,
  by: 'bytes' | 'count',
): ChosenFunctions {
  const { groups, shown } = selection;
  const matched = asUsage(() => matchFunctions(groups, pattern, boundedPatternTester(vm)));
  if (matched.length === 0) throw new UsageError(noSuchFunction(selection, text, pattern));
  const frames = framesOfFunctions(groups, matched);
  const { kind } = selection.stackTables.frames;
  const native = frames.some((chosen, row) => chosen !== 0 && kind[row] === NATIVE_FRAME);
  if (shown !== null && frames.every((chosen, row) => chosen === 0 || shown[row] === 0)) {
    throw new UsageError(
      `${quote(text)}: frames of such functions are hidden; leave out --no-stdlib and --no-import-system` +
        (native ? ', or give --interpreter-frames' : ''),
    );
  }
  const tree = selection.treeThrough(frames);
  const ranking = rankGroups(tree, groups.functionOf, groups.functions.length);
  const rowOf = new Map<number, number>();
  for (let row = 0; row < ranking.length; row++) rowOf.set(ranking.group[row]!, row);
  const weight = (column: Float64Array, called: number): number => column[rowOf.get(called) ?? -1] ?? 0;
  const functions = matched.toSorted((a, b) => weight(ranking[by], b) - weight(ranking[by], a) || a - b);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(functions, (row) => weight(column, row));
  return {
    text,
    functions,
    frames,
    tree,
    selfBytes: pick(ranking.selfBytes),
    selfCount: pick(ranking.selfCount),
    bytes: pick(ranking.bytes),
    count: pick(ranking.count),
  };
}

/** The name of one, `"run" (3 functions)` of several. */
export function nameChosen({ functions, text }: ChosenFunctions, { groups }: Selection): string {
  if (functions.length > 1) return `${quote(text)} (${formatCount(functions.length)} functions)`;
  return shortenEnd(labelFunction(groups.functions[functions[0]!]!, groups).name, NAME_WIDTH);
}

/** Where the function is; empty for several. */
export function placeChosen({ functions }: ChosenFunctions, { groups }: Selection): string {
  return functions.length > 1 ? '' : labelFunction(groups.functions[functions[0]!]!, groups).place;
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
    const { name, place } = labelFunction(groups.functions[called]!, groups);
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
export function documentChosen(chosen: ChosenFunctions, selection: Selection): (FunctionColumns & ChosenNumbers)[] {
  return chosen.functions.map((called, row) => ({
    ...describeFunction(called, selection),
    selfBytes: chosen.selfBytes[row]!,
    selfCount: chosen.selfCount[row]!,
    bytes: chosen.bytes[row]!,
    count: chosen.count[row]!,
  }));
}

export interface ChosenNumbers {
  readonly selfBytes: number;
  readonly selfCount: number;
  readonly bytes: number;
  readonly count: number;
}

const NAME_WIDTH = 40;
const NEAREST = 5;

function noSuchFunction({ groups }: Selection, text: string, pattern: Pattern): string {
  const sentence = `no function of the capture matches ${quote(text)}`;
  if (pattern.kind !== 'plain') return sentence;
  const nearest = nearestNames(groups, pattern.text, NEAREST);
  if (nearest.length === 0) return `${sentence}; memscope table lists them`;
  return `${sentence}; did you mean ${nearest.map(printable).join(', ')}?`;
}

function quote(text: string): string {
  return `"${printable(shortenEnd(text, NAME_WIDTH))}"`;
}
