/** All rules, in the order in which their findings are told: what bends the numbers first, then where to look. */
import { findReplacedAddresses } from './addresses-replaced.js';
import { findIncompleteCapture } from './capture-incomplete.js';
import type { Finding, FindingRule, FindingRuleName, FindingSource } from './finding.js';
import { findGrowing, findLevelled } from './grows.js';
import { findReservedMappings, findUntouchedAllocations } from './mappings-reserved.js';
import { findDominantLocation } from './mostly-one-location.js';
import { findRssGrowingAlone } from './rss-grows-alone.js';
import { findRssKeptAfterFree } from './rss-kept-after-free.js';
import { findTemporaryChurn } from './temporary-churn.js';

const RULES: readonly FindingRule[] = [
  findGrowing,
  findLevelled,
  findIncompleteCapture,
  findRssGrowingAlone,
  findRssKeptAfterFree,
  findReservedMappings,
  findUntouchedAllocations,
  findReplacedAddresses,
  findDominantLocation,
  findTemporaryChurn,
];

/** Findings of one rank keep the order of the rules; within it, those that explain more bytes come first. */
const FIRST: readonly FindingRuleName[] = ['grows', 'captureIncomplete'];

export function findAll(source: FindingSource): Finding[] {
  const findings: Finding[] = [];
  for (const rule of RULES) {
    const found = rule(source);
    if (found !== null) findings.push(...(Array.isArray(found) ? (found as readonly Finding[]) : [found as Finding]));
  }
  return rankFindings(findings);
}

/** What grows first, then what bends every number, then by what each explains. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  const rank = ({ rule }: Finding): number => (FIRST.includes(rule) ? FIRST.indexOf(rule) : FIRST.length);
  return [...findings].sort((a, b) => rank(a) - rank(b) || b.bytes - a.bytes);
}
