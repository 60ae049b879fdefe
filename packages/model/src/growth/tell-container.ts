/**
 * A way that grows in arenas → the list or dict that grows with it: of one of the standard library's, as an event loop
 * has for its tasks, the packages that filled it.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import type { FrameTable } from '../tables.js';
import type { WayContext } from './way-context.js';
import { KIND } from './frame-kind.js';
import type { DescribedWay, GrowthPlace } from './growth.js';
import { wayTo, type GrowthTree } from './growth-tree.js';

/** Beside arenas of this share a container is told. */
const LEAST_ARENA_SHARE = 0.25;
/** Of what grows: smaller tables are of something else. */
const LEAST_CONTAINER_SHARE = 0.001;
const MOST_CALLERS = 3;

/** `naming` is the node that names the way, 1 in `belowName` what lies below it. */
export function tellContainer(
  naming: number,
  arenaBytes: number,
  bytes: number,
  belowName: Uint8Array,
  { rows, frames, containers }: WayContext,
): DescribedWay['container'] {
  const { tree } = rows;
  if (naming === 0 || arenaBytes < LEAST_ARENA_SHARE * bytes) return null;
  const container = containers().find(
    (each) => belowName[each.node] === 1 && each.bytes >= LEAST_CONTAINER_SHARE * bytes,
  );
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
    through: lines[0] === undefined ? null : (frames.line[tree.frame[lines[0]]!] ?? null),
    callers: tree.kind[container.node] === KIND.standard ? nearestCallers(lines, tree, frames).map(place) : [],
  };
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
