/**
 * Findings as they are shown: that nothing stands out and what is said of the heap's level are one answer, told as one.
 * Documents keep both, since the rule of each is asked for.
 */
import type { Finding } from './finding.js';
import { isOfLevel } from './nothing-grows.js';

export function joinNothing<Kind extends Pick<Finding, 'rule' | 'title' | 'text'>>(
  findings: readonly Kind[],
): readonly Kind[] {
  const nothing = findings.find(({ rule }) => rule === 'nothingStandsOut');
  const level = findings.find(isOfLevel);
  if (nothing === undefined || level === undefined) return findings;
  const title = `${level.title.charAt(0).toLowerCase()}${level.title.slice(1)}`;
  const joined = { ...level, title: `${nothing.title}; ${title}`, text: `${level.text} ${nothing.text}` };
  return findings.flatMap((each) => (each === nothing ? [joined] : each === level ? [] : [each]));
}
