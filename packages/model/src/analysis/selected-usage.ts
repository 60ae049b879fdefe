/**
 * What is selected of a capture → its usage (sum-usage.ts), for an analysis of a window or of what a filter lets pass. A
 * measure that cannot be had of that part is null throughout.
 */
import { innermostRows } from '../join/walk-sites.js';
import type { SiteWeights } from '../profile.js';
import type { Selection, SelectionRequest } from '../view/selection.js';
import type { FrameChoice } from '../view/view-choices.js';
import { ViewError } from '../view/view-error.js';
import { locationsOfStacks } from './stack-locations.js';
import { sumUsage, type SummedUsage } from './sum-usage.js';

export interface SelectedUsage extends SummedUsage {
  /** By peak; every other measure has the same window, sites and frames. */
  readonly selection: Selection;
}

/** How a selection is made; whoever keeps selections brings another way. */
export type Select = (request: SelectionRequest) => Selection;

/** Throws `ViewError` and `FilterError`. */
export function selectUsage(request: Omit<SelectionRequest, 'measure'>, select: Select): SelectedUsage {
  const selection = select({ ...request, measure: 'peak' });
  const { sites, stackTables, threads, owners } = selection;
  const weights = {
    peak: selection.weights,
    leaked: select({ ...request, measure: 'leaked' }).weights,
    total: weightsIfKnown({ ...request, measure: 'total' }, select),
    temporary: weightsIfKnown({ ...request, measure: 'temporary' }, select),
  };
  const frameOfSite = findFrames(selection, request.stacks === undefined, request.frames ?? 'all');
  return {
    selection,
    ...sumUsage({ weights, sites, threads, frameOfSite, frames: stackTables.frames.length, owners }),
  };
}

/** By site: its innermost frame that is shown, -1 = none; as they were found last for what shows of which stacks. */
interface FoundFrames {
  readonly shown: Uint8Array | null;
  readonly key: string;
  readonly frameOfSite: Int32Array;
}

/** Each window asks of the same stacks. */
const framesOfSites = new WeakMap<object, FoundFrames>();

/** `isPythonOnly`: joined stacks hold every Python frame, so that these alone tell. */
function findFrames(selection: Selection, isPythonOnly: boolean, choice: FrameChoice): Int32Array {
  const { sites, siteStacks, stacks, shown, stackTables, groups } = selection;
  const key = `${stacks} ${isPythonOnly} ${choice}`;
  const known = framesOfSites.get(sites);
  if (known?.shown === shown && known.key === key) return known.frameOfSite;
  const { frame } = stackTables.stacks;
  const isPython = stacks === 'python' || (isPythonOnly && stacks === 'joined');
  const rows = isPython ? rowsOfPython(selection, choice) : innermostRows(siteStacks, shown);
  const frameOfSite = Int32Array.from(rows, (row) => (row === 0 ? -1 : groups.canonical[frame[row]!]!));
  framesOfSites.set(sites, { shown, key, frameOfSite });
  return frameOfSite;
}

function rowsOfPython({ sites, shown, stackTables, groups }: Selection, choice: FrameChoice): Uint32Array {
  const location = locationsOfStacks(stackTables, groups, shown, choice);
  return location === null ? sites.pythonStack : sites.pythonStack.map((row) => location[row]!);
}

/** Null where this part of the capture, or the capture, does not know. */
function weightsIfKnown(request: SelectionRequest, select: Select): SiteWeights | null {
  try {
    return select(request).weights;
  } catch (error) {
    if (error instanceof ViewError && error.code === 'cannotAnswer') return null;
    throw error;
  }
}
