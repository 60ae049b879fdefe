/** Which lines of a file are shown for a function. */
import { describe, expect, test } from 'vitest';

import { findRegion, indentation } from '../../src/index.js';

const FILE = `import os

class Loader:
    """Loads."""

    @cached
    @traced
    def load(self, path,
             mode="r",
    ):
        with open(path) as file:

            return [
    # a remark
                line for line in file]

    async def close(self):
        await self.file

def load(): return os.stat(".")

x = 1
`.split('\n');

function region(name: string | null, ...seen: number[]): string {
  const { lines, definition } = findRegion(FILE, name, seen);
  return `${lines[0]}-${lines.at(-1)} (${lines.length}) def ${definition}`;
}

describe('a function is shown', () => {
  test('from its decorators to the last line that is indented more', () => {
    expect(region('load', 11)).toBe('6-13 (8) def 8');
    expect(region('load', 11, 15)).toBe('6-15 (10) def 8');
    expect(region('close', 18)).toBe('17-18 (2) def 17');
  });

  test('by the nearest definition above, also by a qualified name, in one line, and of a class', () => {
    expect(region('load', 20)).toBe('20-20 (1) def 20');
    expect(region('Loader.load', 11, 15)).toBe('6-15 (10) def 8');
    expect(region('Loader', 8)).toBe('3-18 (16) def 3');
  });

  test('with some lines around where its definition is not found', () => {
    expect(region('other', 18)).toBe('15-21 (7) def null');
    expect(region('<module>', 1, 3)).toBe('1-6 (6) def null');
    expect(region('<lambda>', 22)).toBe('19-23 (5) def null');
    expect(region(null, 1)).toBe('1-4 (4) def null');
  });

  test('only near the lines that were seen where it is very long', () => {
    const long = ['def f():', ...Array.from({ length: 5_000 }, (_, line) => `    x${line}`)];
    expect(findRegion(long, 'f', [200, 204, 4_000])).toEqual({
      lines: [1, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207, 3997, 3998, 3999, 4000, 4001, 4002, 4003],
      definition: 1,
    });
    expect(findRegion(long, '<module>', [1, 5_001]).lines).toEqual([1, 2, 3, 4, 4998, 4999, 5000, 5001]);
  });

  test('soon, however long its lines are', () => {
    const lines = Array.from({ length: 40 }, () => `${' '.repeat(100_000)}def`);
    expect(findRegion(lines, 'def', [40]).definition).toBeNull();
  });
});

test('indentation counts tabs to the next multiple of eight', () => {
  expect([indentation('x'), indentation('  x'), indentation('\tx'), indentation('   \t x')]).toEqual([0, 2, 8, 9]);
});
