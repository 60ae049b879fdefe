/** Memory without a Python frame, in a recording that has no native stacks that could say whose it is. */
import { canAnswer } from '../../answers.js';
import { countNoun, formatBytes, formatShare } from '../format-quantity.js';
import { NO_PYTHON_FRAME } from '../module-of-file.js';
import { viewOf } from './finding-view.js';
import { MIB, windowOf, type Finding, type FindingSource } from './finding.js';

const LEAST_SHARE = 0.2;
const LEAST_BYTES = 4 * MIB;

export function findMissingFrames({ capture, parts }: FindingSource): Finding | null {
  if (parts === null || canAnswer(capture, 'nativeStacks')) return null;
  const part = parts.parts.find(({ kind }) => kind === 'frameless');
  const { peak } = parts;
  if (part === undefined || part.bytes < Math.max(LEAST_BYTES, LEAST_SHARE * peak.bytes)) return null;
  return {
    rule: 'framesMissing',
    severity: 'note',
    title: `${formatBytes(part.bytes)} have no Python frame: record with --native`,
    text:
      `${formatShare(part.bytes, peak.bytes)} of the peak, ${countNoun(part.count, 'allocation')}, was asked for by ` +
      'threads of native libraries, or before Python code ran. This recording cannot say by whom; one with ' +
      'memray run --native can.',
    evidence: { framelessBytes: part.bytes, framelessCount: part.count, peakBytes: peak.bytes },
    bytes: part.bytes,
    location: null,
    way: [],
    view: viewOf('tree', { measure: 'peak', filter: `owner:"${NO_PYTHON_FRAME}"`, window: windowOf(peak) }),
  };
}
