/** A large part of the peak is files that were mapped, weights as a rule: page cache, which costs no heap. */
import { countNoun, formatBytes, formatShare } from '../format-quantity.js';
import { viewOf } from './finding-view.js';
import { lineFilter, nameLine } from './finding-place.js';
import { MIB, windowOf, type Finding, type FindingSource } from './finding.js';

const LEAST_SHARE = 0.2;
const LEAST_BYTES = 8 * MIB;
const MOST_PLACES = 3;

export function findMappedFiles({ parts, mapped }: FindingSource): Finding | null {
  if (parts === null || mapped === null) return null;
  const { bytes, count, places } = mapped.files;
  const { peak } = parts;
  if (bytes < Math.max(LEAST_BYTES, LEAST_SHARE * peak.bytes)) return null;
  const named = places.flatMap(({ place, bytes: some }) => (place === null ? [] : [{ place, some }]));
  const filter = named.map(({ place }) => lineFilter(place));
  return {
    rule: 'filesMapped',
    severity: 'note',
    title: `${formatBytes(bytes)} of the peak are mapped files, not heap`,
    text: [
      `${formatShare(bytes, peak.bytes)} of the ${formatBytes(peak.bytes)} that are live at the peak are ` +
        `${countNoun(count, 'mapping')} of files (weights that are mapped instead of ` +
        'read). They are page cache: resident only as far as pages were touched, shared between processes, and given ' +
        'back by the system when it needs them.',
      ...(named.length === 0
        ? []
        : [
            `Mapped at ${named
              .slice(0, MOST_PLACES)
              .map(({ place, some }) => `${nameLine(place)} (${formatBytes(some)})`)
              .join(', ')}.`,
          ]),
      `The rest of the peak is ${formatBytes(peak.bytes - bytes)}.`,
    ].join(' '),
    evidence: { mappedBytes: bytes, mappedCount: count, peakBytes: peak.bytes },
    bytes,
    location: named[0]?.place ?? null,
    way: named.slice(0, 1).map(({ place }) => place),
    view:
      filter.length === 0 || filter.length > MOST_PLACES
        ? null
        : viewOf('tree', {
            measure: 'peak',
            filter: `allocator:mmap ${filter.length === 1 ? filter[0]! : `(${filter.join(' or ')})`}`,
            window: windowOf(peak),
          }),
  };
}
