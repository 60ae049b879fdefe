/**
 * At least half of all allocations were freed almost at once, and so many, or so large, that the time it costs is seen:
 * lost in the allocator and in clearing pages, not memory.
 */
import { MAIN_THREAD, nameWithThreads } from '../../view/thread-groups.js';
import { describeThreshold, formatCount, formatShare } from '../format-quantity.js';
import { viewOf } from './finding-view.js';
import { cutName, type FindingPlace } from './finding-place.js';
import { MIB, type Finding, type FindingSource } from './finding.js';
import { namePlace } from './growth-text.js';
import { spanOf } from './series.js';

const LEAST_SHARE = 0.5;
const LEAST_ALLOCATIONS = 10_000;
/** A second: about a hundredth of the time of one thread. */
const LEAST_RATE = 100_000;
const LEAST_BYTES_RATE = 512 * MIB;
/** A thread, or threads of one name, that make so many of them are told, unless it is the main one. */
const THREAD_SHARE = 0.8;

export function findTemporaryChurn({
  capture,
  notes,
  ticks,
  churn: findPlace,
  threads,
}: FindingSource): Finding | null {
  const { allocations, temporaryCount, temporaryBytes } = capture;
  if (allocations === null || temporaryCount === null || allocations < LEAST_ALLOCATIONS) return null;
  if (temporaryCount < allocations * LEAST_SHARE) return null;
  const seconds = spanOf(ticks) / 1000;
  if (temporaryCount < seconds * LEAST_RATE && (temporaryBytes ?? 0) < seconds * LEAST_BYTES_RATE) return null;
  const churn = findPlace();
  const place = churn?.place ?? null;
  const innermost = churn?.innermost ?? null;
  const sentences = [
    `${formatCount(temporaryCount)} of ${formatCount(allocations)} allocations ` +
      `(${formatShare(temporaryCount, allocations)}) were freed ${describeThreshold(notes.temporaryThreshold)}.`,
  ];
  if (churn !== null && place !== null) {
    const made = innermost === null ? '' : `, made in ${namePlace(innermost)}`;
    const part = churn.count > temporaryCount / 2 ? 'Most' : 'The largest part';
    sentences.push(
      `${part} come${part === 'Most' ? '' : 's'} from ${namePlace(place)}: ${formatCount(churn.count)}${made}.`,
    );
  }
  const busiest = threads.toSorted((a, b) => (b.temporaryCount ?? 0) - (a.temporaryCount ?? 0))[0];
  const inThread = busiest?.temporaryCount ?? 0;
  if (busiest !== undefined && busiest.name !== MAIN_THREAD && inThread >= THREAD_SHARE * temporaryCount) {
    const name = cutName(busiest.name);
    const by = busiest.threads > 1 ? nameWithThreads({ name, threads: busiest.threads }) : `thread ${name}`;
    sentences.push(`${formatShare(inThread, temporaryCount)} of them by ${by}.`);
  }
  sentences.push(`They cost time rather than memory${adviseOn(place, innermost)}.`);
  return {
    rule: 'temporaryChurn',
    severity: 'note',
    title: 'Most allocations are thrown away at once',
    text: sentences.join(' '),
    evidence: { temporaryCount, allocations, ...(temporaryBytes === null ? {} : { temporaryBytes }) },
    bytes: 0,
    location: place,
    way: place === null ? [] : innermost === null ? [place] : [place, innermost],
    view: viewOf('table', { measure: 'temporary' }),
  };
}

/**
 * Of a library's call below the line that makes them; a module that runs an event loop makes none more or less often. What
 * a line makes itself may be numbers, strings or buffers: no advice fits all.
 */
function adviseOn(place: FindingPlace | null, innermost: FindingPlace | null): string {
  if (place === null || innermost === null || place.functionName === '<module>') return '';
  return ': calling it less often, or for more at once, saves it';
}
