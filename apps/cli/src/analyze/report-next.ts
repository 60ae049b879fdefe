/**
 * What to run next: the command of the first finding, which prints its number, and that of another one that grows or
 * grew; the views that most questions lead to where no finding has one.
 */
import {
  canAnswer,
  commandOf,
  formatCount,
  formatFilter,
  quotePath,
  viewOf,
  type Analysis,
  type AnalysisScope,
  type Finding,
} from '@memscope/model';

import { processesOfRun } from '../reading/find-processes.js';
import { heading, type ReportStyle } from '../terminal/report-style.js';
import { breakCommand, shortestPath } from './shown-command.js';

const MOST = 2;

/** `most` commands. */
export function suggestNext(analysis: Analysis, style: ReportStyle, most = MOST): string[] {
  const { capture, together } = analysis;
  const paths = together === null ? [capture.path] : together.runs.map((run) => run.capture.path);
  if (paths.includes('-')) return [];
  const ofFindings = commandsOfFindings(analysis);
  const ofAll = commandsOfAll(analysis, paths.map(shortestPath));
  // What a finding of one of several runs shows is not of their sum.
  const all = together === null ? ofFindings : [...ofFindings.slice(0, 1), ...ofAll];
  const commands = (ofFindings.length > 0 ? all : ofAll)
    .map((command) => breakCommand(command, style.width))
    .filter((lines) => lines !== null);
  const { palette } = style;
  return [
    heading('Next', 'analyze -v has all sections; --help says more', style),
    ...(together === null ? offerFamily(capture.path, style) : []),
    ...commands.slice(0, most).flatMap((lines) => lines.map((line) => palette.number(line))),
  ];
}

/** Nothing where the first finding has none: what another one shows is no answer to it. */
function commandsOfFindings({ findings, capture }: Analysis): string[] {
  const commandFor = ({ view, capturePath }: Finding): string[] =>
    view === null ? [] : [commandOf(view, [shortestPath(capturePath ?? capture.path)])];
  const [first, ...others] = findings.filter(({ rule }) => rule !== 'captureIncomplete');
  const ofFirst = first === undefined ? [] : commandFor(first);
  if (ofFirst.length === 0) return [];
  const growing = others.filter(({ rule }) => rule === 'grows' || rule === 'levelled');
  return [...new Set([...ofFirst, ...growing.flatMap(commandFor)])];
}

function commandsOfAll({ capture, scope, together }: Analysis, paths: readonly string[]): string[] {
  const part = scope === null ? {} : partOf(scope);
  // What several held together when their sum was highest, rather than what each held at its own peak.
  const ofPeak = together !== null && together.held !== null && scope === null ? { window: 'peak' } : part;
  // Where no lifetimes are known there is nothing to judge, but sums of what is left.
  const runs = together === null ? [capture] : together.runs.map((run) => run.capture);
  const isJudged = runs.every((each) => canAnswer(each, 'lifetimes'));
  const left = isJudged ? viewOf('leaks', part) : viewOf('table', { ...part, measure: 'leaked' });
  return [viewOf('tree', ofPeak), left].map((view) => commandOf(view, paths));
}

/** All processes of the run as one, where the capture is one of several. */
function offerFamily(path: string, { palette, width }: ReportStyle): string[] {
  const family = processesOfRun(path);
  if (family.length === 1) return [];
  const parent = quotePath(shortestPath(family[0]!));
  const lines = breakCommand(`memscope analyze ${parent} ${parent}.[0-9]* --together`, width);
  if (lines === null) return [];
  return [`  ${formatCount(family.length)} processes of one run:`, ...lines.map((line) => palette.number(line))];
}

/** The window and the filter that the analysis has, so that what is shown next is of the same. */
function partOf({ window, filter }: AnalysisScope): { readonly window: string | null; readonly filter: string | null } {
  const steps = window === null ? [] : [...new Set([window.fromTick, window.toTick])];
  return {
    window: window === null ? null : steps.map((tick) => `#${tick}`).join('..'),
    filter: filter === null ? null : formatFilter(filter),
  };
}
