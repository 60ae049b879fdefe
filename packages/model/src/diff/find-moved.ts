/**
 * Rows that changed → pairs of which one has gone, the other is new, both belong to the same library (or both to the
 * application), and what they hold agrees within `MOVED_SHARE`: a renamed function, a module that became a package, a
 * helper. Less than `LEAST_MOVED` is told only of functions of the same name: small sizes agree by chance.
 */
const MOVED_SHARE = 0.01;
const LEAST_MOVED = 16 * 1024;

interface MovableRow {
  readonly functionName: string | null;
  /** Memory moves only between rows of one pool. */
  readonly pool: string;
}

interface Change {
  readonly row: number;
  readonly base: number;
  readonly head: number;
  readonly status: string;
}

export interface Move<Row extends Change> {
  readonly from: Row;
  readonly to: Row;
}

/**
 * Pairs of equal names first, then of the nearest sizes; each row in one pair at most. Which pairs there are does not
 * depend on which side is which.
 */
export function findMoved<Row extends Change>(rows: readonly MovableRow[], changes: readonly Row[]): Move<Row>[] {
  const nameOf = ({ row }: Row): string => rows[row]!.functionName ?? '';
  const oneSided = changes.filter(({ status }) => status === 'new' || status === 'gone');
  const named = [...poolsOf(oneSided, ({ row }) => `${rows[row]!.pool}\0${rows[row]!.functionName}`)].flatMap((pool) =>
    pairNearest(pool, nameOf, () => true),
  );
  const taken = new Set(named.flatMap(({ from, to }) => [from, to]));
  const left = oneSided.filter((change) => sizeOf(change) >= LEAST_MOVED && !taken.has(change));
  const others = [...poolsOf(left, ({ row }) => rows[row]!.pool)].flatMap((pool) =>
    pairNearest(pool, nameOf, (a, b) => nameOf(a) !== nameOf(b)),
  );
  return [...named, ...others];
}

function poolsOf<Row extends Change>(changes: readonly Row[], keyOf: (change: Row) => string): Iterable<Row[]> {
  const pools = new Map<string, Row[]>();
  for (const change of changes) {
    const key = keyOf(change);
    const pool = pools.get(key);
    if (pool === undefined) pools.set(key, [change]);
    else pool.push(change);
  }
  return pools.values();
}

/**
 * Rows by size, those that have gone and those that came in one list: of neighbours that may be a pair the nearest are
 * one, and with them out of the list others are neighbours, until none may be.
 */
function pairNearest<Row extends Change>(
  pool: Row[],
  nameOf: (change: Row) => string,
  isPair: (a: Row, b: Row) => boolean,
): Move<Row>[] {
  const moves: Move<Row>[] = [];
  let list = pool.sort((a, b) => sizeOf(a) - sizeOf(b) || compare(nameOf(a), nameOf(b)) || a.row - b.row);
  for (;;) {
    const gaps = new Float64Array(list.length);
    const near: number[] = [];
    for (let at = 0; at + 1 < list.length; at++) {
      const [one, other] = [list[at]!, list[at + 1]!];
      if (one.status === other.status || !isAlike(sizeOf(one), sizeOf(other)) || !isPair(one, other)) continue;
      gaps[at] = sizeOf(other) - sizeOf(one);
      near.push(at);
    }
    if (near.length === 0) return moves;
    near.sort((a, b) => gaps[a]! - gaps[b]! || b - a);
    const taken = new Uint8Array(list.length);
    for (const at of near) {
      if (taken[at] === 1 || taken[at + 1] === 1) continue;
      taken[at] = 1;
      taken[at + 1] = 1;
      const [one, other] = [list[at]!, list[at + 1]!];
      moves.push(one.status === 'gone' ? { from: one, to: other } : { from: other, to: one });
    }
    list = list.filter((_, at) => taken[at] === 0);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of a row that only one side has. */
function sizeOf({ base, head }: Change): number {
  return base + head;
}

function isAlike(a: number, b: number): boolean {
  return Math.abs(a - b) <= MOVED_SHARE * Math.max(a, b);
}
