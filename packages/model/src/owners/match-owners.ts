/**
 * Owners of one run after the other → one list of owners over all runs. Two are the same where kind, function and file
 * agree; neither lines nor addresses count. What is left over agrees more loosely, where exactly one owner on either side
 * does: without the function around it (`outer.<locals>.inner`) and without template arguments
 * (`Pool<float>::grow` is `Pool<float, 64>::grow`). The import system is one owner, whichever of its functions it was.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import { OWNER_KINDS, type OwnerTable } from '../tables.js';
import { FileNames, type RenamedPath } from './match-files.js';

/** What an owner of several runs is. */
export type MatchedOwnerKind = (typeof OWNER_KINDS)[number] | 'imports';

export interface MatchedOwner {
  readonly kind: MatchedOwnerKind;
  /** Null for what is no function. */
  readonly functionName: string | null;
  /** As the last run that has it writes it. */
  readonly file: string | null;
}

export interface MatchedOwners {
  readonly owners: readonly MatchedOwner[];
  /** By run and row of its `OwnerTable`: position in `owners`. */
  readonly ownerOfRow: readonly Uint32Array[];
}

/** Columns that tell owners apart. */
export type OwnerNames = Pick<OwnerTable, 'length' | 'kind' | 'functionName' | 'file'>;

export function matchOwners(runs: readonly OwnerNames[], renamed: readonly RenamedPath[] = []): MatchedOwners {
  const files = new FileNames(renamed);
  const owners: MatchedOwner[] = [];
  const positions = new Map<string, number>();
  const looseOfOwner: string[] = [];
  const ownerOfRow = runs.map((run) => {
    const names = files.addRun(run.file.filter((file) => file !== null));
    const described = Array.from({ length: run.length }, (_, row) => describe(run, row, names));
    const taken = new Set(described.map(({ key }) => positions.get(key)).filter((known) => known !== undefined));
    const looseHomes = onlyOnes(looseOfOwner.map((loose, at) => [taken.has(at) ? null : loose, at]));
    const looseStrays = onlyOnes(described.map(({ key, loose }, row) => [positions.has(key) ? null : loose, row]));
    return Uint32Array.from(described, ({ key, loose, owner }, row) => {
      let at = positions.get(key);
      if (at === undefined && loose !== null && looseStrays.get(loose) === row) at = looseHomes.get(loose);
      if (at === undefined) {
        at = owners.push(owner) - 1;
        looseOfOwner.push(loose ?? '');
      } else owners[at] = owner;
      positions.set(key, at);
      return at;
    });
  });
  return { owners, ownerOfRow };
}

interface Described {
  readonly key: string;
  /** Null for what has no looser name. */
  readonly loose: string | null;
  readonly owner: MatchedOwner;
}

function describe(run: OwnerNames, row: number, names: ReadonlyMap<string, string>): Described {
  const kind = OWNER_KINDS[run.kind[row]!]!;
  const [functionName, file] = [run.functionName[row] ?? null, run.file[row] ?? null];
  if (kind === 'function' && moduleOfFile(file).kind === 'importSystem') {
    return { key: 'imports', loose: null, owner: { kind: 'imports', functionName: null, file: null } };
  }
  const place = file === null ? '' : (names.get(file) ?? file);
  return {
    key: `${kind}\0${place}\0${functionName ?? ''}`,
    loose: functionName === null ? null : `${kind}\0${place}\0${looseName(functionName)}`,
    owner: { kind, functionName, file },
  };
}

function looseName(functionName: string): string {
  return withoutTemplateArguments(functionName.split('<locals>.').at(-1)!);
}

/** `a<b<c>>::d<e>` → `a::d`; names such as `<lambda>` and `operator<` stay. */
function withoutTemplateArguments(name: string): string {
  let [depth, kept] = [0, ''];
  for (let at = 0; at < name.length; at++) {
    const letter = name[at]!;
    if (letter === '<' && at > 0 && /\w/.test(name[at - 1]!) && !kept.endsWith('operator')) depth++;
    else if (letter === '<' && depth > 0) depth++;
    else if (letter === '>' && depth > 0) depth--;
    else if (depth === 0) kept += letter;
  }
  return depth === 0 ? kept : name;
}

/** Texts that stand once → where. */
function onlyOnes(texts: readonly (readonly [string | null, number])[]): Map<string, number> {
  const found = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [text, at] of texts) {
    if (text === null || text === '') continue;
    if (found.has(text)) repeated.add(text);
    else found.set(text, at);
  }
  for (const text of repeated) found.delete(text);
  return found;
}
