/** Runs that are taken as one → which of them are one recording, as copies of a file are: it counts as often as it is named. */
import { countNoun } from '../analysis/format-quantity.js';
import type { CaptureRow } from '../capture.js';

export interface NamedRun {
  readonly name: string;
  readonly capture: Pick<CaptureRow, 'pid' | 'startMs'>;
}

const MOST_NAMED = 3;

/** A sentence with names as they are; null where no two are of the same process and time. */
export function saySameRecordings(runs: readonly NamedRun[]): string | null {
  const namesOf = new Map<string, string[]>();
  for (const { name, capture } of runs) {
    if (capture.startMs === null || capture.pid === null) continue;
    const key = `${capture.pid} ${capture.startMs}`;
    namesOf.set(key, [...(namesOf.get(key) ?? []), name]);
  }
  const same = [...namesOf.values()].filter(({ length }) => length > 1);
  const [first] = same;
  if (first === undefined) return null;
  const more = same.length > 1 ? `; so are ${countNoun(same.length - 1, 'other set', 'other sets')} of them` : '';
  const others = first.length > MOST_NAMED ? ` and ${first.length - MOST_NAMED} more` : '';
  return (
    `${first.slice(0, MOST_NAMED).join(', ')}${others} are one recording, of the same process and time, which is summed ` +
    `${first.length === 2 ? 'twice' : `${first.length} times`}${more}.`
  );
}
