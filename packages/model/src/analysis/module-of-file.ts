/**
 * From the file name of a Python frame to the module it belongs to: a third-party package by its name, the standard
 * library, the import system, generated code, or the application. Captures do not say where the interpreter keeps its
 * packages, so the rules go by how paths look (site-packages, lib/python3.x, `<frozen …>`); they are tried in order
 * and the first that fits decides.
 */

/** What sort of code a Python file is; `none` is no Python frame at all. */
export const PYTHON_MODULE_KINDS = [
  'application',
  'package',
  'standardLibrary',
  'importSystem',
  'generated',
  'unknown',
  'none',
] as const;

export type PythonModuleKind = (typeof PYTHON_MODULE_KINDS)[number];
/** What sort of code a module is. */
export type ModuleKind = PythonModuleKind | 'native';

export interface FileModule {
  /** "numpy", "google.protobuf", or one of the fixed names of the other kinds. */
  readonly name: string;
  readonly kind: PythonModuleKind;
  /** The file as people know it, without the folders above its package: "pandas/core/frame.py". */
  readonly shortFile: string;
}

const STANDARD_LIBRARY = 'standard library';
export const IMPORT_SYSTEM = 'import system';
const APPLICATION = 'application';
const GENERATED_CODE = 'generated code';
const UNKNOWN_FILE = '<unknown file>';
export const NO_PYTHON_FRAME = '<no Python frame>';
/** The same where native frames would show, too. */
export const NO_FRAME = '<no frame>';

/** Folders of site-packages that are shared by several distributions: the next folder belongs to the name. */
const NAMESPACE_ROOTS = new Set([
  'azure',
  'backports',
  'google',
  'google/cloud',
  'jaraco',
  'nvidia',
  'opentelemetry',
  'ruamel',
  'zope',
]);

const PACKAGE_FOLDER = /[\\/](?:site|dist)-packages[\\/]/g;
const UNPACKED_ARCHIVE = /[\\/][^\\/]+\.(?:whl|egg)[\\/]/g;
const LIBRARY_FOLDER = /[\\/](?:lib|lib64|Lib)[\\/](?:python|pypy)\d+(?:\.\d+)*[a-z]*(?:\.zip)?[\\/]/;
const LIBRARY_ARCHIVE = /[\\/]python\d+\.zip[\\/]/;
const IMPORT_FROZEN = /^<frozen (?:importlib\._bootstrap|importlib\._bootstrap_external|importlib|zipimport)>$/;
const IMPORT_FILE = /^(?:importlib[\\/](?:__init__|_abc|_bootstrap|_bootstrap_external|util)\.py|zipimport\.py)$/;
const INTERACTIVE = /^<(?:stdin|ipython-input-.*|python-input-\d+)>$/;

/** Which module `file` belongs to; null is an allocation without a Python frame. */
export function moduleOfFile(file: string | null): FileModule {
  let module = known.get(file);
  if (module === undefined) {
    if (known.size === MOST_KNOWN) known.clear();
    known.set(file, (module = findModule(file)));
  }
  return module;
}

/** Many frames are of one file, and several views ask of each. */
const known = new Map<string | null, FileModule>();
const MOST_KNOWN = 1 << 14;

function findModule(file: string | null): FileModule {
  if (file === null) return { name: NO_PYTHON_FRAME, kind: 'none', shortFile: '' };
  if (file === '' || file === '<unknown>') return { name: UNKNOWN_FILE, kind: 'unknown', shortFile: file };
  if (file.startsWith('<') && file.endsWith('>')) return moduleOfPseudoFile(file);

  const packaged = afterLast(file, PACKAGE_FOLDER) ?? afterLast(file, UNPACKED_ARCHIVE);
  if (packaged !== null) {
    // An egg within site-packages: its own folder comes between.
    const inner = packaged.replace(/^[^\\/]+\.egg[\\/]/, '');
    return { name: packageName(inner), kind: 'package', shortFile: inner };
  }
  const library = LIBRARY_FOLDER.exec(file) ?? LIBRARY_ARCHIVE.exec(file);
  if (library !== null) {
    const inner = file.slice(library.index + library[0].length);
    return IMPORT_FILE.test(inner)
      ? { name: IMPORT_SYSTEM, kind: 'importSystem', shortFile: inner }
      : { name: STANDARD_LIBRARY, kind: 'standardLibrary', shortFile: inner };
  }
  return { name: APPLICATION, kind: 'application', shortFile: file };
}

/** `<frozen runpy>`, `<string>`, `<stdin>`, `<__array_function__ internals>`: frames without a file. */
function moduleOfPseudoFile(file: string): FileModule {
  if (IMPORT_FROZEN.test(file)) return { name: IMPORT_SYSTEM, kind: 'importSystem', shortFile: file };
  if (file.startsWith('<frozen ')) return { name: STANDARD_LIBRARY, kind: 'standardLibrary', shortFile: file };
  if (INTERACTIVE.test(file)) return { name: APPLICATION, kind: 'application', shortFile: file };
  return { name: GENERATED_CODE, kind: 'generated', shortFile: file };
}

function packageName(inner: string): string {
  const parts = inner.split(/[\\/]/);
  let depth = 1;
  while (depth < parts.length - 1 && NAMESPACE_ROOTS.has(parts.slice(0, depth).join('/'))) depth++;
  return parts
    .slice(0, depth)
    .join('.')
    .replace(/\.(?:py|pyc|pyx|so)$/, '');
}

function afterLast(text: string, pattern: RegExp): string | null {
  let end = -1;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end < 0 || end >= text.length ? null : text.slice(end);
}

/** "app.py" of "/srv/app.py". */
export function nameOfPath(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
