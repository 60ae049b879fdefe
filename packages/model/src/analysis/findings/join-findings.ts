/**
 * Findings of several runs → one list. What one rule says of one place in several runs is told once, in the words of the
 * run in which it explains most, with how many of them it is.
 */
import { portableFile } from '../../owners/portable-file.js';
import { formatBytes, formatCount } from '../format-quantity.js';
import { rankFindings } from './find-all.js';
import type { Finding } from './finding.js';

export interface FindingsOfRun<Kind extends Finding> {
  /** What the run is called. */
  readonly run: string;
  /** Its capture, for a command that shows more. */
  readonly path: string;
  readonly findings: readonly Kind[];
}

interface RunFinding<Kind extends Finding> {
  readonly run: string;
  readonly path: string;
  readonly finding: Kind;
}

/** Those of one run stay as they are. */
export function joinFindings<Kind extends Finding>(runs: readonly FindingsOfRun<Kind>[]): readonly Kind[] {
  if (runs.length < 2) return runs[0]?.findings ?? [];
  const alike = new Map<string, RunFinding<Kind>[]>();
  for (const { run, path, findings } of runs) {
    for (const finding of findings) {
      const key = placeOf(finding);
      alike.set(key, [...(alike.get(key) ?? []), { run, path, finding }]);
    }
  }
  const told = [...alike.values()].map((each) => tellOnce(each, runs.length));
  const something = told.filter(({ rule }) => rule !== 'nothingStandsOut');
  return rankFindings(something.length > 0 ? something : told);
}

function placeOf({ rule, location }: Finding): string {
  if (location === null) return rule;
  const { functionName, file, line } = location;
  return [rule, functionName ?? '', file === null ? '' : portableFile(file), line].join('\n');
}

function tellOnce<Kind extends Finding>(alike: readonly RunFinding<Kind>[], runs: number): Kind {
  const most = alike.reduce((a, b) => (b.finding.bytes > a.finding.bytes ? b : a));
  const { finding } = most;
  const bytes = alike.reduce((sum, each) => sum + each.finding.bytes, 0);
  const together = bytes > finding.bytes ? `, together ${formatBytes(bytes)}` : '';
  const others = alike.length === 1 ? '' : ` and ${formatCount(alike.length - 1)} more`;
  const whose = alike.length === 1 ? '' : ` (in ${most.run})`;
  const some = `${formatCount(alike.length)} of ${formatCount(runs)} runs`;
  const all = runs === 2 ? 'Both runs' : `All ${formatCount(runs)} runs`;
  const where =
    alike.length === 1
      ? `Only this one of the ${formatCount(runs)} runs has it.`
      : `${alike.length === runs ? all : some} have it${together}; these are the numbers of ${most.run}.`;
  return {
    ...finding,
    // It is of none of them.
    title: finding.rule === 'nothingStandsOut' ? finding.title : `${most.run}${others}: ${finding.title}${whose}`,
    text: `${finding.text} ${where}`,
    bytes,
    capturePath: most.path,
  };
}
