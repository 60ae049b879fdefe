/**
 * Which frames of the stacks that a question is about show. Where two sides are compared, comprehensions count to the
 * function around them: Python 3.12 inlines them, so that only one side may have frames of them (PEP 709).
 */
import type { FrameLibraries } from '../analysis/libraries/stack-owners.js';
import type { StackTables } from '../profile.js';
import { NATIVE_FRAME, PYTHON_FRAME, type FrameTable } from '../tables.js';
import type { FrameGroups } from './frame-groups.js';
import { runnerFrames } from './runner-frames.js';
import type { FrameChoice, StackChoice } from './view-choices.js';

export interface HidingOptions {
  /** All of them by default. */
  readonly frames?: FrameChoice;
  readonly stacks?: StackChoice;
  readonly interpreterFrames?: boolean;
  /** Comprehensions are part of the function around them. */
  readonly foldsComprehensions?: boolean;
}

/** Each once for the same frames and libraries: several measures and windows are asked of them. */
const shownOfFrames = new WeakMap<FrameGroups | FrameLibraries, Map<string, Uint8Array | null>>();

/** Only runs other code: it shows where a stack ends at it, else its caller has what it holds. */
export const RUNNER = 2;

/**
 * By frame row: 1 where it is shown, 0 where it is hidden, or `RUNNER`; null = all are shown. `libraries` is asked only
 * where native frames may be hidden. The same column for the same question.
 */
export function hideFrames(
  { frames }: StackTables,
  groups: FrameGroups,
  options: HidingOptions,
  libraries?: () => FrameLibraries,
): Uint8Array | null {
  const { frames: choice = 'all', stacks = 'joined', interpreterFrames = false } = options;
  const folds =
    libraries !== undefined && stacks === 'joined' && !interpreterFrames && frames.kind.includes(NATIVE_FRAME);
  const hides = choice !== 'all';
  const comprehensions = options.foldsComprehensions === true ? comprehensionsOf(frames) : null;
  if (!folds && !hides && comprehensions === null) return null;
  const folded = folds ? libraries() : null;
  const owner = folded ?? groups;
  const known = shownOfFrames.get(owner) ?? new Map<string, Uint8Array | null>();
  shownOfFrames.set(owner, known);
  const key = `${hides} ${choice === 'no-standard-library'} ${comprehensions !== null}`;
  let shown = known.get(key);
  if (shown === undefined) {
    shown = makeShown(frames, groups, hides, choice === 'no-standard-library', folded);
    if (comprehensions !== null) for (const [row, is] of comprehensions.entries()) if (is === 1) shown[row] = 0;
    if (shown.every((each) => each === 1)) shown = null;
    known.set(key, shown);
  }
  return shown;
}

const COMPREHENSIONS: ReadonlySet<string | null> = new Set(['<listcomp>', '<dictcomp>', '<setcomp>']);

const comprehensionsOfFrames = new WeakMap<FrameTable, Uint8Array | null>();

/**
 * By frame row: 1 where it is a comprehension of a list, a dictionary or a set, as a function of its own before Python
 * 3.12. Null where none is.
 */
export function comprehensionsOf(frames: FrameTable): Uint8Array | null {
  let known = comprehensionsOfFrames.get(frames);
  if (known === undefined) {
    const found = new Uint8Array(frames.length);
    for (let row = 0; row < frames.length; row++) {
      if (frames.kind[row] === PYTHON_FRAME && COMPREHENSIONS.has(frames.functionName[row] ?? null)) found[row] = 1;
    }
    comprehensionsOfFrames.set(frames, (known = found.includes(1) ? found : null));
  }
  return known;
}

/** `libraries` null: no frame of the interpreter is hidden. */
function makeShown(
  frames: StackTables['frames'],
  { moduleOf, modules }: FrameGroups,
  hides: boolean,
  hideStandardLibrary: boolean,
  libraries: FrameLibraries | null,
): Uint8Array {
  const { length, kind } = frames;
  const shownModule = modules.map(
    (module) =>
      !hides || (module.kind !== 'importSystem' && !(hideStandardLibrary && module.kind === 'standardLibrary')),
  );
  const shown = Uint8Array.from(moduleOf, (module) => (shownModule[module] ? 1 : 0));
  if (hides) {
    const runners = runnerFrames(frames);
    for (let row = 0; row < length; row++) if (runners[row] === 1 && shown[row] === 1) shown[row] = RUNNER;
  }
  if (libraries !== null) {
    const { attributions, attributionOf } = libraries;
    const hidden = attributions.map(({ category }) => INTERPRETER.has(category));
    for (let row = 0; row < length; row++) {
      if (kind[row] === NATIVE_FRAME && hidden[attributionOf[row]!]) shown[row] = 0;
    }
  }
  return shown;
}

/** How the interpreter runs Python frames and imports: those frames themselves say it better. */
const INTERPRETER = new Set(['interpreter', 'importSystem']);
