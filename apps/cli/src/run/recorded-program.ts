/**
 * A command line as people type it (`python app.py`, `python -m app`, `app.py`, `pytest tests`, a script that pip
 * installed) → which Python runs it, and the same command line under memray. Tests are handed to pytest-memray where it is
 * there: it makes a capture of each.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { printable } from '@memscope/model/text/printable';

import { UsageError } from '../exit-code.js';

export interface RecordedProgram {
  /** A path, or a name that is looked for on the PATH. */
  readonly python: string;
  /** The interpreter's own options, as `-u` and `-X dev`. */
  readonly pythonOptions: readonly string[];
  /** `-m MODULE`, `-c CODE`, or a script's path. */
  readonly entry: readonly string[];
  readonly parameters: readonly string[];
  /** What its captures are called after; not empty, and no path. */
  readonly name: string;
  readonly isPytest: boolean;
}

const PYTHON = /^python[\d.]*$/;
/** Options of the interpreter with a value, in the same word or the next. */
const WITH_VALUE = 'WX';
/** Those, and what says the program. */
const LETTERS = /[WXmc]/;
/** A script of pip says its interpreter in the first line, or in the second where that would be too long for the system. */
const HEAD_BYTES = 4096;

/** `command` has at least one word. Throws `UsageError` for what is no Python program. */
export function recordedProgram(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RecordedProgram {
  const [first = '', ...rest] = command;
  if (PYTHON.test(basename(first))) return programOf(first, rest);
  if (first.startsWith('-') || first.endsWith('.py')) return programOf('python3', command);
  const script = findScript(first, env['PATH'] ?? '');
  const interpreter = script === null ? null : interpreterOf(script);
  if (script === null || interpreter === null) {
    throw new UsageError(
      `run: ${printable(first)} is ${script === null ? 'not there' : 'no Python program'}; name one as in ` +
        '`memscope run -- python app.py`, and put what starts it, as `uv run`, before `memscope run`',
    );
  }
  const [python = '', ...options] = interpreter;
  return programOf(python, [...options, script, ...rest]);
}

/** Throws `UsageError` where nothing is said to run. */
function programOf(python: string, words: readonly string[]): RecordedProgram {
  const pythonOptions: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith('-') || word === '-')
      return word === '-' ? refuse(python) : entryOf([word], words.slice(at + 1));
    if (word === '--check-hash-based-pycs') {
      pythonOptions.push(word, ...words.slice(++at, at + 1));
      continue;
    }
    // Letters may share a word: `-Im app` is `-I -m app`.
    const letter = word.search(LETTERS);
    if (word.startsWith('--') || letter === -1) {
      pythonOptions.push(word);
      continue;
    }
    const isWhole = letter < word.length - 1;
    const value = isWhole ? word.slice(letter + 1) : words[++at];
    if (value === undefined) return refuse(python);
    if (WITH_VALUE.includes(word[letter]!)) {
      pythonOptions.push(word, ...(isWhole ? [] : [value]));
      continue;
    }
    if (letter > 1) pythonOptions.push(word.slice(0, letter));
    return entryOf([`-${word[letter]!}`, value], words.slice(at + 1));
  }
  return refuse(python);

  function entryOf(entry: readonly string[], parameters: readonly string[]): RecordedProgram {
    const name = nameOf(entry);
    const isPytest = entry[0] !== '-c' && (name === 'pytest' || name === 'py.test');
    return { python, pythonOptions, entry, parameters, name, isPytest };
  }
}

function refuse(python: string): never {
  throw new UsageError(
    `run: ${printable(python)} needs a program to record: a file, -m MODULE or -c CODE, as in \`memscope run -- python app.py\``,
  );
}

function nameOf([kind = '', value = '']: readonly string[]): string {
  if (kind === '-c') return 'command';
  const name = kind === '-m' ? value : basename(kind).replace(/\.py$/, '');
  return name.replaceAll(/[^\w.-]/g, '_').slice(0, LONGEST_NAME) || 'program';
}

const LONGEST_NAME = 100;

/** As a shell finds it; null where it is not there. */
function findScript(name: string, path: string): string | null {
  const places = name.includes('/') ? [name] : path.split(delimiter).map((folder) => join(folder, name));
  return places.find((place) => statSync(place, { throwIfNoEntry: false })?.isFile() === true) ?? null;
}

/** The Python of a script's first line, with its options; null where it is no script of Python's. */
function interpreterOf(script: string): readonly string[] | null {
  const [first = '', second = ''] = headOf(script).split('\n');
  if (!first.startsWith('#!')) return null;
  const words = first.slice(2).trim().split(/\s+/);
  const isEnv = basename(words[0] ?? '') === 'env';
  const named = isEnv ? words.slice(1).filter((word) => word !== '-S') : words;
  if (PYTHON.test(basename(named[0] ?? ''))) return named;
  const long = /^'''exec' (?:"([^"]+)"|(\S+)) /.exec(second);
  const python = long?.[1] ?? long?.[2];
  return python !== undefined && PYTHON.test(basename(python)) ? [python] : null;
}

function headOf(path: string): string {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

export interface Recording {
  /** Memray's options, as `--native`. */
  readonly options: readonly string[];
  /** The capture, or for tests the folder of captures. */
  readonly output: string;
  readonly overwrites: boolean;
}

/** Parameters of the interpreter: the program under `memray run`, which stays silent. */
export function underMemray({ pythonOptions, entry, parameters }: RecordedProgram, recording: Recording): string[] {
  const { options, output, overwrites } = recording;
  const memray = ['run', '--quiet', ...(overwrites ? ['--force'] : []), ...options, '--output', output];
  return [...pythonOptions, '-m', 'memray', ...memray, ...entry, ...parameters];
}

/** Parameters of the interpreter: the tests, each recorded by pytest-memray. */
export function underPlugin({ pythonOptions, entry, parameters }: RecordedProgram, recording: Recording): string[] {
  const plugin = ['--memray', '--memray-bin-path', recording.output, ...recording.options];
  return [...pythonOptions, ...entry, ...plugin, ...parameters];
}
