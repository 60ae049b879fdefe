/**
 * A way that grows → the list or dict that grows with it, and so may keep what is made elsewhere: of one of the standard
 * library's, as an event loop has for its tasks, the packages that filled it.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import type { FrameTable } from '../tables.js';
import type { Container } from './containers.js';
import type { WayContext } from './way-context.js';
import { KIND } from './frame-kind.js';
import type { DescribedWay, GrowthPlace } from './growth.js';
import { wayTo, type GrowthTree } from './growth-tree.js';

/** Of what grows: smaller tables are of something else, larger ones are what grows. */
const LEAST_CONTAINER_SHARE = 0.001;
const MOST_CONTAINER_SHARE = 0.5;
const MOST_CALLERS = 3;
/** asyncio keeps all tasks that have not ended in a `WeakSet`. */
const TASK_SET = /[\\/]_weakrefset\.py$/;
const TASK_MAKER = /[\\/]asyncio[\\/](?:base_events|tasks|taskgroups)\.py$/;

/**
 * `naming` is the node that names the way, 1 in `belowName` what lies below it; a list elsewhere is told where it has as
 * many entries as there were `rounds`.
 */
export function tellContainer(
  naming: number,
  bytes: number,
  belowName: Uint8Array,
  rounds: number | null,
  { rows, frames, containers }: WayContext,
): DescribedWay['container'] {
  const { tree } = rows;
  if (naming === 0) return null;
  const isFileOf = (node: number, path: RegExp): boolean => path.test(frames.file[tree.frame[node]!] ?? '');
  const holdsTasks = ({ node }: Container): boolean =>
    isFileOf(node, TASK_SET) && wayTo(node, tree).some((at) => isFileOf(at, TASK_MAKER));
  const inStep = containers().filter(({ entries }) => rounds !== null && holds(rounds, entries));
  const isBelow = (each: Container): boolean =>
    belowName[each.node] === 1 &&
    each.bytes >= LEAST_CONTAINER_SHARE * bytes &&
    each.bytes < MOST_CONTAINER_SHARE * bytes;
  const below = inStep.find(isBelow) ?? containers().find(isBelow);
  const container = below ?? inStep[0];
  if (container === undefined) return null;
  const place = (node: number): GrowthPlace => {
    const frame = tree.frame[node]!;
    return {
      functionName: frames.functionName[frame] ?? null,
      file: frames.file[frame] ?? null,
      line: frames.line[frame]!,
    };
  };
  const lines = wayTo(container.node, tree).filter((node) => tree.isLine[node] === 1 && node > naming);
  return {
    ...place(container.node),
    bytes: container.bytes,
    entries: container.entries,
    holdsTasks: holdsTasks(container),
    through: below === undefined || lines[0] === undefined ? null : (frames.line[tree.frame[lines[0]]!] ?? null),
    callers: tree.kind[container.node] === KIND.standard ? nearestCallers(lines, tree, frames).map(place) : [],
  };
}

function holds(count: number, entries: Container['entries']): boolean {
  return entries !== null && Math.abs(entries.count - count) <= entries.error;
}

/** Of a table of the standard library's, lines of the packages that it was filled from, innermost first, up to one of the application. */
function nearestCallers(lines: readonly number[], { kind, frame }: GrowthTree, frames: FrameTable): number[] {
  const callers: number[] = [];
  const packages = new Set<string>();
  for (const line of lines.toReversed()) {
    if (kind[line] !== KIND.library && kind[line] !== KIND.application) continue;
    const { name } = moduleOfFile(frames.file[frame[line]!] ?? null);
    if (kind[line] === KIND.application || !packages.has(name)) callers.push(line);
    packages.add(name);
    if (kind[line] === KIND.application || callers.length === MOST_CALLERS) break;
  }
  return callers;
}
