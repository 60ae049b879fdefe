/**
 * A row by line of the application → the filter that what is on it passes, and nothing else: files by as much of their
 * paths as tells them apart, with its function where another stands on the same line, as a comprehension does, and with
 * the part of the line where what it imports is a row of its own.
 */
import { anyOf, textTerm, type Filter } from '../filter/filter.js';
import type { SiteKeys } from '../profile.js';
import type { SiteRow } from '../rows.js';
import {
  frameOfLine,
  kindOfLine,
  LINE_KIND,
  LINE_PARTS,
  LEAK_ROW_KINDS,
  namesOfLine,
  OBJECTS_KIND,
} from './application-lines.js';
import { keysOfSites, linesOfSites } from './leak-places.js';
import type { Selection } from './selection.js';

interface ListedLines {
  /** By key of a row: the keys of the lines on it, which with a base may be several. */
  readonly linesOfKey: ReadonlyMap<number, readonly number[]>;
  /** By line, what it is called. */
  readonly nameOfLine: ReadonlyMap<number, string>;
  /** By that: in which of its parts something was allocated. */
  readonly partsOfName: ReadonlyMap<string, ReadonlySet<number>>;
  readonly fileNames: ReadonlyMap<string, string>;
}

const listedOfSites = new WeakMap<SiteKeys, ListedLines>();

export function filterOfApplication(site: SiteRow, selection: Selection): Filter {
  const { linesOfKey, nameOfLine, partsOfName, fileNames } = listLines(selection);
  const lines = linesOfKey.get(keysOfSites(selection)[site]!) ?? [];
  const names = lines.map((line) => {
    const name = nameOfLine.get(line)!;
    const isAlone = partsOfName.get(name)!.size < 2;
    const file = selection.stackTables.frames.file[frameOfLine(line) ?? -1] ?? '';
    const short = (fileNames.get(file) ?? file) + name.slice(file.length);
    return isAlone ? short : short + LINE_PARTS[kindOfLine(line) === LINE_KIND ? 'line' : 'import'];
  });
  return anyOf(...[...new Set(names)].map((text) => textTerm('application', { kind: 'plain', text })));
}

/** Its file with its number, and with its function, too; where lines are not told apart with its function alone. */
function nameLine(line: number, { groups, stackTables }: Selection): readonly [name: string, exactName: string] {
  const names = namesOfLine(line, stackTables.frames);
  if (kindOfLine(line) >= OBJECTS_KIND) return [names[0]!, names[0]!];
  // Of each name the one without its part comes first.
  const name = (groups.withLines ? names[0] : names.at(-2)) ?? '';
  return [name, groups.withLines ? (names[2] ?? name) : name];
}

function listLines(selection: Selection): ListedLines {
  const { sites, stackTables } = selection;
  const known = listedOfSites.get(sites);
  if (known !== undefined) return known;
  const [lines, keys] = [linesOfSites(selection), keysOfSites(selection)];
  const isSeen = new Uint8Array(LEAK_ROW_KINDS.length * Math.max(1, stackTables.frames.length));
  const linesOfKey = new Map<number, number[]>();
  const nameOfLine = new Map<number, string>();
  const partsOfName = new Map<string, Set<number>>();
  const exactNames = new Map<string, Set<string>>();
  const files = new Set<string>();
  for (let site = 0; site < lines.length; site++) {
    const line = lines[site]!;
    if (isSeen[line] === 1) continue;
    isSeen[line] = 1;
    linesOfKey.set(keys[site]!, [...(linesOfKey.get(keys[site]!) ?? []), line]);
    const [name, exactName] = nameLine(line, selection);
    exactNames.set(name, (exactNames.get(name) ?? new Set<string>()).add(exactName));
    files.add(stackTables.frames.file[frameOfLine(line) ?? -1] ?? '');
  }
  for (const line of [...linesOfKey.values()].flat()) {
    const [name, exactName] = nameLine(line, selection);
    const ownName = exactNames.get(name)!.size > 1 ? exactName : name;
    nameOfLine.set(line, ownName);
    partsOfName.set(ownName, (partsOfName.get(ownName) ?? new Set<number>()).add(kindOfLine(line)));
  }
  const listed = { linesOfKey, nameOfLine, partsOfName, fileNames: shortenFiles([...files]) };
  listedOfSites.set(sites, listed);
  return listed;
}

/** By file: as much of the end of its path as no other file ends in. */
function shortenFiles(files: readonly string[]): Map<string, string> {
  const owners = new Map<string, number>();
  const endsOf = (file: string): string[] => {
    const parts = file.split(/[\\/]/);
    return parts.map((_, at) => file.slice(file.length - parts.slice(parts.length - at - 1).join('/').length));
  };
  for (const file of files) {
    for (const end of endsOf(file)) owners.set(end.toLowerCase(), (owners.get(end.toLowerCase()) ?? 0) + 1);
  }
  return new Map(files.map((file) => [file, endsOf(file).find((end) => owners.get(end.toLowerCase()) === 1) ?? file]));
}
