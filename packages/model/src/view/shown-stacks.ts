/** Which frames of the stacks that a question is about show. */
import type { FrameLibraries } from '../analysis/libraries/stack-owners.js';
import type { StackTables } from '../profile.js';
import { NATIVE_FRAME } from '../tables.js';
import type { FrameGroups } from './frame-groups.js';
import type { StackChoice } from './view-choices.js';

export interface HidingOptions {
  readonly hideImportSystem: boolean;
  readonly hideStandardLibrary: boolean;
  readonly stacks?: StackChoice;
  readonly interpreterFrames?: boolean;
}

/** Each once for the same frames and libraries: several measures and windows are asked of them. */
const shownOfFrames = new WeakMap<FrameGroups | FrameLibraries, Map<string, Uint8Array>>();

/**
 * By frame row: 1 where it is shown; null = all are. `libraries` is asked only where native frames may be hidden. The
 * same column for the same question.
 */
export function hideFrames(
  { frames }: StackTables,
  groups: FrameGroups,
  { hideImportSystem, hideStandardLibrary, stacks = 'joined', interpreterFrames = false }: HidingOptions,
  libraries: () => FrameLibraries,
): Uint8Array | null {
  const folds = stacks === 'joined' && !interpreterFrames && frames.kind.includes(NATIVE_FRAME);
  const hides = hideImportSystem || hideStandardLibrary;
  if (!folds && !hides) return null;
  const folded = folds ? libraries() : null;
  const owner = folded ?? groups;
  const known = shownOfFrames.get(owner) ?? new Map<string, Uint8Array>();
  shownOfFrames.set(owner, known);
  const key = `${hideImportSystem} ${hideStandardLibrary}`;
  let shown = known.get(key);
  if (shown === undefined) known.set(key, (shown = makeShown(frames, groups, hides, hideStandardLibrary, folded)));
  return shown;
}

/** `libraries` null: no frame of the interpreter is hidden. */
function makeShown(
  { length, kind }: StackTables['frames'],
  { moduleOf, modules }: FrameGroups,
  hides: boolean,
  hideStandardLibrary: boolean,
  libraries: FrameLibraries | null,
): Uint8Array {
  const shownModule = modules.map(
    (module) =>
      !hides || (module.kind !== 'importSystem' && !(hideStandardLibrary && module.kind === 'standardLibrary')),
  );
  const shown = Uint8Array.from(moduleOf, (module) => (shownModule[module] ? 1 : 0));
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
