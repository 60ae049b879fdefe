/**
 * An owner comparison and a measure → what grew, what shrank, what moved, and what only looks different because the peak
 * lies at another moment. Every owner whose number changed is in exactly one of the four lists, so that together they
 * make up the difference of the totals; grown and shrunk are never netted.
 *
 * At the peak an owner grew only if the most that it ever held grew as well: the smaller of the two is its change. The
 * rest is what the moment of the peak makes of it.
 *
 * Memory moved where one owner has gone, another is new, both belong to the same library (or both to the application),
 * and what they hold agrees within `MOVED_SHARE`: a renamed function, a module that became a package, a helper. Less than
 * `LEAST_MOVED` is told only of functions of the same name: small sizes agree by chance.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import type { ComparedColumn, ComparedMeasure, OwnerComparison } from './compare-owners.js';

export type ChangeStatus = 'new' | 'grew' | 'shrank' | 'gone' | 'moved' | 'peakMoved';

export interface OwnerChange {
  /** Position in `OwnerComparison.owners`. */
  readonly owner: number;
  readonly base: number;
  readonly head: number;
  /** What the owner itself makes of the difference; at the peak the smaller of that and of its own peak's. */
  readonly change: number;
  readonly status: ChangeStatus;
  /** Whether the runs of both sides lie apart: with repetitions the ranges do not touch. */
  readonly apart: boolean;
}

/** Largest change first in each. */
export interface OwnerChanges {
  readonly grew: readonly OwnerChange[];
  readonly shrank: readonly OwnerChange[];
  readonly moved: readonly MovedOwner[];
  readonly peakMoved: readonly OwnerChange[];
}

/** The memory of one owner that is another's now. */
export interface MovedOwner {
  readonly from: OwnerChange;
  readonly to: OwnerChange;
}

const MOVED_SHARE = 0.01;
const LEAST_MOVED = 16 * 1024;

export function judgeChanges(comparison: OwnerComparison, measure: ComparedMeasure): OwnerChanges | null {
  const column = comparison.columns[measure];
  if (column === null) return null;
  const ownPeak = measure === 'peak' ? comparison.columns['own-peak'] : null;
  const changes: OwnerChange[] = [];
  for (let owner = 0; owner < comparison.owners.length; owner++) {
    const [base, head] = [column.base.median[owner]!, column.head.median[owner]!];
    if (base === head) continue;
    const change = ownPeak === null ? head - base : commonChange(head - base, differenceAt(ownPeak, owner));
    const status = change === 0 ? 'peakMoved' : statusOf(base, head);
    changes.push({ owner, base, head, change, status, apart: liesApart(column, owner) });
  }
  const moved = findMoved(comparison, changes);
  const movedOwners = new Set(moved.flatMap(({ from, to }) => [from.owner, to.owner]));
  const rest = changes.filter(({ owner }) => !movedOwners.has(owner));
  const pick = (...statuses: ChangeStatus[]): OwnerChange[] =>
    rest
      .filter(({ status }) => statuses.includes(status))
      .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || Math.abs(b.head - b.base) - Math.abs(a.head - a.base));
  return { grew: pick('new', 'grew'), shrank: pick('gone', 'shrank'), moved, peakMoved: pick('peakMoved') };
}

function differenceAt({ base, head }: ComparedColumn, owner: number): number {
  return head.median[owner]! - base.median[owner]!;
}

/** The smaller one of two differences in the same direction, else 0. */
function commonChange(a: number, b: number): number {
  if (Math.sign(a) !== Math.sign(b)) return 0;
  return Math.abs(a) < Math.abs(b) ? a : b;
}

function statusOf(base: number, head: number): ChangeStatus {
  if (base === 0) return 'new';
  if (head === 0) return 'gone';
  return head > base ? 'grew' : 'shrank';
}

function liesApart({ base, head }: ComparedColumn, owner: number): boolean {
  return base.most[owner]! < head.least[owner]! || head.most[owner]! < base.least[owner]!;
}

/** Pairs of equal names first, then of the nearest sizes; each owner in one pair at most. */
function findMoved({ owners }: OwnerComparison, changes: readonly OwnerChange[]): MovedOwner[] {
  const libraryOf = ({ owner }: OwnerChange): string => {
    const { kind, file } = owners[owner]!;
    return kind === 'function' ? moduleOfFile(file).name : `${kind} ${file}`;
  };
  const arrivals = new Map<string, OwnerChange[]>();
  for (const change of changes) {
    if (change.status !== 'new') continue;
    const library = libraryOf(change);
    arrivals.set(library, [...(arrivals.get(library) ?? []), change]);
  }
  const moved: MovedOwner[] = [];
  const taken = new Set<OwnerChange>();
  const gone = changes.filter(({ status }) => status === 'gone').sort((a, b) => b.base - a.base);
  for (const sameName of [true, false]) {
    for (const from of gone) {
      if (taken.has(from)) continue;
      let nearest: OwnerChange | null = null;
      for (const to of arrivals.get(libraryOf(from)) ?? []) {
        if (taken.has(to) || !isAlike(from.base, to.head)) continue;
        if (sameName !== (owners[from.owner]!.functionName === owners[to.owner]!.functionName)) continue;
        if (!sameName && to.head < LEAST_MOVED) continue;
        if (nearest === null || Math.abs(to.head - from.base) < Math.abs(nearest.head - from.base)) nearest = to;
      }
      if (nearest === null) continue;
      taken.add(from).add(nearest);
      moved.push({ from: { ...from, status: 'moved' }, to: { ...nearest, status: 'moved' } });
    }
  }
  return moved.sort((a, b) => b.to.head - a.to.head);
}

function isAlike(a: number, b: number): boolean {
  return Math.abs(a - b) <= MOVED_SHARE * Math.max(a, b);
}
