/**
 * What a finding says and what its command prints are one number, and the first command that is suggested is that of the
 * first finding: each is run on recordings of real programs.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GROWTH_FOLDER, SHARED_CASES_FOLDER } from '@memscope/fixtures';
import { formatBytes, type FindingRuleName } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { displayWidth } from '../../src/terminal/display-width.js';
import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder } from '../views/captures-on-disk.js';

interface Finding {
  readonly rule: FindingRuleName;
  readonly title: string;
  readonly bytes: number;
  readonly command: string | null;
  readonly evidence: readonly { readonly name: string; readonly value: number }[];
}

/** Of findings that are about what numbers mean: any of these is the one that they speak of. */
const NUMBERS = new Set([
  'usedPeakBytes',
  'reservedBytes',
  'temporaryCount',
  'mappedBytes',
  'rssBytes',
  'rssPeakBytes',
]);

function capturesBelow(folder: string): string[] {
  if (!existsSync(folder)) {
    process.stderr.write(`${folder} is absent, so its recordings are not checked\n`);
    return [];
  }
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.bin(\.\d+)?$/.test(name) && !name.includes('one-15MB-name'))
    .map((name) => join(folder, name));
}

/** The commands below `Next`, each on one line. */
function suggested(screen: readonly string[]): string[] {
  const text = screen.slice(screen.findIndex((line) => line.startsWith('Next')) + 1).join('\n');
  const lines = text.replaceAll(/ \\\n +|(?<=line:[^']*)\n {6,}/g, ' ').split('\n');
  return lines.map((line) => line.trim()).filter((line) => !line.includes('--together') && !line.endsWith(':'));
}

/** What a shell makes of a command. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll(/'([^']*)'/g, '$1'));
}

/** Findings and views show three digits; where no filter gives the number to the byte, those are the same. */
function asTold(number: number): string {
  return number < 1024 ? `${number}` : formatBytes(number);
}

const captures = [GROWTH_FOLDER, ...['real', 'inference', 'growth'].map((name) => join(SHARED_CASES_FOLDER, name))]
  .flatMap(capturesBelow)
  // Of the many small ones every third has every kind of view.
  .filter((path, at) => !path.includes('/cases/growth/') || at % 3 === 0);

describe.skipIf(!isBuilt() || captures.length === 0)('the command of every finding', { timeout: 120_000 }, () => {
  const folder = useFolder();

  test.each(captures)('prints its number, and the first screen is one: %s', async (capture) => {
    const profile = join(folder, 'case.memscope');
    const { stdout } = await runOnDisk(['analyze', capture, '-o', profile, '--force', '--json']);
    const screen = (await runOnDisk(['analyze', profile])).stdout.trimEnd().split('\n');
    expect([screen.length <= 45, screen.filter((line) => displayWidth(line) > 80)]).toEqual([true, []]);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    const first = findings.find(({ rule }) => rule !== 'captureIncomplete');
    const [next = ''] = suggested(screen);
    if (typeof first?.command === 'string') {
      const [, view, , ...flags] = wordsOf(next);
      const [, own, , ...ownFlags] = wordsOf(first.command);
      expect([view, ...flags]).toEqual([own, ...ownFlags]);
    }
    for (const { title, bytes, command, evidence } of findings) {
      if (command === null) continue;
      const [, view, , ...flags] = wordsOf(command);
      const { code, stdout: shown } = await runOnDisk([view!, profile, ...flags, '--json']);
      const named = evidence.filter(({ name }) => NUMBERS.has(name)).map(({ value }) => value);
      const numbers = new Set([...shown.matchAll(/\b\d+\b/g)].map(([digits]) => asTold(Number(digits))));
      const told = bytes > 0 ? [bytes] : named;
      const isThere = told.some((number) => numbers.has(asTold(number)));
      expect([title, command, code, isThere]).toEqual([title, command, 0, true]);
    }
  });
});
