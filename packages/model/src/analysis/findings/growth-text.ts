/** What grows, in words: names of places, how much a round or a second; where it comes from stands in growth-source.ts. */
import type { DescribedWay, GrowthContainer, GrowthPlace } from '../../growth/growth.js';
import { countNoun, formatBytes, formatCount, formatDuration } from '../format-quantity.js';
import { moduleOfFile } from '../module-of-file.js';
import { cutName, functionFilter, lineFilter } from './finding-place.js';
import { viewOf, type FindingView } from './finding-view.js';

/** What to do where arenas hide objects. */
export const TRACE_FLAG = '--trace-python-allocators';
export const TRACE_OBJECTS = `record with ${TRACE_FLAG}`;

export function isOfArenas({ arenaBytes, bytes }: DescribedWay): boolean {
  return arenaBytes >= bytes / 2;
}

/** "handle (service/app.py:12)", by its heaviest line; one that is chance is left out. Of a module who starts the tasks that it runs, or what it runs each round, too. */
export function nameGrowth(growth: DescribedWay): string {
  const { name, owners, bytes, container } = growth;
  if (name === null) {
    const owner = owners[0];
    const whose = owner !== undefined && owner.bytes >= bytes / 2 ? ` (${cutName(owner.library)})` : '';
    return `memory without a Python frame${whose}`;
  }
  const [call] = growth.calls.length === 1 ? growth.calls : [];
  const named = namePlace(growth.isLineSampled && name.functionName !== '<module>' ? { ...name, line: 0 } : name);
  const starters = name.functionName === '<module>' && container?.holdsTasks === true ? container.callers : [];
  const starter = starters.find(({ file }) => moduleOfFile(file).kind === 'application');
  if (starter !== undefined) return `${named}, by tasks of ${namePlace(starter)},`;
  return call === undefined ? named : `${named}, which runs ${namePlace(call)},`;
}

export function namePlace(place: GrowthPlace): string {
  const file = fileOf(place);
  const name = cutName(place.functionName ?? '?');
  if (file === '') return name;
  return `${name} (${file}${place.line > 0 ? `:${place.line}` : ''})`;
}

/** A line with less of what the function holds is none of several. */
const LEAST_LINE_SHARE = 0.01;

/** The same for a title, which says that there are more lines: "handle (service/app.py:12 and 2 more lines)". */
export function titleGrowth(growth: DescribedWay): string {
  const { name, lines, isLineSampled } = growth;
  const named = nameGrowth(growth);
  if (name === null || name.line <= 0 || isLineSampled || isOfArenas(growth)) return named;
  const whole = lines.reduce((sum, { bytes }) => sum + bytes, 0);
  const more = lines.filter(({ line, bytes }) => line !== name.line && bytes >= LEAST_LINE_SHARE * whole).length;
  if (more === 0) return named;
  const place = namePlace(name);
  const several = `${place.slice(0, -1)} and ${countNoun(more, 'more line')})`;
  return named.startsWith(place) ? several + named.slice(place.length) : named;
}

/** A library's file from its package on, the application's with the folder that it is in. */
export function fileOf({ file }: GrowthPlace): string {
  if (file === null) return '';
  const { kind, shortFile } = moduleOfFile(file);
  return cutName(kind === 'application' ? shortFile.split(/[\\/]/).slice(-2).join('/') : shortFile);
}

/**
 * "1.70 MiB in each of 60 rounds", "11.7 KiB for each of 1,500 blocks" (how many of them one call makes no count tells),
 * "in 1,505 allocations of 11.7 KiB on average", "in a block that is replaced by a larger one"; of arenas with their
 * error, which is one more or less.
 */
export function describeAmount(way: DescribedWay): string | null {
  const { bytes, rounds, times, count, isReplaced, arenas, arenaBytes } = way;
  if (isReplaced && !isOfArenas(way)) {
    const each = rounds === null ? '' : `, ${formatBytes(bytes / rounds)} in each of ${countNoun(rounds, 'round')}`;
    return `in a block that is replaced by a larger one again and again, as what is only ever added to${each}`;
  }
  if (rounds !== null) {
    const isSampled = isOfArenas(way);
    const each = `${isSampled ? 'about ' : ''}${formatBytes(bytes / rounds)}`;
    const error = isSampled ? `, give or take ${formatBytes(arenaBytes / Math.max(1, arenas) / rounds)},` : '';
    return `${each}${error} in each of ${countNoun(rounds, 'round')}`;
  }
  if (isOfArenas(way)) return describeEntries(way);
  if (times !== null) return `${formatBytes(bytes / times)} for each of ${countNoun(times, 'block')}`;
  const mean = count < 2 ? '' : ` of ${formatBytes(bytes / count)} on average`;
  return `in ${countNoun(count, 'allocation')}${mean}`;
}

/** "About 3.57 KiB, give or take 300 B, for each of about 8,900 entries of a list". */
function describeEntries({ bytes, arenas, container }: DescribedWay): string | null {
  const entries = container?.entries ?? null;
  if (entries === null) return null;
  const each = bytes / entries.count;
  const error = each * (entries.error / entries.count + 1 / Math.max(1, arenas));
  return (
    `about ${formatBytes(each)}, give or take ${formatBytes(error)}, for each of about ` +
    `${describeEntryCount(entries)} entries of a list`
  );
}

/** "4,000": to the power of ten that the error leaves. */
export function describeEntryCount({ count, error }: NonNullable<GrowthContainer['entries']>): string {
  return formatCount(roundTo(count, error));
}

function roundTo(count: number, error: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, error))));
  return Math.round(count / power) * power;
}

/** Where no view shows its number: all of its function, or of its line, now or at the peak; `isLeft`: of what is live at the end. */
export function viewOfPlace({ name, lines, isLineSampled }: DescribedWay, isLeft: boolean): FindingView {
  const isLine = !isLineSampled && lines.length < 2 && name !== null && name.file !== null && name.line > 0;
  const filter = name === null ? null : isLine ? lineFilter(name) : functionFilter(name);
  return isLeft ? viewOf('leaks', { filter, exact: false }) : viewOf('tree', { measure: 'peak', filter, exact: false });
}

export function describeRate({ bytes, startMs, lastMs }: DescribedWay): string {
  return `${formatBytes((bytes / Math.max(1, lastMs - startMs)) * 1000)} a second`;
}

export function describeTime({ startMs, lastMs }: DescribedWay): string {
  return `from ${formatDuration(startMs)} to ${formatDuration(lastMs)}`;
}
