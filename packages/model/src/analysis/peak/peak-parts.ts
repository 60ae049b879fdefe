/**
 * What was live when the heap was highest → parts, by the line of the application that led to it: everything that was
 * imported by the line that imports, whatever lies below it; the rest by the innermost line of the application, but
 * pymalloc's arenas, which say of no line that it made them; what has no Python frame. A program without a line of its
 * own (a package that is run) is told by the package that it enters first.
 */
import { canAnswer } from '../../answers.js';
import type { Profile, StackTables } from '../../profile.js';
import { siteStacksOf } from '../../join/site-stacks.js';
import { siteOwnersOf } from '../../view/site-owners.js';
import { ARENA, NO_ARENA } from '../arenas.js';
import { lineFilter, type FindingPlace } from '../findings/finding-place.js';
import { viewOf, type FindingView } from '../findings/finding-view.js';
import { viewBytesOf } from '../findings/view-bytes.js';
import { findFileSites } from './file-sites.js';
import { findLeadingLines, sumPlaces, type LeadingLines, type PlaceBytes } from './leading-lines.js';
import { findUsedPeak, type UsedPeak } from './used-peak.js';

const KINDS = ['line', 'import', 'objects', 'frameless'] as const;

export interface PeakPart {
  readonly kind: (typeof KINDS)[number];
  /** Of a line or an import; null where no line of Python leads there. */
  readonly place: FindingPlace | null;
  /** What is imported: "pandas"; of several the heaviest. Null for what is no import, or has no name. */
  readonly imported: string | null;
  readonly bytes: number;
  readonly count: number;
  /** Of the bytes, in pymalloc's arenas, and how many those are. */
  readonly arenaBytes: number;
  readonly arenas: number;
  /** The line that asked for most of it, where that is another: of a library. */
  readonly innermost: FindingPlace | null;
}

export interface PeakParts {
  readonly peak: UsedPeak;
  /** By site: 1 where it maps files. */
  readonly fileSites: Uint8Array;
  /** Heaviest first; they add up to the peak, but for frees that were not recorded. */
  readonly parts: readonly PeakPart[];
  /** What leads to the reservations at the capture's own peak, heaviest first. */
  readonly reservedPlaces: readonly PlaceBytes[];
  /** Shows the peak without reservations, or else what they are, to the byte; null where no view does, or there are none. */
  readonly reservedView: FindingView | null;
}

export function findPeakParts(profile: Profile): PeakParts {
  const fileSites = findFileSites(profile);
  const peak = findUsedPeak(profile);
  const tables = profile.stackTables();
  const sites = profile.siteKeys();
  const { arenas } = siteOwnersOf(siteStacksOf(profile), profile.owners(), [])();
  // Not kept: what follows it in an analysis asks of few stacks, if any.
  const lines = findLeadingLines(tables);
  const parts = new Map<number, PartSum>();
  for (let site = 0; site < sites.length; site++) {
    const bytes = peak.weights.bytes[site]!;
    if (bytes <= 0) continue;
    const count = peak.weights.count[site]!;
    const stack = sites.pythonStack[site]!;
    const isOfArena = arenas !== null && arenas[site] !== NO_ARENA;
    const leading = lines.leadingOf(stack);
    const entered = lines.enteredOf(stack);
    const kind = stack === 0 ? 'frameless' : entered !== 0 && leading !== 0 ? 'import' : isOfArena ? 'objects' : 'line';
    const own = kind === 'frameless' || kind === 'objects' ? 0 : leading || stack;
    const key = KINDS.length * (own === 0 ? 0 : 1 + lines.lineOf(own)) + KINDS.indexOf(kind);
    let part = parts.get(key);
    if (part === undefined) parts.set(key, (part = new PartSum(kind, own)));
    part.add(bytes, count, isOfArena ? (arenas[site] === ARENA ? count : 0) : -1);
    part.imported.add(kind === 'import' ? (lines.importedBy(stack) ?? '') : '', bytes);
    part.innermost.add(stack, bytes);
  }
  const at = 2 * (profile.capture.peakTick ?? 0);
  const reserved = peak.reservations.filter(({ born, died }) => born <= at && died > at);
  const reservedPlaces = sumPlaces(
    reserved.map(({ site, bytes }) => ({ stack: sites.pythonStack[site]!, bytes })),
    tables,
    lines,
  );
  return {
    peak,
    fileSites,
    reservedPlaces,
    reservedView: findReservedView(profile, peak, reservedPlaces),
    parts: [...parts.values()].map((part) => describePart(part, lines, tables)).sort((a, b) => b.bytes - a.bytes),
  };
}

const MOST_RESERVED_LINES = 4;

function findReservedView(profile: Profile, peak: UsedPeak, places: readonly PlaceBytes[]): FindingView | null {
  if (peak.reservedAtPeak === 0) return null;
  const viewBytes = viewBytesOf(profile);
  const inTime = canAnswer(profile.capture, 'lifetimes');
  const view = viewOf('tree', { measure: 'peak', window: inTime ? `#${peak.tick}` : null });
  if (viewBytes.of(view) === peak.bytes) return view;
  const lines = places.flatMap(({ place }) => (place === null || place.file === null ? [] : [lineFilter(place)]));
  if (lines.length === 0 || lines.length < places.length || lines.length > MOST_RESERVED_LINES) return null;
  const mapped = lines.map((line) => `-(${line} allocator:mmap)`).join(' ');
  for (const filter of [lines.map((line) => `-${line}`).join(' '), mapped]) {
    if (viewBytes.of({ ...view, filter }) === peak.bytes) return { ...view, filter };
  }
  const reserved = { ...view, window: inTime ? 'peak' : null, filter: `allocator:mmap (${lines.join(' or ')})` };
  return viewBytes.of(reserved) === peak.reservedAtPeak ? reserved : null;
}

function describePart(part: PartSum, lines: LeadingLines, tables: StackTables): PeakPart {
  const { kind, stack, bytes, count, arenaBytes, arenas } = part;
  const place = stack === 0 ? null : lines.placeOf(stack);
  const innermost = part.innermost.heaviest();
  const isOther =
    innermost !== undefined && innermost !== 0 && tables.stacks.frame[innermost] !== tables.stacks.frame[stack];
  return {
    kind,
    place,
    imported: kind === 'import' ? part.imported.heaviest() || null : null,
    bytes,
    count,
    arenaBytes,
    arenas,
    innermost: place !== null && isOther ? lines.placeOf(innermost) : null,
  };
}

/** What is added up of a part, `stack` being the row whose frame names it. */
class PartSum {
  readonly kind: PeakPart['kind'];
  readonly stack: number;
  readonly imported = new Weighed<string>();
  readonly innermost = new Weighed<number>();
  bytes = 0;
  count = 0;
  arenaBytes = 0;
  arenas = 0;

  constructor(kind: PeakPart['kind'], stack: number) {
    this.kind = kind;
    this.stack = stack;
  }

  /** `arenas` below 0: the site is none. */
  add(bytes: number, count: number, arenas: number): void {
    this.bytes += bytes;
    this.count += count;
    if (arenas < 0) return;
    this.arenaBytes += bytes;
    this.arenas += arenas;
  }
}

class Weighed<Key> {
  readonly #bytes = new Map<Key, number>();

  add(key: Key, bytes: number): void {
    this.#bytes.set(key, (this.#bytes.get(key) ?? 0) + bytes);
  }

  heaviest(): Key | undefined {
    let best: Key | undefined;
    let most = -1;
    for (const [key, bytes] of this.#bytes) if (bytes > most) [best, most] = [key, bytes];
    return best;
  }
}
