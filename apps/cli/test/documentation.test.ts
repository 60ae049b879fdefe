/**
 * Documentation that shows what commands print: blocks of text behind commands are what these print (`UPDATE_EXPECTED=1`
 * writes them anew), commands are ones that the command line takes, and links lead somewhere.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ingest } from '@memscope/ingest';
import type { Profile } from '@memscope/model';
import { openProfile } from '@memscope/store';

import { createProgram } from '../src/program.js';
import { fakeHost, run } from './fake-host.js';

process.env['TZ'] = 'UTC';

const ROOT = new URL('../../../', import.meta.url).pathname;
const PAGES = [
  'README.md',
  'apps/cli/CHANGELOG.md',
  'packages/README.md',
  'bench/README.md',
  'fixtures/README.md',
  '.github/CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'apps/docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `apps/docs/${name}`),
];
/** Of a command alone, and what it prints behind it. */
const SHOWN = /```sh\nmemscope (.+)\n```\n\n```text\n([^]*?)```\n/g;

const folder = mkdtempSync(join(tmpdir(), 'memscope-documentation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** A capture of the repository, by its path in it, read into a profile elsewhere. */
const profilePaths = new Map<string, string>();
async function profileOf(path: string): Promise<Profile> {
  let profilePath = profilePaths.get(path);
  if (profilePath === undefined) {
    const [outcome] = await ingest({
      paths: [join(ROOT, path)],
      output: join(folder, `${profilePaths.size}.memscope`),
    });
    if (outcome === undefined || outcome.error !== undefined) throw outcome?.error ?? new Error(path);
    profilePaths.set(path, (profilePath = outcome.profilePath));
  }
  return openProfile(profilePath);
}

/** As a shell takes it, but for variables and the like. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

/** What it prints, with paths as from the clone's folder. */
async function printed(command: string): Promise<string> {
  const words = wordsOf(command);
  const names = words.filter((word) => word.endsWith('.bin'));
  const captures = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await profileOf(name)])));
  const { stdout, stderr } = await run(words, { captures });
  return `${stdout}${stderr}`.replaceAll(ROOT, '');
}

test.each(['apps/docs/find-a-leak.md', 'apps/docs/filters.md'])('%s shows what its commands print', async (page) => {
  const text = read(page);
  const commands = [...text.matchAll(SHOWN)].map(([, command]) => command!);
  expect(commands).not.toEqual([]);
  const outputs: string[] = [];
  for (const command of commands) outputs.push(await printed(command));
  const now = text.replaceAll(SHOWN, (_, command: string) => {
    const output = outputs.shift()!;
    return `\`\`\`sh\nmemscope ${command}\n\`\`\`\n\n\`\`\`text\n${output}\`\`\`\n`;
  });
  if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(join(ROOT, page), now);
  expect(now).toBe(read(page));
});

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  test('has only commands and options that there are', () => {
    const { commands } = createProgram(fakeHost().host, () => undefined);
    const blocks = [...text.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) => block!.split('\n'));
    for (const line of blocks.filter((each) => each.startsWith('memscope '))) {
      const [name = '', ...words] = wordsOf(line.split(/ {2,}#| #| [|<>] /)[0]!).slice(1);
      if (name === 'help') continue;
      const command = commands.find((each) => each.name() === name);
      expect([
        line,
        command?.parseOptions(words.slice(0, name === 'run' ? words.indexOf('--') : undefined)).unknown,
      ]).toEqual([line, []]);
    }
  });

  test('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    for (const [, path = '', anchor] of links) {
      const target = path === '' ? page : join(dirname(page), path);
      expect([target, existsSync(join(ROOT, target))]).toEqual([target, true]);
      if (anchor !== undefined)
        expect([target, anchorsOf(read(target))]).toEqual([target, expect.arrayContaining([anchor])]);
    }
  });
});

/** Of its headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
