/**
 * The view in which a finding's number stands, as a value: the command line and the page's link are both made of it, so
 * that they cannot differ.
 */
import type { SiteMeasure } from '../../profile.js';

export interface FindingView {
  readonly view: 'tree' | 'table' | 'leaks' | 'timeline';
  /** Null = the view's own. */
  readonly measure: SiteMeasure | null;
  /** As `--window` takes it; null = the whole recording. */
  readonly window: string | null;
  /** The filter language; null = everything. */
  readonly filter: string | null;
  /** Its number is the finding's; else it shows all of the finding's place, or where that is not known all there is. */
  readonly exact: boolean;
}

export function viewOf(view: FindingView['view'], parts: Partial<Omit<FindingView, 'view'>> = {}): FindingView {
  return { view, measure: null, window: null, filter: null, exact: true, ...parts };
}

/** What to type: "memscope tree capture.bin --measure leaked --filter 'function:handle'"; several captures are taken as one; with a base, against it. */
export function commandOf(shown: FindingView, capturePaths: readonly string[], basePath: string | null = null): string {
  // Where no view has the number, all leaks are headed by the finding itself.
  const { view, measure, window, filter } = shown.exact ? shown : viewOf('leaks');
  const files = capturePaths.map(asFile);
  const words = ['memscope', view, ...files];
  if (basePath !== null) words.push('--base', asFile(basePath));
  if (files.length > 1) words.push('--together');
  // Views of stacks show the peak unless they are asked otherwise.
  if (measure !== null && !(measure === 'peak' && view !== 'leaks')) words.push('--measure', measure);
  if (window !== null) words.push('--window', window);
  if (filter !== null) words.push('--filter', filter);
  return words.map(quoteForShell).join(' ');
}

/** A file called like a flag is none. */
function asFile(path: string): string {
  return path.startsWith('-') && path !== '-' ? `./${path}` : path;
}

/** A path as a POSIX shell takes it for one word, and memscope for a path. */
export function quotePath(path: string): string {
  return quoteForShell(asFile(path));
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
