/** That nothing was found is an answer, and is said as one. */
import { formatBytes } from '../format-quantity.js';
import { sayChildren } from './nothing-grows.js';
import { MIB, type Finding, type FindingSource } from './finding.js';

/** Below it no finding is made of what holds most of the peak. */
const LEAST_TOLD_BYTES = 8 * MIB;

const GROWTH_WORDS = {
  told: 'nothing grows with the work',
  tooShort: 'too little was done to tell whether anything grows',
  aggregated: 'what grows an aggregated capture cannot tell',
} as const;

/** `tellsGrowth`: whether another finding says that nothing grows. */
export function tellNothing({ capture, growth }: FindingSource, tellsGrowth: boolean): Finding {
  const grows = tellsGrowth ? '' : `, ${GROWTH_WORDS[growth.silence ?? 'told']},`;
  const { children } = growth;
  const elsewhere = tellsGrowth || children.length === 0 ? '' : ` ${sayChildren(children)}.`;
  const alsoGrows = tellsGrowth ? '' : `, and ${GROWTH_WORDS[growth.silence ?? 'told']}`;
  return {
    rule: 'nothingStandsOut',
    severity: 'note',
    title: 'Nothing stands out',
    text:
      (capture.peakBytes < LEAST_TOLD_BYTES
        ? `The heap never held more than ${formatBytes(capture.peakBytes)}, too little for any part of it to ` +
          `matter${alsoGrows}.`
        : `Of the ${formatBytes(capture.peakBytes)} at the peak no line, import or library holds a large part` +
          `${grows} and RSS stays near the heap.`) + `${elsewhere} The tables below list what there is.`,
    evidence: { peakBytes: capture.peakBytes },
    bytes: 0,
    location: null,
    way: [],
    view: null,
  };
}
