/**
 * Native and joined stacks of real captures against memray's own. What differs, and why, is listed here: nothing else
 * may.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  listCaptures,
  oracleFrames,
  readOracle,
  SHARED_CAPTURES_FOLDER,
  type Oracle,
  type OracleFrame,
} from '@memscope/fixtures';
import { findSymbolizer, type SymbolizerKind } from '../src/index.js';
import { nameSites, readNative, type NamedSites, type NativeRead } from './read-native.js';

const SYSROOTS = join(SHARED_CAPTURES_FOLDER, '../sysroot');
const hasSysroots = existsSync(SYSROOTS);
if (!hasSysroots) {
  process.stderr.write(`symbols: ${SYSROOTS} is absent, so native stacks are not compared with memray's\n`);
}

/** A symbol table's name says more than the bare one that memray takes from DWARF: ours → memray's. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['serving::(anonymous namespace)::attention(unsigned long, int)', 'attention'],
]);

interface Expectation {
  readonly name: string;
  readonly sysroot: string;
  /** Names spelled differently in it. */
  readonly spellings: readonly string[];
  /** Rows of which memray shows fewer inlined calls: its library reads one nested range wrongly. */
  readonly deeper: number;
  /** The interpreter has no usable symbols, so that memray joins nothing. */
  readonly isStripped: boolean;
}

const ATTENTION = [...SPELLINGS.keys()];
const EXPECTATIONS: readonly Expectation[] = [
  { name: 'engine-dwarf5-v11', sysroot: 'v11', spellings: ATTENTION, deeper: 1, isStripped: false },
  { name: 'mixed-native-v11', sysroot: 'v11', spellings: [], deeper: 0, isStripped: false },
  { name: 'engine-dwarf5-v13', sysroot: 'v13', spellings: ATTENTION, deeper: 1, isStripped: true },
  { name: 'engine-split-v13', sysroot: 'v13', spellings: ATTENTION, deeper: 1, isStripped: true },
  { name: 'engine-stripped-v13', sysroot: 'v13', spellings: [], deeper: 0, isStripped: true },
  { name: 'mixed-native-v13', sysroot: 'v13', spellings: [], deeper: 0, isStripped: true },
];

interface Row {
  readonly native: readonly OracleFrame[];
  readonly joined: readonly OracleFrame[];
  readonly python: readonly OracleFrame[];
}

const textOf = (frames: readonly OracleFrame[]): string => frames.map((frame) => frame.join('|')).join('\n');

/** Rows that hold memory, by thread and Python stack. */
type Groups = Map<string, Row[]>;

function add(groups: Groups, tid: bigint | number, row: Row): void {
  const key = `${tid}@${textOf(row.python)}`;
  const rows = groups.get(key);
  if (rows === undefined) groups.set(key, [row]);
  // The allocator is of no interest here, nor are two places in a function that read the same.
  else if (
    !rows.some((other) => textOf(other.native) === textOf(row.native) && textOf(other.joined) === textOf(row.joined))
  ) {
    rows.push(row);
  }
}

function theirRows(oracle: Oracle, list: 'high_water_mark' | 'leaked'): Groups {
  const groups: Groups = new Map();
  for (const [tid, , , , python, native, hybrid] of oracle[list]) {
    add(groups, tid, {
      python: oracleFrames(oracle, python),
      native: oracleFrames(oracle, native ?? 0),
      joined: oracleFrames(oracle, hybrid ?? 0),
    });
  }
  return groups;
}

function ourRows(
  { decoded, heap }: NativeRead,
  named: NamedSites,
  list: 'high_water_mark' | 'leaked',
  used: Set<string>,
): Groups {
  const { sites, threads } = decoded;
  const { usages } = heap;
  const [bytes, count] =
    list === 'leaked' ? [usages.leakedBytes, usages.leakedCount] : [usages.peakBytes, usages.peakCount];
  const spelled = (frames: OracleFrame[]): OracleFrame[] =>
    frames.map(([name, file, line]) => {
      const theirs = SPELLINGS.get(name);
      if (theirs !== undefined) used.add(name);
      return [theirs ?? name, file, line];
    });
  const groups: Groups = new Map();
  for (let site = 0; site < sites.length; site++) {
    if (bytes[site] === 0 && count[site] === 0) continue;
    add(groups, threads.tid[sites.thread[site]!]!, {
      python: named.python(site),
      native: spelled(named.native(site)),
      joined: spelled(named.joinedFrames(site)),
    });
  }
  return groups;
}

/** Pairs rows whose texts are equal; returns those that are left over on both sides. */
function unmatched(theirs: Groups, ours: Groups, text: (row: Row) => string): { theirs: Row[]; ours: Row[] } {
  const left: { theirs: Row[]; ours: Row[] } = { theirs: [], ours: [] };
  for (const [key, rows] of theirs) {
    const mine = [...(ours.get(key) ?? [])];
    for (const row of rows) {
      const at = mine.findIndex((other) => text(other) === text(row));
      if (at < 0) left.theirs.push(row);
      else mine.splice(at, 1);
    }
    left.ours.push(...mine);
  }
  for (const [key, rows] of ours) if (!theirs.has(key)) left.ours.push(...rows);
  return left;
}

/** Whether `fewer` are functions of `more`, in order. */
function isSubsequence(fewer: readonly OracleFrame[], more: readonly OracleFrame[]): boolean {
  let at = 0;
  for (const [name] of more) if (at < fewer.length && fewer[at]![0] === name) at++;
  return at === fewer.length;
}

const captures = new Map(listCaptures().map((capture) => [capture.name, capture]));
const symbolizers: (readonly [SymbolizerKind, boolean])[] = await Promise.all(
  (['llvm-symbolizer', 'addr2line'] as const).map(async (kind) => {
    const isHere = await findSymbolizer(kind).then(
      () => true,
      () => false,
    );
    if (!isHere) process.stderr.write(`symbols: ${kind} is absent, so it is not compared with memray\n`);
    return [kind, isHere] as const;
  }),
);

for (const [symbolizer, isHere] of symbolizers) {
  describe.runIf(hasSysroots && isHere)(`with ${symbolizer}`, () => {
    for (const { name, sysroot, spellings, deeper, isStripped } of EXPECTATIONS) {
      const capture = captures.get(name);
      test.runIf(capture !== undefined)(`${name}: native and joined stacks are memray’s`, async () => {
        const oracle = readOracle(capture!.path);
        const read = readNative(capture!.path);
        const sysroots = [join(SYSROOTS, sysroot)];
        const named = await nameSites(read, { sysroots, symbolizer, cacheFolder: null });
        expect(named.symbols.modules.filter(({ warning }) => warning !== null)).toEqual([]);
        for (const list of ['high_water_mark', 'leaked'] as const) {
          const used = new Set<string>();
          const [theirs, ours] = [theirRows(oracle, list), ourRows(read, named, list, used)];
          expect([...used]).toEqual(spellings);

          const native = unmatched(theirs, ours, (row) => textOf(row.native));
          expect(native.theirs).toHaveLength(deeper);
          expect(native.ours).toHaveLength(deeper);
          for (const [row, { native: frames }] of native.theirs.entries()) {
            expect(native.ours[row]!.native.length).toBeGreaterThan(frames.length);
            expect(isSubsequence(frames, native.ours[row]!.native)).toBe(true);
          }
          if (isStripped) continue;
          const joined = unmatched(theirs, ours, (row) => textOf(row.joined));
          expect([joined.theirs.length, joined.ours.length]).toEqual([deeper, deeper]);
        }
      });

      test.runIf(capture !== undefined && isStripped)(
        `${name}: where memray gives up, native frames stand on the Python stack`,
        async () => {
          const read = readNative(capture!.path);
          const named = await nameSites(read, { sysroots: [join(SYSROOTS, sysroot)], symbolizer, cacheFolder: null });
          let onTop = 0;
          for (let site = 0; site < read.decoded.sites.length; site++) {
            const [python, native, joined] = [named.python(site), named.native(site), named.joinedFrames(site)];
            if (named.method(site) !== 'module') {
              // Only a stack without Python frames needs no loop.
              expect(python).toEqual([]);
              continue;
            }
            expect(textOf(joined.slice(0, python.length))).toBe(textOf(python));
            const above = joined.slice(python.length);
            expect(textOf(native).endsWith(textOf(above))).toBe(true);
            onTop += above.length > 0 ? 1 : 0;
          }
          if (name.startsWith('engine')) expect(onTop).toBeGreaterThan(20);
        },
      );
    }
  });
}

describe.runIf(hasSysroots)('without a symbolizer', () => {
  for (const { name, sysroot } of EXPECTATIONS) {
    const capture = captures.get(name);
    test.runIf(capture !== undefined)(`${name}: the outermost function of every native frame is memray’s`, async () => {
      const oracle = readOracle(capture!.path);
      const read = readNative(capture!.path);
      const sysroots = [join(SYSROOTS, sysroot)];
      const named = await nameSites(read, { sysroots, symbolizer: 'none', cacheFolder: null });
      const theirs = theirRows(oracle, 'high_water_mark');
      const ours = ourRows(read, named, 'high_water_mark', new Set());
      let compared = 0;
      for (const [key, rows] of ours) {
        for (const { native } of rows) {
          expect(native.every(([, file, line]) => file === '<unknown>' && line === 0)).toBe(true);
          const among = theirs.get(key)!;
          expect(among.some((row) => isSubsequence(native, row.native))).toBe(true);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(20);
    });
  }
});
