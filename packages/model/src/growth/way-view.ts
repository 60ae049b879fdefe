/**
 * A way → the narrowest view whose number is that of the way, to the byte: the lines of the function that names it, and
 * where other ways pass them too, those of the functions below and above, or the functions that asked for the memory.
 * Where no filter gives the number, one that gives what is shown of it, in three digits; else none is claimed.
 */
import { functionFilter, lineFilter, LONGEST_FILTER } from '../analysis/findings/finding-place.js';
import { viewOf, type FindingView } from '../analysis/findings/finding-view.js';
import { formatBytes } from '../analysis/format-quantity.js';
import { viewBytesOf } from '../analysis/findings/view-bytes.js';
import { canAnswer } from '../answers.js';
import { allOf } from '../filter/filter.js';
import { formatFilter } from '../filter/format-filter.js';
import { parseFilter } from '../filter/parse-filter.js';
import { formatPattern } from '../filter/pattern.js';
import type { Profile, StackTables } from '../profile.js';
import type { GrowingWay } from './find-ways.js';
import { BARE, wayTo, type GrowthTree } from './growth-tree.js';
import type { WaySpan } from './measure-way.js';
import { heaviestChildren, namingNode } from './name-way.js';

/** Filters of more nobody reads, and no command with them fits on a screen. */
const MOST_LINES = 6;
const MOST_OWNERS = 3;
/** Threads of native libraries have no names. */
const UNNAMED_THREADS = 'thread:"thread *"';
const NOT_IMPORTED = '-file:importlib._bootstrap';

/** `below` is what is kept below each node of what passes the filter `within`. Null where no view gives the number. */
export function viewOfWay(
  { node, holder, branches, threads = false }: Pick<GrowingWay, 'node' | 'holder' | 'branches' | 'threads'>,
  span: WaySpan,
  below: Float64Array,
  tree: GrowthTree,
  profile: Profile,
  within: string | null,
): FindingView | null {
  const moments = canAnswer(profile.capture, 'lifetimes')
    ? viewsOfSpan(span, profile.ticks().length)
    : [viewOf('tree', { measure: 'peak' })];
  const shown = formatBytes(span.bytes);
  const viewBytes = viewBytesOf(profile);
  let near: FindingView | null = null;
  for (const filter of candidates(node, holder, branches, below, tree, profile.stackTables().frames)) {
    for (const moment of moments) {
      const view = { ...moment, filter: narrowed(threads ? `${filter} or ${UNNAMED_THREADS}` : filter, within) };
      const bytes = viewBytes.of(view);
      if (bytes === span.bytes) return view;
      if (near === null && formatBytes(bytes) === shown) near = view;
    }
  }
  return near;
}

function narrowed(filter: string, within: string | null): string {
  if (within === null) return filter;
  const [whole, own] = [parseFilter(within), parseFilter(filter)];
  const terms = whole.kind === 'all' ? whole.filters : [whole];
  const isThere = terms.some((term) => formatFilter(term) === formatFilter(own));
  return isThere ? within : formatFilter(allOf(whole, own));
}

/**
 * Of what was born after the one moment and is live at the other. Where no tick tells that, of the ticks on both sides
 * of it.
 */
function viewsOfSpan({ after, at }: WaySpan, ticks: number): FindingView[] {
  if (at % 2 === 0 && after < 0) return [viewOf('tree', { measure: 'peak', window: `#${at / 2}` })];
  const starts = after < 0 ? [0] : [...new Set([Math.floor((after + 1) / 2), Math.ceil((after + 1) / 2)])];
  const ends = [...new Set([Math.floor((at - 1) / 2), Math.ceil((at - 1) / 2)])];
  return starts.flatMap((from) =>
    ends
      .filter((to) => to >= from)
      .map((to) => viewOf('leaks', { window: from === 0 && to >= ticks ? null : `#${from}..#${Math.min(to, ticks)}` })),
  );
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
  if (naming === 0) {
    yield UNNAMED_THREADS;
    return;
  }
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
  const frame = tree.frame[naming]!;
  const whole = functionFilter({
    functionName: frames.functionName[frame] ?? null,
    file: frames.file[frame] ?? null,
    line: 0,
  });
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
  const owners = ownersBelow(naming, below, tree, frames);
  if (owners === null) return;
  for (const nodes of nearest === naming ? [[naming]] : [[naming], [nearest]]) {
    const lines = anyLine(nodes, false, below, tree, frames);
    if (lines !== null && lines.length + owners.length < LONGEST_FILTER) yield `${lines} ${owners}`;
  }
}

/** The functions that asked for what is kept; null where they are too many to name. */
function ownersBelow(
  node: number,
  below: Float64Array,
  tree: GrowthTree,
  frames: StackTables['frames'],
): string | null {
  const names = new Set<string>();
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const children = heaviestChildren(at, below, tree);
    const rest = children.reduce((sum, { bytes }) => sum - bytes, below[at]!);
    const name = frames.functionName[tree.frame[at]!] ?? null;
    if (rest > 0 && (name === null || name.length > LONGEST_FILTER)) return null;
    if (rest > 0) names.add(formatPattern({ kind: 'plain', text: name! }));
    if (names.size > MOST_OWNERS) return null;
    open.push(...children.map((child) => child.node));
  }
  const owners = [...names].map((name) => `owner:${name}`);
  return owners.length === 1 ? owners[0]! : `(${owners.join(' or ')})`;
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
