/**
 * A name from a capture → what the page shows of it: control, bidi and invisible characters as escapes, and at most so
 * many characters, the middle of what is longer replaced by how much is left out.
 */
import { formatCount, isCode, moduleOfFile, printable, type FlameLabel, type FunctionName } from '@memscope/model';

const MOST = 160;
const MOST_OF_TITLE = 600;
/** Escapes are longer than what they stand for; a name is never worth more than this. */
const MOST_READ = 4000;

export function visible(text: string, most = MOST): string {
  const whole = printable(text.length > MOST_READ ? text.slice(0, MOST_READ) : text);
  const left = text.length > MOST_READ ? text.length - MOST_READ : 0;
  if (whole.length <= most && left === 0) return whole;
  const head = Math.ceil(most * 0.7);
  const tail = left > 0 ? '' : whole.slice(whole.length - (most - head));
  const cut = whole.length - head - tail.length + left;
  return `${whole.slice(0, head)} …${formatCount(cut)} more… ${tail}`.trimEnd();
}

/** The name of a frame, a thread or everything. */
export function nameOf({ name }: FlameLabel, most = MOST): string {
  return name === '' ? '?' : visible(name, most);
}

/** "pandas/core/frame.py:12"; empty where it is not known. */
export function placeOf(label: FlameLabel, most = MOST): string {
  const { kind, file, line, module } = label;
  if (!isCode(label)) return '';
  if (file === null) return kind === 'native' ? visible(module, most) : '';
  const short = kind === 'native' ? file : moduleOfFile(file).shortFile;
  return line === null || line <= 0 ? visible(short, most) : `${visible(short, most)}:${line}`;
}

/** Name and place whole, for the title of what shows a part of them. */
export function titleOf(label: FlameLabel): string {
  const { file, line } = label;
  const place = file === null ? placeOf(label, MOST_OF_TITLE) : visible(file, MOST_OF_TITLE);
  const number = file === null || line === null || line <= 0 ? '' : `:${line}`;
  return `${nameOf(label, MOST_OF_TITLE)} ${isCode(label) ? place + number : ''}`.trim();
}

/** The last part of its file: "frame.py:12"; of a package's own file with its folder: "pandas/__init__.py:8". */
export function shortPlaceOf(label: FlameLabel): string {
  return /(?:[^/\\]+[/\\])?__init__\.py[^/\\]*$|[^/\\]*$/.exec(placeOf(label, 80))?.[0] ?? '';
}

/** A function as it is named in questions (NAME, a line feed, FILE): "<module> pandas/__init__.py". */
export function visibleFunction(target: FunctionName, most = 60): string {
  const at = target.indexOf('\n');
  const [name, file] = at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
  const short = file === '' ? '' : moduleOfFile(file).shortFile;
  return visible(short === '' ? name : `${name} ${short}`, most);
}
