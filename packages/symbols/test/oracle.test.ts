/**
 * Native and joined stacks of real captures against memray's own. Nothing differs but what is expected to
 * (`NATIVE_EXPECTATIONS`).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  framesText,
  groupNativeRows,
  listCaptures,
  NATIVE_EXPECTATIONS,
  oracleNativeRows,
  readOracle,
  SHARED_SYSROOTS_FOLDER,
  spellAsMemray,
  unmatchedRows,
  type NativeRow,
  type OracleFrame,
} from '@memscope/fixtures';
import { findSymbolizer, type SymbolizerKind } from '../src/index.js';
import { nameSites, readNative, type NamedSites, type NativeRead } from './read-native.js';

const hasSysroots = existsSync(SHARED_SYSROOTS_FOLDER);
if (!hasSysroots) {
  process.stderr.write(
    `symbols: ${SHARED_SYSROOTS_FOLDER} is absent, so native stacks are not compared with memray's\n`,
  );
}

/** Sites that hold memory; names that memray spells differently are added to `used`. */
function ourRows(
  { decoded, heap }: NativeRead,
  named: NamedSites,
  list: 'high_water_mark' | 'leaked',
  used: Set<string>,
): NativeRow[] {
  const { header, sites, threads } = decoded;
  const usages = header.layout === 'aggregated' ? sites : heap.usages;
  const [bytes, count] =
    list === 'leaked' ? [usages.leakedBytes, usages.leakedCount] : [usages.peakBytes, usages.peakCount];
  const rows: NativeRow[] = [];
  for (let site = 0; site < sites.length; site++) {
    if (bytes[site] === 0 && count[site] === 0) continue;
    rows.push({
      tid: threads.tid[sites.thread[site]!]!,
      python: named.python(site),
      native: spellAsMemray(named.native(site), used),
      joined: spellAsMemray(named.joinedFrames(site), used),
    });
  }
  return rows;
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
    for (const { name, sysroot, spellings, deeper, isStripped } of NATIVE_EXPECTATIONS) {
      const capture = captures.get(name);
      test.runIf(capture !== undefined)(`${name}: native and joined stacks are memray’s`, async () => {
        const oracle = readOracle(capture!.path);
        const read = readNative(capture!.path);
        const sysroots = [join(SHARED_SYSROOTS_FOLDER, sysroot)];
        const named = await nameSites(read, { sysroots, symbolizer, cacheFolder: null });
        expect(named.symbols.modules.filter(({ warning }) => warning !== null)).toEqual([]);
        for (const list of ['high_water_mark', 'leaked'] as const) {
          const used = new Set<string>();
          const [theirs, ours] = [oracleNativeRows(oracle, list), ourRows(read, named, list, used)];
          expect([...used]).toEqual(spellings);

          const native = unmatchedRows(theirs, ours, 'native');
          expect(native.theirs).toHaveLength(deeper);
          expect(native.ours).toHaveLength(deeper);
          for (const [row, { native: frames }] of native.theirs.entries()) {
            expect(native.ours[row]!.native.length).toBeGreaterThan(frames.length);
            expect(isSubsequence(frames, native.ours[row]!.native)).toBe(true);
          }
          if (isStripped) continue;
          const joined = unmatchedRows(theirs, ours, 'joined');
          expect([joined.theirs.length, joined.ours.length]).toEqual([deeper, deeper]);
        }
      });

      test.runIf(capture !== undefined && isStripped)(
        `${name}: where memray gives up, native frames stand on the Python stack`,
        async () => {
          const read = readNative(capture!.path);
          const named = await nameSites(read, {
            sysroots: [join(SHARED_SYSROOTS_FOLDER, sysroot)],
            symbolizer,
            cacheFolder: null,
          });
          let onTop = 0;
          for (let site = 0; site < read.decoded.sites.length; site++) {
            const [python, native, joined] = [named.python(site), named.native(site), named.joinedFrames(site)];
            if (named.method(site) !== 'module') {
              // Only a stack without Python frames needs no loop.
              expect(python).toEqual([]);
              continue;
            }
            expect(framesText(joined.slice(0, python.length))).toBe(framesText(python));
            const above = joined.slice(python.length);
            expect(framesText(native).endsWith(framesText(above))).toBe(true);
            onTop += above.length > 0 ? 1 : 0;
          }
          if (name.startsWith('engine')) expect(onTop).toBeGreaterThan(20);
        },
      );
    }
  });
}

describe.runIf(hasSysroots)('without a symbolizer', () => {
  for (const { name, sysroot } of NATIVE_EXPECTATIONS) {
    const capture = captures.get(name);
    test.runIf(capture !== undefined)(`${name}: the outermost function of every native frame is memray’s`, async () => {
      const oracle = readOracle(capture!.path);
      const read = readNative(capture!.path);
      const sysroots = [join(SHARED_SYSROOTS_FOLDER, sysroot)];
      const named = await nameSites(read, { sysroots, symbolizer: 'none', cacheFolder: null });
      const theirs = groupNativeRows(oracleNativeRows(oracle, 'high_water_mark'));
      const ours = groupNativeRows(ourRows(read, named, 'high_water_mark', new Set()));
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
