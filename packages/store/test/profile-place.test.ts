import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { profilePathFor } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'memscope-place-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a profile is named after its capture', () => {
  expect(profilePathFor(join(folder, 'capture.bin'))).toBe(join(folder, 'capture.bin.memscope'));
});

test.each([
  ['x', 246],
  ['日', 83],
])('a capture with as long a name as a file can have (%s) has a profile of its own', (letter, times) => {
  const [first, second] = ['a', 'b'].map((last) => join(folder, `${letter.repeat(times)}${last}.bin`)) as [
    string,
    string,
  ];
  const [one, other] = [profilePathFor(first), profilePathFor(second)];
  expect(one).not.toBe(other);
  expect(profilePathFor(first)).toBe(one);
  for (const path of [one, other]) {
    expect(dirname(path)).toBe(folder);
    expect(basename(path)).toMatch(/^[x日]+-[0-9a-f]{16}\.memscope$/u);
    expect(Buffer.byteLength(basename(path))).toBeLessThanOrEqual(255 - 17);
    writeFileSync(path, '');
  }
});
