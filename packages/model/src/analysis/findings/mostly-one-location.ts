/** More than half of the peak lies below one call of the application. */
import { canAnswer } from '../../answers.js';
import type { DescribedWay } from '../../growth/growth.js';
import { countNoun, formatBytes, formatDuration, formatShare } from '../format-quantity.js';
import { MIB, type Finding, type FindingSource } from './finding.js';
import { describeSource } from './growth-source.js';
import { titleGrowth } from './growth-text.js';

const LEAST_PEAK_BYTES = 8 * MIB;
/** Where what grows, or grew, is so much of it, that is told instead. */
const TOLD_SHARE = 0.5;
/** What is mapped beside what is allocated is told from this share on. */
const LEAST_MAPPED = 0.1;
/** Of the peak: less is no other number than the peak's. */
const LEAST_RESERVED = 0.01;

export function findDominantLocation({ capture, peakWay, growth }: FindingSource): Finding | null {
  if (peakWay === null || peakWay.peakBytes < LEAST_PEAK_BYTES) return null;
  const { bytes, count, name, way, view, peakBytes, endMs, sites } = peakWay;
  const ofPeak = new Set(sites);
  const isTold = growth.growths.some((each) => {
    const shared = each.sites.filter((site) => ofPeak.has(site)).length > 0;
    return shared && each.bytes >= TOLD_SHARE * bytes;
  });
  if (isTold) return null;
  return {
    rule: 'mostlyOneLocation',
    severity: 'note',
    title: `${titleGrowth(peakWay)} holds most of the peak: ${formatBytes(bytes)}`,
    text: [
      `${formatShare(bytes, peakBytes)} of the ${formatBytes(peakBytes)} that are live at the peak` +
        (capture.peakBytes - peakBytes < LEAST_RESERVED * capture.peakBytes ? '' : ' without what is only reserved') +
        `${canAnswer(capture, 'lifetimes') ? `, after ${formatDuration(endMs)},` : ','} in ${countNoun(count, 'allocation')}.`,
      ...(growth.growths.some(({ verdict }) => verdict === 'grows') ? ['This part does not grow.'] : []),
      ...(name === null ? ['It was allocated by native threads, or before Python code ran.'] : []),
      ...sayMapped(peakWay),
      ...describeSource(peakWay),
    ].join(' '),
    evidence: { locationBytes: bytes, locationCount: count, peakBytes },
    bytes,
    location: name,
    way,
    view,
  };
}

/** What a library maps beside what the line allocates is mostly a buffer that it keeps, as BLAS does at its first product. */
function sayMapped({ bytes, mappedBytes, mappings }: DescribedWay): string[] {
  if (mappedBytes < LEAST_MAPPED * bytes || mappedBytes > (1 - LEAST_MAPPED) * bytes) return [];
  const [are, them] = mappings === 1 ? ['is', 'it'] : ['are', 'them'];
  return [
    `${formatBytes(mappedBytes)} of it ${are} ${countNoun(mappings, 'mapping')}: a library's own buffer or pool, of ` +
      `which it may use a part, and mostly keeps ${them}.`,
  ];
}
