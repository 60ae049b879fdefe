/** All rules, in the order in which their findings are told: what bends the numbers first, then where to look. */
import { findReplacedAddresses } from './addresses-replaced.js';
import { findIncompleteCapture } from './capture-incomplete.js';
import { findMappedFiles } from './files-mapped.js';
import type { Finding, FindingRule, FindingRuleName, FindingSource } from './finding.js';
import { findMissingFrames } from './frames-missing.js';
import { findGrowing, findLevelled } from './grows.js';
import { findHeldImports } from './imports-hold.js';
import { findHoldingLibrary } from './library-holds.js';
import { findReservedMappings, findUntouchedAllocations } from './mappings-reserved.js';
import { findDominantLocation } from './mostly-one-location.js';
import { findNothingGrowing, isOfLevel } from './nothing-grows.js';
import { tellNothing } from './nothing-stands-out.js';
import { findHiddenObjects } from './objects-hidden.js';
import { findOwnAllocators } from './own-allocator.js';
import { findRssAboveHeap } from './rss-above-heap.js';
import { findRssGrowingAlone } from './rss-grows-alone.js';
import { findRssKeptAfterFree } from './rss-kept-after-free.js';
import { findTemporaryChurn } from './temporary-churn.js';
import { findHoldingThread } from './thread-holds.js';

const RULES: readonly FindingRule[] = [
  findGrowing,
  findLevelled,
  findNothingGrowing,
  findIncompleteCapture,
  findRssGrowingAlone,
  findRssKeptAfterFree,
  findReservedMappings,
  findUntouchedAllocations,
  findReplacedAddresses,
  findDominantLocation,
  findMappedFiles,
  findHeldImports,
  findHoldingLibrary,
  findHiddenObjects,
  findMissingFrames,
  findHoldingThread,
  findOwnAllocators,
  findRssAboveHeap,
  findTemporaryChurn,
];

/** Findings of one rank keep the order of the rules; within it, those that explain more bytes come first. */
const FIRST: readonly FindingRuleName[] = ['grows', 'captureIncomplete'];

/** Findings that say nothing more where one of others is made. */
const TOLD_BY: Partial<Record<FindingRuleName, readonly FindingRuleName[]>> = {
  rssAboveHeap: ['rssGrowsAlone', 'rssKeptAfterFree'],
  // What a library's threads hold is the library's.
  threadHolds: ['libraryHolds'],
  // Of the heap that is true, but the process grows.
  nothingGrows: ['rssGrowsAlone'],
};

export function findAll(source: FindingSource): Finding[] {
  const findings: Finding[] = [];
  for (const rule of RULES) {
    const found = rule(source);
    if (found !== null) findings.push(...(Array.isArray(found) ? (found as readonly Finding[]) : [found as Finding]));
  }
  const known = new Set(findings.map(({ rule }) => rule));
  const told = findings.filter(({ rule }) => !(TOLD_BY[rule] ?? []).some((other) => known.has(other)));
  // Said first, or beside one that is no answer to what holds memory.
  const isTold =
    told.length > 1 ||
    told.some(({ rule }) => rule !== 'captureIncomplete' && rule !== 'nothingGrows' && rule !== 'growthOpen');
  return rankFindings(isTold ? told : [...told, tellNothing(source, told.some(isOfLevel))]);
}

/** A line that holds most says more than the thread or the library that it holds it in: these never come before it. */
const BEHIND_LINES: ReadonlySet<FindingRuleName> = new Set(['threadHolds', 'libraryHolds']);

/** What grows first, then what bends every number, then by what each explains; that nothing grows second, or first where nothing explains any bytes. */
export function rankFindings<Kind extends Finding>(findings: readonly Kind[]): Kind[] {
  const rank = ({ rule }: Finding): number => (FIRST.includes(rule) ? FIRST.indexOf(rule) : FIRST.length);
  const isBehind = ({ rule }: Finding): boolean => BEHIND_LINES.has(rule);
  const lineOf = ({ capturePath }: Finding): Finding | undefined =>
    findings.find(
      (each) => each.rule === 'mostlyOneLocation' && each.location !== null && each.capturePath === capturePath,
    );
  const weight = (finding: Finding): number =>
    isBehind(finding) ? Math.min(finding.bytes, lineOf(finding)?.bytes ?? Infinity) : finding.bytes;
  const ranked = findings
    .filter((each) => !isOfLevel(each))
    .sort((a, b) => rank(a) - rank(b) || weight(b) - weight(a) || Number(isBehind(a)) - Number(isBehind(b)));
  // What only costs time is told below what memory does.
  const first = ranked[0]?.rule === 'temporaryChurn' ? 0 : 1;
  return [...ranked.slice(0, first), ...findings.filter(isOfLevel), ...ranked.slice(first)];
}
