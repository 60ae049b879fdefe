/** All rules, in the order in which their findings are told: what bends the numbers first, then where to look. */
import { findReplacedAddresses } from './addresses-replaced.js';
import { findIncompleteCapture } from './capture-incomplete.js';
import { findMidRiseEnd } from './ends-in-mid-rise.js';
import type { Finding, FindingRule, FindingRuleName, FindingSource } from './finding.js';
import { findReservedMappings, findUntouchedAllocations } from './mappings-reserved.js';
import { findDominantLocation } from './mostly-one-location.js';
import { findRssGrowingAlone } from './rss-grows-alone.js';
import { findRssKeptAfterFree } from './rss-kept-after-free.js';
import { findSuddenRise } from './sudden-rise.js';
import { findTemporaryChurn } from './temporary-churn.js';

const RULES: readonly FindingRule[] = [
  findIncompleteCapture,
  findRssGrowingAlone,
  findMidRiseEnd,
  findRssKeptAfterFree,
  findReservedMappings,
  findUntouchedAllocations,
  findReplacedAddresses,
  findDominantLocation,
  findSuddenRise,
  findTemporaryChurn,
];

/** Findings of one rank keep the order of the rules; within it, those that explain more bytes come first. */
const FIRST: readonly FindingRuleName[] = ['captureIncomplete'];

export function findAll(source: FindingSource): Finding[] {
  const findings: Finding[] = [];
  for (const rule of RULES) {
    const finding = rule(source);
    if (finding !== null) findings.push(finding);
  }
  return rankFindings(findings);
}

/** What bends every number first, then by what each explains. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  const rank = ({ rule }: Finding): number => (FIRST.includes(rule) ? FIRST.indexOf(rule) : FIRST.length);
  return [...findings].sort((a, b) => rank(a) - rank(b) || b.bytes - a.bytes);
}
