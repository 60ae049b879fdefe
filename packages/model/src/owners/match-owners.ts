/**
 * Owners of one run after the other → one list of owners over all runs. Two are the same where kind, function and file
 * agree; neither lines nor addresses count. What is left over agrees more loosely, where exactly one owner on either side
 * does: without the function around it (`outer.<locals>.inner`) and without template arguments
 * (`Pool<float>::grow` is `Pool<float, 64>::grow`).
 */
import { OWNER_KINDS, type OwnerKind, type OwnerTable } from '../tables.js';
import { FileNames } from './match-files.js';
import { portableFile } from './portable-file.js';

export interface MatchedOwner {
  readonly kind: OwnerKind;
  /** Null for what is no function. */
  readonly functionName: string | null;
  /** As the first run that has it writes it. */
  readonly file: string | null;
}

export interface MatchedOwners {
  readonly owners: readonly MatchedOwner[];
  /** By run and row of its `OwnerTable`: position in `owners`. */
  readonly ownerOfRow: readonly Uint32Array[];
}

/** Columns that tell owners apart. */
export type OwnerNames = Pick<OwnerTable, 'length' | 'kind' | 'functionName' | 'file'>;

/** `namesOfRuns` says by file of each run what all runs call it; found here where nobody knows. */
export function matchOwners(
  runs: readonly OwnerNames[],
  namesOfRuns: readonly ReadonlyMap<string, string>[] = nameFiles(runs),
): MatchedOwners {
  const owners: MatchedOwner[] = [];
  const positions = new Map<string, number>();
  const looseOfOwner: string[] = [];
  const ownerOfRow = runs.map((run, position) => {
    const described = Array.from({ length: run.length }, (_, row) => describe(run, row, namesOfRuns[position]!));
    const taken = new Set(described.map(({ key }) => positions.get(key)).filter((known) => known !== undefined));
    const looseHomes = onlyOnes(looseOfOwner.map((loose, at) => [taken.has(at) ? null : loose, at]));
    const looseStrays = onlyOnes(described.map(({ key, loose }, row) => [positions.has(key) ? null : loose, row]));
    return Uint32Array.from(described, ({ key, loose, owner }, row) => {
      let at = positions.get(key);
      if (at === undefined && loose !== null && looseStrays.get(loose) === row) at = looseHomes.get(loose);
      if (at === undefined) {
        at = owners.push(owner) - 1;
        looseOfOwner.push(loose ?? '');
      }
      positions.set(key, at);
      return at;
    });
  });
  return { owners, ownerOfRow };
}

function nameFiles(runs: readonly OwnerNames[]): Map<string, string>[] {
  const files = new FileNames();
  return runs.map(({ file }) => files.addRun(file.filter((each) => each !== null)));
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
  const place = file === null ? '' : (names.get(file) ?? portableFile(file));
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
