/** Commands that are to be copied: a shell takes their lines as the one command that they are. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

import { breakCommand } from '../../src/analyze/shown-command.js';

/** The words that a shell makes of it. */
function wordsOf(lines: readonly string[]): string[] {
  const script = `memscope() { printf '%s\\n' "$@"; }\nset -f\n${lines.join('\n')}\n`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
}

describe('A command that is wider than the terminal', () => {
  const deep = 'a/folder/that/lies/some/way/down/capture.bin';

  test('is broken between words where it has no options to break before', () => {
    const lines = breakCommand(`memscope analyze ${deep} ${deep}.[0-9]* --together`, 60)!;
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(wordsOf(lines)).toEqual(['analyze', deep, `${deep}.[0-9]*`, '--together']);
  });

  test('is broken before options first, and a filter between its terms', () => {
    const command = `memscope leaks ${deep} --window '#0..#170' --filter 'line:first_module.py:40 line:second_module.py:5'`;
    const lines = breakCommand(command, 72)!;
    expect(lines[1]).toBe("    --window '#0..#170' \\");
    expect(wordsOf(lines).slice(0, 4)).toEqual(['leaks', deep, '--window', '#0..#170']);
  });

  test('is not shown where one of its words is wider than the line', () => {
    expect(breakCommand(`memscope leaks ${deep}/${deep}`, 60)).toBeNull();
  });
});
