/**
 * From a frame to the library that owns the memory it asked for, and that library's category, by rules. A rule names
 * patterns of modules, functions, source files or Python packages; all that it names must fit, of each list one. The
 * first rule that fits decides.
 *
 * Patterns are plain text in which `*` stands for any characters. A pattern of modules or files without a slash is for
 * the name, one with a slash for the end of the path. Patterns of functions are for the qualified name alone:
 * `at::native::empty` of `at::Tensor at::native::empty<float>(long)`.
 */

/** What the library is to the program. Rules may name others. */
export const LIBRARY_CATEGORIES = [
  'application',
  'pythonObjects',
  'framework',
  'package',
  'math',
  'gpu',
  'interpreter',
  'importSystem',
  'standardLibrary',
  'system',
  'profiler',
  'generated',
  'unknown',
] as const;

const CATEGORY_NAMES: Readonly<Record<string, string>> = {
  gpu: 'GPU',
  importSystem: 'import system',
  // All of it is that library's.
  profiler: 'memray',
  pythonObjects: 'Python objects',
  standardLibrary: 'standard library',
};

/** What people call a category. */
export function nameCategory(category: string): string {
  return Object.hasOwn(CATEGORY_NAMES, category) ? CATEGORY_NAMES[category]! : category;
}

export interface LibraryRule {
  readonly category: string;
  readonly library: string;
  /** Files that native code was mapped from. */
  readonly module?: readonly string[];
  readonly function?: readonly string[];
  /** Source files: of Python frames, and of native ones that have debug sections. */
  readonly file?: readonly string[];
  /** Names of Python packages as `moduleOfFile` gives them; native modules of a package count. */
  readonly package?: readonly string[];
  /** The library hands out memory on behalf of its callers: where one is on the stack, it owns the memory. */
  readonly forCaller?: boolean;
}

/** What is known of a frame; null = not known, or not of this kind. */
export interface FramePlace {
  readonly kind: 'python' | 'native';
  /** Path of the mapped file. */
  readonly module: string | null;
  /** Demangled. */
  readonly functionName: string | null;
  readonly file: string | null;
}

export interface Attribution {
  readonly category: string;
  readonly library: string;
  /** As in the rule that gave it. */
  readonly forCaller?: boolean;
}

/** Whether `text` fits `pattern`, in time proportional to both. */
export function fitsPattern(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (parts.length === 1) return text === pattern;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether a path fits: by its name, or where the pattern has a slash by its end. */
export function fitsPath(pattern: string, path: string): boolean {
  if (!pattern.includes('/')) return fitsPattern(pattern, path.slice(path.lastIndexOf('/') + 1));
  return fitsPattern(pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `*/${pattern}`, path);
}

const NAMES_IN_PARENTHESES = ['(anonymous namespace)', 'operator()'];

/** The name of a demangled function without result, template arguments and parameters. */
export function qualifiedName(functionName: string): string {
  let depth = 0;
  let name = '';
  for (let at = 0; at < functionName.length; at++) {
    const whole = NAMES_IN_PARENTHESES.find((text) => depth === 0 && functionName.startsWith(text, at));
    if (whole !== undefined) {
      name += whole;
      at += whole.length - 1;
      continue;
    }
    const character = functionName[at]!;
    // Operators are written with the same signs as template arguments; nothing of interest follows them.
    if (depth === 0 && functionName.startsWith('operator', at) && /^operator\W/.test(functionName.slice(at, at + 9))) {
      return lastWord(name) + functionName.slice(at);
    }
    if (character === '<') depth++;
    else if (character === '>') depth = Math.max(0, depth - 1);
    else if (depth === 0) {
      if (character === '(') break;
      name += character;
    }
  }
  return lastWord(name);
}

/** What a result is separated from by a space; `(anonymous namespace)` holds one, too. */
function lastWord(name: string): string {
  const plain = name.replaceAll('(anonymous namespace)', '(anonymous_namespace)');
  return plain.slice(plain.lastIndexOf(' ') + 1).replaceAll('(anonymous_namespace)', '(anonymous namespace)');
}
