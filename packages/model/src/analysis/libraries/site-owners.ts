/**
 * Sites → whose memory it is: pymalloc's arenas belong to Python's objects, everything else to the library that asked
 * for it, found from the joined stack (stack-owners.ts).
 */
import type { RowColumn, SiteRow, StackRow } from '../../rows.js';
import type { SiteStacks } from '../../join/joined-walk.js';
import { findArenas, NO_ARENA, PYTHON_OBJECTS, type ArenaSubject } from '../arenas.js';
import type { Attribution, LibraryRule } from './library-rule.js';
import { attributeFrames, findOwnerRows, type FrameLibraries, type OwnerRows } from './stack-owners.js';

export interface SiteOwners extends Pick<OwnerRows, 'nearest'> {
  readonly libraries: FrameLibraries;
  readonly stacks: SiteStacks;
  /** By site: row of the recorded stacks whose frame owns its memory, as `findOwnerRows` gives it. */
  readonly ownerRow: RowColumn<StackRow>;
  /** Those of `libraries`, and behind them the one of arenas. */
  readonly attributions: readonly Attribution[];
  /** By site: position in `attributions`, -1 = nothing is on the stack. */
  readonly ofSite: Int32Array;
  /** As `findArenas` gives it. */
  readonly arenas: Uint8Array | null;
}

const OBJECTS: Attribution = { category: 'pythonObjects', library: PYTHON_OBJECTS };

export type OwnedSubject = ArenaSubject & SiteStacks;

/** `rules` of a user's come before memscope's own; `libraries` are what they make of frames, where that is known. */
export function findSiteOwners(
  subject: OwnedSubject,
  rules: readonly LibraryRule[] = [],
  libraries: FrameLibraries = attributeFrames(subject.tables, rules),
): SiteOwners {
  const { tables, sites } = subject;
  const { ownerRow, nearest } = findOwnerRows(subject, libraries);
  const arenas = findArenas(subject);
  const { frame } = tables.stacks;
  const ofObjects = libraries.attributions.length;
  const ofSite = new Int32Array(sites.length);
  for (let site = 0; site < sites.length; site++) {
    const owner = ownerRow[site]!;
    ofSite[site] =
      arenas !== null && arenas[site] !== NO_ARENA
        ? ofObjects
        : owner === 0
          ? -1
          : libraries.attributionOf[frame[owner]!]!;
  }
  const attributions = [...libraries.attributions, OBJECTS];
  return { libraries, stacks: subject, ownerRow, nearest, attributions, ofSite, arenas };
}

/** Null where nothing is on the stack. */
export function ownerOf(site: SiteRow, { attributions, ofSite }: SiteOwners): Attribution | null {
  return attributions[ofSite[site]!] ?? null;
}
