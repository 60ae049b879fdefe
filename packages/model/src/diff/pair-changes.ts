/** What fell and what rose → groups of one place, and who holds what another one lost. */

export function groupBy<Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** The first gets what the first lost, then those after them, until either side has no more. Bytes, without a sign. */
export function pairInOrder<Value>(
  fell: readonly Value[],
  rose: readonly Value[],
  bytesOf: (value: Value) => number,
): { readonly from: Value; readonly to: Value; readonly bytes: number }[] {
  const pairs: { from: Value; to: Value; bytes: number }[] = [];
  let [at, next] = [0, 0];
  let [lost, gained] = [0, 0];
  while (true) {
    if (lost <= 0) {
      if (at === fell.length) return pairs;
      lost = bytesOf(fell[at++]!);
    }
    if (gained <= 0) {
      if (next === rose.length) return pairs;
      gained = bytesOf(rose[next++]!);
    }
    const bytes = Math.min(lost, gained);
    pairs.push({ from: fell[at - 1]!, to: rose[next - 1]!, bytes });
    [lost, gained] = [lost - bytes, gained - bytes];
  }
}
