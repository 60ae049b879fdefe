/** More than half of the peak lies below one call of the application. */
import { canAnswer } from '../../answers.js';
import { countNoun, formatBytes, formatDuration, formatShare } from '../format-quantity.js';
import { MIB, type Finding, type FindingSource } from './finding.js';
import { describeSource, nameGrowth } from './growth-text.js';

const LEAST_PEAK_BYTES = 8 * MIB;
/** Where what grows, or grew, is so much of it, that is told instead. */
const TOLD_SHARE = 0.5;

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
    title: `${nameGrowth(peakWay)} holds most of the peak: ${formatBytes(bytes)}`,
    text: [
      `${formatShare(bytes, peakBytes)} of the ${formatBytes(peakBytes)} that are live at the peak` +
        `${canAnswer(capture, 'lifetimes') ? `, after ${formatDuration(endMs)},` : ','} in ${countNoun(count, 'allocation')}.`,
      ...(name === null ? ['It was allocated by native threads, or before Python code ran.'] : []),
      ...describeSource(peakWay),
    ].join(' '),
    evidence: { locationBytes: bytes, locationCount: count, peakBytes },
    bytes,
    location: name,
    way,
    view,
  };
}
