/**
 * Sites → whose memory it is: pymalloc's arenas belong to Python's objects, everything else to the library that asked
 * for it, found from the joined stack (stack-owners.ts).
 */
import type { SiteKeys } from '../../profile.js';
import { findArenas, NO_ARENA, PYTHON_OBJECTS, type ArenaSubject } from '../arenas.js';
import type { Attribution, LibraryRule } from './library-rule.js';
import { attributeFrames, findOwners, type FrameLibraries } from './stack-owners.js';

export interface SiteOwners {
  readonly libraries: FrameLibraries;
  /** By stack: the row whose frame owns its memory, as `findOwners` gives it. */
  readonly ownerOfStack: Uint32Array;
  /** Those of `libraries`, and behind them the one of arenas. */
  readonly attributions: readonly Attribution[];
  /** By site: position in `attributions`, -1 = nothing is on the stack. */
  readonly ofSite: Int32Array;
  /** As `findArenas` gives it. */
  readonly arenas: Uint8Array | null;
}

const OBJECTS: Attribution = { category: 'pythonObjects', library: PYTHON_OBJECTS };

export interface OwnedSubject extends ArenaSubject {
  readonly sites: ArenaSubject['sites'] & Pick<SiteKeys, 'stack'>;
}

/** `rules` of a user's come before memscope's own; `libraries` are what they make of frames, where that is known. */
export function findSiteOwners(
  subject: OwnedSubject,
  rules: readonly LibraryRule[] = [],
  libraries: FrameLibraries = attributeFrames(subject.tables, rules),
): SiteOwners {
  const { tables, sites } = subject;
  const ownerOfStack = findOwners(tables.stacks, libraries);
  const arenas = findArenas(subject);
  const { stack } = sites;
  const { frame } = tables.stacks;
  const ofObjects = libraries.attributions.length;
  const ofSite = new Int32Array(sites.length);
  for (let site = 0; site < sites.length; site++) {
    const owner = ownerOfStack[stack[site]!]!;
    ofSite[site] =
      arenas !== null && arenas[site] !== NO_ARENA
        ? ofObjects
        : owner === 0
          ? -1
          : libraries.attributionOf[frame[owner]!]!;
  }
  return { libraries, ownerOfStack, attributions: [...libraries.attributions, OBJECTS], ofSite, arenas };
}

/** Null where nothing is on the stack. */
export function ownerOf(site: number, { attributions, ofSite }: SiteOwners): Attribution | null {
  return attributions[ofSite[site]!] ?? null;
}
