/**
 * The file name of a frame → the part of it by which the same file is known in another run: on another machine, in
 * another virtual environment, under another minor version of Python, with another build of a library. What stands
 * before `site-packages` or `lib/python3.x` goes, and so do versions and platforms within names. Files of the
 * application keep their folders: those are matched by how far they agree from the end (match-files.ts).
 */
import { moduleOfFile } from '../analysis/module-of-file.js';

/** "torch-2.6.0", "build_lib-1.2.3.dev4+cu121" → the name alone. */
const VERSIONED_FOLDER = /^(.+?)[-_]v?\d+(?:\.\d+)+(?:[a-z]+\d*|\.(?:dev|post)\d+)*(?:\+[\w.]+)?$/;
/** "python3.13", "python3.13t" → "python". */
const PYTHON_FOLDER = /^(python|pypy)\d+(?:\.\d+)*[a-z]*$/;
/** "_core.cpython-311-x86_64-linux-gnu.so", "_core.abi3.so", "_core.cp311-win_amd64.pyd" → "_core.so", "_core.pyd". */
const EXTENSION_TAG = /\.(?:cpython-\d+[\w-]*|pypy\d+[\w-]*|abi\d+|cp\d+-[\w-]+)(?=\.(?:so|pyd|dylib)$)/;
/** "libtorch.so.2.6", "libopenblas-r0-f650aae0.3.3.so" as wheels name what they bundle → "libtorch.so". */
const LIBRARY_VERSION = /^(lib.+?)(?:-[0-9a-f]{8,})?(?:-\d+(?:\.\d+)*|\.\d+(?:\.\d+)*)?\.so(?:\.\d+)*$/;

/** Whether files of this kind lie wherever the program was put, so that only the end of their path tells them apart. */
export function liesAnywhere(file: string): boolean {
  return moduleOfFile(file).kind === 'application' && !file.startsWith('<');
}

/** With slashes. Two files with the same result are the same file of two runs. */
export function portableFile(file: string): string {
  const { shortFile } = moduleOfFile(file);
  if (shortFile.startsWith('<')) return shortFile;
  return shortFile
    .split(/[\\/]+/)
    .map(portableName)
    .join('/');
}

/** Of a folder, a file or a package alone. */
export function portableName(name: string): string {
  if (LIBRARY_VERSION.test(name)) return name.replace(LIBRARY_VERSION, '$1.so');
  return name.replace(EXTENSION_TAG, '').replace(PYTHON_FOLDER, '$1').replace(VERSIONED_FOLDER, '$1');
}
