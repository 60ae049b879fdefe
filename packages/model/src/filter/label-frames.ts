/** Labels → the tables of frames and modules that filters look at, a row a label: for matching what is shown by its name. */
import type { FlameLabel } from '../api.js';
import { NATIVE_FRAME, PYTHON_FRAME } from '../tables.js';
import { isCode } from '../view/paths/label-key.js';
import type { FilterFrames, FilterModules } from './match-frames.js';

/** Names and files of everything but frames are null. Of a native module only its name is known. */
export function labelFrames(labels: readonly FlameLabel[]): {
  readonly frames: FilterFrames;
  readonly modules: FilterModules;
} {
  const names = labels.map((label) => (label.kind === 'native' ? label.module : ''));
  return {
    frames: {
      length: labels.length,
      // What is no frame has no text at all as a native one without a module.
      kind: Uint8Array.from(labels, (label) =>
        isCode(label) && label.kind !== 'native' ? PYTHON_FRAME : NATIVE_FRAME,
      ),
      functionName: labels.map((label) => (isCode(label) ? label.name : null)),
      file: labels.map((label) => (isCode(label) ? label.file : null)),
      line: new Int32Array(labels.length),
      module: Int32Array.from(labels, (label, row) => (label.kind === 'native' ? row : -1)),
    },
    modules: { length: labels.length, name: names, path: names },
  };
}
