/** Frames → whose memory it is: the rules compiled once, each module looked up once. */
import { moduleOfFile, type PythonModuleKind } from '../module-of-file.js';
import {
  fitsPath,
  fitsPattern,
  qualifiedName,
  type Attribution,
  type FramePlace,
  type LibraryRule,
} from './library-rule.js';
import { LIBRARY_RULES } from './library-rule-table.js';

const CATEGORY_OF_KIND: Readonly<Record<PythonModuleKind, string>> = {
  package: 'package',
  standardLibrary: 'standardLibrary',
  importSystem: 'importSystem',
  application: 'application',
  generated: 'generated',
  unknown: 'unknown',
  none: 'unknown',
};

/** Folders of a system's own libraries. */
const SYSTEM_FOLDER = /^\/(?:usr\/)?lib(?:32|64|x32)?\//;
const UNKNOWN: Attribution = { category: 'unknown', library: 'unknown' };

export interface FrameAttributor {
  /** Never fails: what no rule fits falls to its package, the system or the application. */
  attribute(frame: FramePlace): Attribution;
}

/** `own` rules are tried before memscope's. */
export function makeFrameAttributor(own: readonly LibraryRule[] = []): FrameAttributor {
  const rules = [...own, ...LIBRARY_RULES];
  /** Rules that a module, or a Python file's package, leaves in question, by module path and by package. */
  const byModule = new Map<string, readonly LibraryRule[]>();
  const byPackage = new Map<string, readonly LibraryRule[]>();
  const rulesFor = (
    known: Map<string, readonly LibraryRule[]>,
    key: string,
    fits: (rule: LibraryRule) => boolean,
  ): readonly LibraryRule[] => {
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = rules.filter(fits)));
    return found;
  };

  return {
    attribute({ kind, module, functionName, file }) {
      let name = kind === 'native' ? null : functionName;
      const fitsFunction = (patterns: readonly string[]): boolean => {
        // Of most modules no rule asks what a function is called.
        name ??= functionName === null ? null : qualifiedName(functionName);
        return name !== null && patterns.some((pattern) => fitsPattern(pattern, name!));
      };
      const fitsRest = (rule: LibraryRule): boolean =>
        (rule.function === undefined || fitsFunction(rule.function)) &&
        (rule.file === undefined || (file !== null && rule.file.some((pattern) => fitsPath(pattern, file))));
      if (kind === 'python') {
        const { name: package_, kind: moduleKind } = moduleOfFile(file);
        const candidates = rulesFor(
          byPackage,
          package_,
          (rule) => rule.module === undefined && fitsPackage(rule, package_),
        );
        // memscope's rules of functions are for native code: a Python function of that name is another.
        const rule = candidates.find(
          (each) => (each.package !== undefined || each.file !== undefined || own.includes(each)) && fitsRest(each),
        );
        return rule ?? { category: CATEGORY_OF_KIND[moduleKind], library: package_ };
      }
      const package_ = module === null ? '' : packageOfModule(module);
      const candidates = rulesFor(byModule, module ?? '', (rule) => {
        if (rule.module !== undefined && !rule.module.some((pattern) => module !== null && fitsPath(pattern, module)))
          return false;
        return fitsPackage(rule, package_);
      });
      return candidates.find(fitsRest) ?? fallback(module, package_);
    },
  };
}

function fitsPackage(rule: LibraryRule, name: string): boolean {
  return rule.package === undefined || (name !== '' && rule.package.some((pattern) => fitsPattern(pattern, name)));
}

/** The Python package that a native module belongs to, '' for none; `numpy.libs` is numpy's. */
function packageOfModule(path: string): string {
  const { name, kind } = moduleOfFile(path);
  return kind === 'package' ? name.replace(/\.libs$/, '').replace(/\.(?:abi3|cpython-[\w-]+)$/, '') : '';
}

function fallback(module: string | null, package_: string): Attribution {
  if (module === null || module === '') return UNKNOWN;
  if (package_ !== '') return { category: 'package', library: package_ };
  if (moduleOfFile(module).kind === 'standardLibrary')
    return { category: 'standardLibrary', library: 'standard library' };
  const library = module.slice(module.lastIndexOf('/') + 1).replace(/\.so(?:\.[\d.]+)?$/, '');
  return { category: SYSTEM_FOLDER.test(module) ? 'system' : 'application', library };
}
