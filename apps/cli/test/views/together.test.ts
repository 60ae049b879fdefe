/** Several captures taken as one: what is summed is said, sums are exact, and only commands whose answers add up take them. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import { isBuilt } from '../built-cli.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { SHOP } from './view-captures.js';

interface Node {
  readonly bytes: number;
  readonly frame: { readonly function: string | null } | null;
}

interface Document {
  readonly selection: {
    readonly bytes: number;
    readonly runs?: readonly { readonly run: string; readonly bytes: number }[];
  };
  readonly nodes: readonly Node[];
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
}

describe.skipIf(!isBuilt())('--together', () => {
  const folder = useFolder();
  let shop = '';
  let copy = '';
  beforeAll(() => {
    shop = writeCapture(folder, 'shop', SHOP);
    copy = join(folder, 'shop-2.bin');
    copyFileSync(shop, copy);
  });

  test('sums captures, says which, and that a sum of peaks is no peak', async () => {
    const { stdout, code } = await runOnDisk(['tree', shop, copy, '--together'], { terminal: 200 });
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Sum of 2 runs: shop.bin, shop-2.bin. Each was at its peak at another moment, so that this sum need never have been held at once.',
    );
    const leaked = await runOnDisk(['tree', shop, copy, '--together', '--measure', 'leaked'], { terminal: 200 });
    expect(leaked.stdout).not.toContain('another moment');
  });

  test.each(['peak', 'leaked', 'total'])('twice the same capture has twice the %s of each node', async (measure) => {
    const one = await documentOnDisk<Document>('tree', shop, '--measure', measure);
    const two = await documentOnDisk<Document>('tree', shop, copy, '--together', '--measure', measure);
    expect(two.nodes.map(({ bytes, frame }) => [bytes, frame?.function])).toEqual(
      one.nodes.map(({ bytes, frame }) => [2 * bytes, frame?.function]),
    );
    expect(two.selection.runs!.map(({ run, bytes }) => [run, bytes])).toEqual([
      ['shop.bin', one.selection.bytes],
      ['shop-2.bin', one.selection.bytes],
    ]);
    expect(one.selection.runs).toBeUndefined();
  });

  test('table --by run tells them apart again', async () => {
    const { rows, selection } = await documentOnDisk<Document>('table', shop, copy, '--together', '--by', 'run');
    expect(rows.map(({ run }) => run)).toEqual(['shop.bin', 'shop-2.bin']);
    expect(rows.map(({ bytes }) => bytes)).toEqual([selection.bytes / 2, selection.bytes / 2]);
  });

  test('a pattern stands for several where a function follows', async () => {
    const { code, stdout } = await runOnDisk(['callers', join(folder, 'shop*.bin'), 'load', '--together']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Sum of 2 runs: shop-2.bin, shop.bin')]);
  });

  test('without it, several captures are wrong usage that says how to go on', async () => {
    const { code, stderr } = await runOnDisk(['tree', shop, copy]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--together')]);
  });
});
