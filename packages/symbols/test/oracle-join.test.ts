/**
 * The pairing alone, on memray's own native stacks: no symbol file is needed, so captures of every version with native
 * traces count. Python frames and their entry flags come from the capture.
 */
import { expect, test } from 'vitest';
import { listCaptures, oracleFrames, readOracle, type OracleFrame } from '@memscope/fixtures';
import { JOIN_METHODS, joinStacks, NATIVE_FRAME } from '@memscope/model';
import { FrameColumnsBuilder } from '../src/frame-columns.js';
import { readNative } from './read-native.js';

/** Of large captures every so many rows count, so that so many are left. */
const MOST_ROWS = 1500;

const textOf = (frames: readonly OracleFrame[]): string => frames.map((frame) => frame.join('|')).join('\n');

/** Native stacks as a call tree, one position for each distinct frame. */
class NativeTree {
  readonly parent = [0];
  readonly positionOf = [0];
  readonly names: string[] = [''];
  readonly #rows = new Map<string, number>();
  readonly #positions = new Map<string, number>();

  add(frames: readonly OracleFrame[]): number {
    let row = 0;
    for (const frame of frames) {
      const name = frame.join('|');
      let position = this.#positions.get(name);
      if (position === undefined) {
        position = this.names.push(name) - 1;
        this.#positions.set(name, position);
      }
      const key = `${row} ${position}`;
      let child = this.#rows.get(key);
      if (child === undefined) {
        child = this.parent.push(row) - 1;
        this.positionOf.push(position);
        this.#rows.set(key, child);
      }
      row = child;
    }
    return row;
  }
}

/** Rows whose Python stack memray shows whole instead of joined, as it found no evaluation loops. */
function isFallback(
  python: readonly OracleFrame[],
  hybrid: readonly OracleFrame[],
  native: readonly OracleFrame[],
): boolean {
  return (
    native.length > 0 &&
    textOf(hybrid).endsWith(textOf(python)) &&
    hybrid.every((frame) => !native.includes(frame)) &&
    python.length > 0
  );
}

const captures = listCaptures().filter(({ name, hasOracle }) => hasOracle && /native|engine/.test(name));

test.each(captures.map(({ name, path }): [string, string] => [name, path]))(
  '%s: hybrid stacks are memray’s',
  (_, path) => {
    const oracle = readOracle(path);
    const { decoded } = readNative(path);
    const { stacks, frames, strings, sites, threads, header } = decoded;
    /** Stacks that read the same may differ in their entry flags: a generator may be resumed from C or from Python. */
    const pythonText = new Map<string, Set<number>>();
    const pythonFrame = (row: number): OracleFrame => [
      strings[frames.functionName[row]!]!,
      strings[frames.file[row]!]!,
      frames.line[row]!,
    ];
    const texts: string[] = [''];
    for (let row = 1; row < stacks.length; row++) {
      const above = texts[stacks.parent[row]!]!;
      texts.push(`${above}${above === '' ? '' : '\n'}${pythonFrame(stacks.frame[row]!).join('|')}`);
    }
    for (let site = 0; site < sites.length; site++) {
      const key = `${threads.tid[sites.thread[site]!]}@${texts[sites.pythonStack[site]!]}`;
      const stacksOfText = pythonText.get(key);
      if (stacksOfText === undefined) pythonText.set(key, new Set([sites.pythonStack[site]!]));
      else stacksOfText.add(sites.pythonStack[site]!);
    }

    const tree = new NativeTree();
    const all = [...oracle.high_water_mark, ...oracle.leaked];
    const step = Math.ceil(all.length / MOST_ROWS);
    const rows = all
      .filter((_row, index) => index % step === 0)
      .map(([tid, , , , python, native, hybrid]) => ({
        tid,
        python: oracleFrames(oracle, python),
        native: oracleFrames(oracle, native ?? 0),
        hybrid: oracleFrames(oracle, hybrid ?? 0),
      }));
    const candidates = rows.flatMap(({ tid, python, native }, row) => {
      const nativeStack = tree.add(native);
      const pythonStacks = [...(pythonText.get(`${tid}@${textOf(python)}`) ?? [])];
      expect(pythonStacks).not.toEqual([]);
      return pythonStacks.map((pythonStack) => ({ row, tid, pythonStack, nativeStack }));
    });
    const pairs = {
      length: candidates.length,
      pythonStack: Uint32Array.from(candidates, ({ pythonStack }) => pythonStack),
      nativeStack: Uint32Array.from(candidates, ({ nativeStack }) => nativeStack),
      isCut: Uint8Array.from(candidates, ({ tid }) =>
        header.skippedFrames > 0 && BigInt(tid) === header.mainThreadId ? 1 : 0,
      ),
    };
    const builder = new FrameColumnsBuilder();
    for (const name of tree.names) {
      builder.add(name.split('|')[0]!, null, 0, 1);
      builder.end();
    }
    const joined = joinStacks(
      {
        python: stacks,
        isEntry: frames.entry,
        native: { parent: Uint32Array.from(tree.parent) },
        positionOf: Uint32Array.from(tree.positionOf),
        frames: builder.finish(),
        isInterpreter: new Uint8Array(tree.names.length),
        inwards: header.version >= 9,
      },
      pairs,
    );
    const ours = rows.map((): { text: string; method: string }[] => []);
    for (const [pair, { row }] of candidates.entries()) {
      const found: string[] = [];
      for (let at = joined.stack[pair]!; at > 0; at = joined.tree.parentOf(at)) {
        const frame = joined.tree.frameOf(at);
        found.push(joined.tree.kindOf(at) === NATIVE_FRAME ? tree.names[frame]! : pythonFrame(frame).join('|'));
      }
      ours[row]!.push({ text: found.toReversed().join('\n'), method: JOIN_METHODS[joined.method[pair]!]! });
    }
    let fallbacks = 0;
    for (const [row, { python, native, hybrid }] of rows.entries()) {
      if (isFallback(python, hybrid, native)) {
        fallbacks++;
        expect(ours[row]!.map(({ method }) => method)).toContain('python');
      } else expect(ours[row]!.map(({ text }) => text)).toContain(textOf(hybrid));
    }
    // Only interpreters without symbols (those of version 13's captures) make memray give up.
    expect(fallbacks > 0).toBe(header.version === 13);
  },
);
