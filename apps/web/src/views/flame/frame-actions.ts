/** What can be done with a frame of the flame graph: the entries of its menu, each with its key. */
import type { FlameNode } from '../../drawing/flame-tree.js';
import { withFlame, withFunction, withQuery, withTransform } from '../../state/change.js';
import type { PageState } from '../../state/page-state.js';

export interface FrameAction {
  readonly key: string;
  readonly title: string;
  /** The same on a button. */
  readonly brief: string;
  /** Whether it makes sense for the frame. */
  readonly fits: (node: FlameNode) => boolean;
  readonly change: (state: PageState, node: FlameNode) => PageState;
}

const isFunction = ({ label }: FlameNode): boolean => label.function !== null;

function transform(
  key: string,
  title: string,
  brief: string,
  kind: 'focus' | 'hide' | 'callers' | 'callees',
): FrameAction {
  return {
    key,
    title,
    brief,
    fits: isFunction,
    change: (state, { label }) => withTransform(state, { kind, target: label.function! }),
  };
}

export const FRAME_ACTIONS: readonly FrameAction[] = [
  {
    key: 'Enter',
    title: 'Zoom in',
    brief: 'Zoom in',
    fits: () => true,
    change: (state, node) => withFlame(state, { root: rootOf(node) }),
  },
  transform('f', 'Focus: only paths through this function', 'Focus', 'focus'),
  transform('h', 'Hide this function', 'Hide', 'hide'),
  {
    key: 'c',
    title: 'Collapse its module to one frame',
    brief: 'Collapse module',
    fits: ({ label }) => isFunction({ label } as FlameNode) && label.module !== '',
    change: (state, { label }) => withTransform(state, { kind: 'collapse', target: label.module }),
  },
  transform('[', 'Only who calls it', 'Callers', 'callers'),
  transform(']', 'Only what it calls', 'Callees', 'callees'),
  {
    key: 'm',
    title: 'Merge recursion',
    brief: 'Merge recursion',
    fits: () => true,
    change: (state) => withQuery(state, { mergeRecursion: !state.query.mergeRecursion }),
  },
  {
    key: 's',
    title: 'Open its callers, callees and source',
    brief: 'Sandwich and source',
    fits: isFunction,
    change: (state, { label }) => withFunction(state, label.function),
  },
];

/** Everything has no id of its own in the state. */
export function rootOf(node: FlameNode): number | null {
  return node.label.kind === 'all' ? null : node.id;
}
