/**
 * Native and joined stacks in profiles of real captures are memray's own but for what is expected to differ
 * (`NATIVE_EXPECTATIONS`), and are whole where files are missing.
 */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  framesText,
  listCaptures,
  NATIVE_EXPECTATIONS,
  oracleNativeRows,
  readOracle,
  SHARED_SYSROOTS_FOLDER,
  spellAsMemray,
  unmatchedRows,
} from '@memscope/fixtures';
import {
  FRAME_SOURCES,
  JOIN_METHODS,
  JoinedWalk,
  NATIVE_FRAME,
  siteStacksOf,
  type ModuleSymbols,
  type SymbolNotes,
} from '@memscope/model';
import { openProfile } from '@memscope/store';
import { findSymbolizer } from '@memscope/symbols';

import { ingestCapture } from '../src/ingest-capture.js';
import { ingest, packSymbols } from '../src/index.js';
import { DEFAULT_SYMBOLS, planSymbols } from '../src/symbol-request.js';
import { joinAll, readNativeSites, type NativeSite } from './native-rows.js';
import { query } from './profile-rows.js';
import { scratchFolder } from './scratch-folder.js';

const canName = existsSync(SHARED_SYSROOTS_FOLDER) && (await findSymbolizer('auto')) !== null;
if (!canName) {
  process.stderr.write(
    `ingest: ${SHARED_SYSROOTS_FOLDER} or a symbolizer is absent, so native stacks are not compared with memray's\n`,
  );
}

const here = new Map(listCaptures().map(({ name, path }) => [name, path]));
const expectationsHere = NATIVE_EXPECTATIONS.filter(({ name }) => here.has(name)).map(
  (each) => [each.name, each] as const,
);

async function profileOf(path: string, sysroot: string, cacheFolder: string | null = null): Promise<string> {
  const profilePath = join(scratchFolder(), 'capture.memscope');
  const { task, stamp } = planSymbols(path, { ...DEFAULT_SYMBOLS, sysroots: [sysroot] });
  const symbols = { task: { ...task, cacheFolder }, stamp };
  await ingestCapture({
    path,
    profilePath,
    temporaryThreshold: 1,
    maxTicks: 1000,
    stamp: null,
    threaded: false,
    symbols,
  });
  return profilePath;
}

function notesOf(profilePath: string): SymbolNotes {
  const profile = openProfile(profilePath);
  const { symbols } = profile.notes;
  profile.close();
  return symbols!;
}

describe.runIf(canName).each(expectationsHere)('%s:', (name, { sysroot, spellings, deeper, isStripped }) => {
  const path = here.get(name)!;

  test('native and joined stacks are memray’s', async () => {
    const oracle = readOracle(path);
    const profile = await profileOf(path, join(SHARED_SYSROOTS_FOLDER, sysroot));
    expect(notesOf(profile).modules.filter(({ warning }) => warning !== null)).toEqual([]);
    expect(notesOf(profile).warnings).toEqual([]);
    const used = new Set<string>();
    const sites = readNativeSites(profile);
    for (const [list, holds] of [
      ['high_water_mark', ({ isAtPeak }: NativeSite) => isAtPeak],
      ['leaked', ({ isLeaked }: NativeSite) => isLeaked],
    ] as const) {
      const theirs = oracleNativeRows(oracle, list);
      const ours = sites.filter(holds).map((site) => ({
        ...site,
        native: spellAsMemray(site.native, used),
        joined: spellAsMemray(site.joined, used),
      }));
      const native = unmatchedRows(theirs, ours, 'native');
      expect([native.theirs.length, native.ours.length]).toEqual([deeper, deeper]);
      for (const [row, { native: frames }] of native.theirs.entries()) {
        expect(native.ours[row]!.native.length).toBeGreaterThan(frames.length);
      }
      if (isStripped) continue;
      const joined = unmatchedRows(theirs, ours, 'joined');
      expect([joined.theirs.length, joined.ours.length]).toEqual([deeper, deeper]);
    }
    expect([...used]).toEqual(spellings);
  });

  test('every joined stack is the Python stack and native frames of its site, joined as the site says', async () => {
    const profile = await profileOf(path, join(SHARED_SYSROOTS_FOLDER, sysroot));
    const opened = openProfile(profile);
    const { frames } = opened.stackTables();
    const { stacks, stack, method: methods } = joinAll(opened);
    const recorded = siteStacksOf(opened);
    opened.close();
    const sites = readNativeSites(profile);
    const counts = { paired: 0, module: 0, python: 0 };
    for (const [site, { python, native, joined }] of sites.entries()) {
      const method = JOIN_METHODS[methods[site]!]!;
      counts[method]++;
      const natives = joined.filter(
        (frame) => !python.includes(frame) && native.some((other) => framesText([other]) === framesText([frame])),
      );
      expect(joined.length).toBe(python.length + natives.length);
      if (method === 'module') expect(framesText(joined.slice(0, python.length))).toBe(framesText(python));
      if (method === 'python') expect(framesText(joined)).toBe(framesText(python));
    }
    const { joined } = notesOf(profile);
    expect(joined).toEqual({ asMemray: counts.paired, byModule: counts.module, pythonOnly: counts.python });
    if (isStripped) expect(counts.module).toBeGreaterThan(20);
    else expect([counts.module, counts.python]).toEqual([0, 0]);
    expect(stacks.parent.every((parent, row) => row === 0 || parent < row)).toBe(true);
    // Frame by frame from the inside, as whoever needs no tree reads them.
    const walk = new JoinedWalk(recorded);
    for (let site = 0; site < stack.length; site++) {
      walk.start(site);
      let row = walk.next();
      for (let at = stack[site]!; at !== 0; at = stacks.parent[at]!, row = walk.next()) {
        expect(recorded.tables.stacks.frame[row]).toBe(stacks.frame[at]);
      }
      expect(row).toBe(0);
    }
    for (let row = 0; row < frames.length; row++) {
      const isNamed = frames.kind[row] === NATIVE_FRAME && frames.functionName[row] !== null;
      expect(FRAME_SOURCES[frames.source[row]!] !== 'none').toBe(isNamed);
    }
  });

  test('a symbol bundle gives identical stacks elsewhere, without the files', async () => {
    const made = join(scratchFolder(), 'made.bin');
    copyFileSync(path, made);
    const request = { ...DEFAULT_SYMBOLS, sysroots: [join(SHARED_SYSROOTS_FOLDER, sysroot)] };
    const packed = await packSymbols(made, { ...request, sources: false });
    expect(packed.path).toBe(`${made}.symbols`);
    const [before] = await ingest({ paths: [made], symbols: request });
    expect(before).toMatchObject({ reused: false });

    const elsewhere = scratchFolder();
    const moved = join(elsewhere, 'moved.bin');
    copyFileSync(path, moved);
    const bundle = await packSymbols(made, {
      ...request,
      sources: false,
      output: join(elsewhere, 'moved.bin.symbols'),
    });
    // The second time they come from the cache.
    const known = ({ path: each, resolved }: ModuleSymbols): unknown => [each, resolved];
    expect(bundle.modules.map(known)).toEqual(packed.modules.map(known));
    rmSync(packed.path);
    const [after] = await ingest({ paths: [moved] });
    const rows = (outcome: typeof after): unknown =>
      ['frame', 'stack', 'module', 'site'].map((table) =>
        query((outcome as { profilePath: string }).profilePath, `SELECT * FROM ${table} ORDER BY id`),
      );
    expect(rows(after)).toEqual(rows(before));
    const notes = notesOf((after as { profilePath: string }).profilePath);
    expect(new Set(notes.modules.map(({ from }) => from))).toEqual(new Set(['bundle']));
    expect(notes.symbolizer).toBeNull();
  });
});

describe.each(['torch-native-v11', 'ort-native-v11', 'mixed-native-v11', 'engine-dwarf5-v13', 'mixed-agg-native-v10'])(
  'without any symbol file, %s:',
  (name) => {
    test.runIf(here.has(name))('every byte is there, and stacks are joined as far as modules tell', async () => {
      const path = here.get(name)!;
      const oracle = readOracle(path);
      const profile = await profileOf(path, scratchFolder());
      const [sums] = query(profile, `SELECT sum(peak_bytes) peak, sum(leaked_bytes) leaked FROM site`);
      const sum = (list: 'high_water_mark' | 'leaked'): bigint =>
        BigInt(oracle[list].reduce((all, [, , bytes]) => all + bytes, 0));
      expect([sums!['peak'], sums!['leaked']]).toEqual([sum('high_water_mark'), sum('leaked')]);
      expect(
        query(profile, `SELECT 1 FROM frame WHERE kind = 'native' AND (function IS NOT NULL OR ip IS NULL)`),
      ).toEqual([]);
      const { modules, joined, symbolizer, warnings } = notesOf(profile);
      expect(new Set(modules.map(({ status, reason }) => `${status}: ${reason}`))).toEqual(
        new Set(['missing: no such file']),
      );
      expect([symbolizer, warnings]).toEqual([null, []]);
      expect(joined.byModule).toBeGreaterThan(joined.pythonOnly);
      const opened = openProfile(profile);
      const { method: methods } = joinAll(opened);
      opened.close();
      const made = JOIN_METHODS.map((_, method) => methods.filter((each) => each === method).length);
      expect([joined.asMemray, joined.byModule, joined.pythonOnly]).toEqual(made);
      // Of a large capture reading every stack takes too long.
      if (methods.length > 50_000) return;
      for (const { python, joined: frames } of readNativeSites(profile)) {
        expect(framesText(frames.filter(([, file]) => file !== '<unknown>'))).toBe(framesText(python));
      }
    });
  },
);
