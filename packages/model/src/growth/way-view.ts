/**
 * A way → the narrowest view whose number is that of the way, to the byte: the lines of the function that names it, and
 * where other ways pass them too, those of the functions below and above. Where no filter gives the number, none is
 * claimed.
 */
import { lineFilter } from '../analysis/findings/finding-place.js';
import { viewOf, type FindingView } from '../analysis/findings/finding-view.js';
import { viewBytesOf } from '../analysis/findings/view-bytes.js';
import { canAnswer } from '../answers.js';
import { formatPattern } from '../filter/pattern.js';
import type { Profile, StackTables } from '../profile.js';
import type { GrowingWay } from './find-ways.js';
import { BARE, wayTo, type GrowthTree } from './growth-tree.js';
import type { WaySpan } from './measure-way.js';
import { heaviestChildren, namingNode } from './name-way.js';

/** Longer filters nobody reads, and no command with them fits on a screen. */
const MOST_LINES = 6;
const LONGEST_FILTER = 62;
/** Threads of native libraries have no names. */
const UNNAMED_THREADS = 'thread:"thread *"';
const NOT_IMPORTED = '-file:importlib._bootstrap';

/** `below` is what is kept below each node. Null where no view gives the number, or the moment is no view's. */
export function viewOfWay(
  { node, holder, branches, threads = false }: Pick<GrowingWay, 'node' | 'holder' | 'branches' | 'threads'>,
  span: WaySpan,
  below: Float64Array,
  tree: GrowthTree,
  profile: Profile,
): FindingView | null {
  const moment = canAnswer(profile.capture, 'lifetimes')
    ? viewOfMoment(span, profile.ticks().length)
    : viewOf('tree', { measure: 'peak' });
  if (moment === null) return null;
  const viewBytes = viewBytesOf(profile);
  for (const filter of candidates(node, holder, branches, below, tree, profile.stackTables().frames)) {
    const view = { ...moment, filter: threads ? `${filter} or ${UNNAMED_THREADS}` : filter };
    if (viewBytes.of(view) === span.bytes) return view;
  }
  return null;
}

/** Of what was born after the one moment and is live at the other; null where that is not told by ticks. */
function viewOfMoment({ after, at }: WaySpan, ticks: number): FindingView | null {
  if (after >= 0 && after % 2 === 0) return null;
  const from = after < 0 ? 0 : (after + 1) / 2;
  if (at % 2 === 0) return after < 0 ? viewOf('tree', { measure: 'peak', window: `#${at / 2}` }) : null;
  const to = (at - 1) / 2;
  return viewOf('leaks', { window: from === 0 && to >= ticks ? null : `#${from}..#${Math.min(to, ticks)}` });
}

/** From the shortest on. */
function* candidates(
  node: number,
  holder: number,
  branches: readonly number[] | null,
  below: Float64Array,
  tree: GrowthTree,
  frames: StackTables['frames'],
): Generator<string> {
  const naming = namingNode(node, tree, frames);
  if (naming === 0) return;
  const functions = wayTo(node, tree).filter((each) => tree.isLine[each] === 0 && each !== BARE);
  const from = functions.slice(functions.indexOf(naming));
  const nearest = functions.at(-1)!;
  const parts: (readonly (readonly number[])[])[] = [
    ...(holder < naming ? [[[holder]]] : []),
    [[naming]],
    ...(branches === null ? [] : [[[naming], branches]]),
    ...(nearest === naming ? [] : [[[naming], [nearest]]]),
    ...(branches === null ? [] : [[...from.map((each) => [each]), branches]]),
    from.map((each) => [each]),
    functions.slice(-MOST_LINES).map((each) => [each]),
  ];
  const told = new Set<string>();
  const whole = functionOf(naming, tree, frames);
  for (const rest of ['', ` ${NOT_IMPORTED}`]) {
    for (const part of parts) {
      // The names of files alone, where more would not fit on a screen.
      for (const isShort of part.length > 1 ? [false, true] : [false]) {
        const known = part.map((nodes) => anyLine(nodes, isShort, below, tree, frames)).filter((each) => each !== null);
        const filter = `${[...new Set(known)].join(' ')}${rest}`;
        if (known.length === 0 || known.length > MOST_LINES || told.has(filter)) continue;
        if (filter.length > LONGEST_FILTER) continue;
        told.add(filter);
        yield filter;
      }
    }
    if (whole !== null) yield `${whole}${rest}`;
  }
}

/** All lines of the function, where they are too many to name; null where its file has no name. */
function functionOf(node: number, tree: GrowthTree, frames: StackTables['frames']): string | null {
  const name = frames.functionName[tree.frame[node]!] ?? null;
  const file = frames.file[tree.frame[node]!]?.replace(/^.*[\\/](?=[^\\/])/, '') ?? null;
  if (name === null || file === null || name.length + file.length > LONGEST_FILTER) return null;
  const text = (part: string): string => formatPattern({ kind: 'plain', text: part });
  return `function:${text(name)} file:${text(file)}`;
}

/** Every line of these nodes' functions that leads to something kept; null where they are no lines of Python, or too many. */
function anyLine(
  nodes: readonly number[],
  isShort: boolean,
  below: Float64Array,
  tree: GrowthTree,
  frames: StackTables['frames'],
): string | null {
  const lines = nodes.flatMap((node) =>
    tree.isLine[node] === 1
      ? [node]
      : heaviestChildren(node, below, tree).flatMap((child) => (tree.isLine[child.node] === 1 ? [child.node] : [])),
  );
  const filters = new Set(
    lines.flatMap((each) => {
      const frame = tree.frame[each]!;
      const file = frames.file[frame] ?? null;
      if (file === null) return [];
      const named = isShort ? file.replace(/^.*[\\/](?=[^\\/])/, '') : file;
      return [lineFilter({ functionName: null, file: named, line: frames.line[frame]! })];
    }),
  );
  if (filters.size === 0 || filters.size > MOST_LINES) return null;
  return filters.size === 1 ? [...filters][0]! : `(${[...filters].join(' or ')})`;
}
