/** The line that a finding is about → what sentences call it, and the filter that it passes. */
import type { LocationUsage } from '../../profile.js';
import { formatPattern, quotePlain } from '../../filter/pattern.js';
import { shortenSymbol } from '../../text/shorten-symbol.js';
import { moduleOfFile } from '../module-of-file.js';

/** A line of Python; `file` null = memory without a Python frame. */
export type FindingPlace = Pick<LocationUsage, 'functionName' | 'file' | 'line'>;

/** Names in a sentence are cut here: they come from the capture and can be of any length. */
const LONGEST_NAME = 80;

/** The line alone: "charts.py:4", a library's from its package on. */
export function nameLine({ file, line }: FindingPlace): string {
  const { kind, shortFile } = moduleOfFile(file);
  const name = kind === 'application' ? shortFile.replace(/^.*[\\/](?=[^\\/])/, '') : shortFile;
  return `${cutName(name)}${line > 0 ? `:${line}` : ''}`;
}

/** What the line, and all that it leads to, passes. */
export function lineFilter({ file, line }: FindingPlace): string {
  const { kind, shortFile } = moduleOfFile(file);
  const name = kind === 'application' ? shortFile.split(/[\\/]/).slice(-2).join('/') : shortFile;
  const text = `${name}:${line}`;
  return `line:${/^[\w.@+-][\w.@+/-]*:\d+$/.test(text) ? text : quotePlain(text)}`;
}

/** Longer filters nobody reads. */
export const LONGEST_FILTER = 62;

/** What the function passes, at any line; null where its names are not known, or too long. */
export function functionFilter({ functionName, file }: FindingPlace): string | null {
  const name = file?.replace(/^.*[\\/](?=[^\\/])/, '') ?? null;
  if (functionName === null || name === null || functionName.length + name.length > LONGEST_FILTER) return null;
  const text = (part: string): string => formatPattern({ kind: 'plain', text: part });
  return `function:${text(functionName)} file:${text(name)}`;
}

/** As long as a finding may say it. */
export function cutName(name: string): string {
  return cutNameTo(LONGEST_NAME, name);
}

/** Without what fills the brackets of a function; else it keeps both ends: a path is known by its last part. */
export function cutNameTo(longest: number, name: string): string {
  const shorter = shortenSymbol(name, longest);
  if (shorter.length <= longest) return shorter;
  return `${shorter.slice(0, longest / 4)}…${shorter.slice(-longest * 0.75)}`;
}
