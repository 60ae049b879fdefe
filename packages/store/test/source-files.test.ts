/** Which files are read on the word of a capture: only what lies in the folders that the user named. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

import { SourceFinder, StoreError } from '../src/index.js';

/** "project/a.py" → its text, in a folder of their own. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memscope-source-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

function find(folders: string | readonly string[], recorded: string | null, leastLines = 1): string {
  const found = new SourceFinder([folders].flat()).find(recorded, leastLines);
  return typeof found === 'string' ? found : `${found.path}: ${found.lines.join('|')}`;
}

describe('a file is read', () => {
  test('at its recorded path, where that lies in a named folder', () => {
    const folder = folderOf({ 'project/a.py': 'one\ntwo\n' });
    expect(find(join(folder, 'project'), join(folder, 'project/a.py'))).toBe(`${folder}/project/a.py: one|two`);
    expect(find(folder, join(folder, 'project/../project/a.py'))).toBe(`${folder}/project/a.py: one|two`);
  });

  test('where the longest end of its recorded path leads from a named folder', () => {
    const folder = folderOf({ 'pkg/a.py': 'long', 'a.py': 'short', 'other/app/pkg/a.py': 'longest' });
    expect(find(folder, '/build/app/pkg/a.py')).toBe(`${folder}/pkg/a.py: long`);
    expect(find([folder, join(folder, 'other')], '/build/app/pkg/a.py')).toBe(`${folder}/other/app/pkg/a.py: longest`);
    expect(find(folder, '/elsewhere/a.py')).toBe(`${folder}/a.py: short`);
    expect(find(folder, 'pkg/a.py')).toBe(`${folder}/pkg/a.py: long`);
    expect(find(folder, './x/../pkg/a.py')).toBe(`${folder}/pkg/a.py: long`);
    expect(find(folder, 'C:\\build\\pkg\\a.py')).toBe(`${folder}/pkg/a.py: long`);
  });

  test('at its recorded path, where that lies in a folder that was named through a link', () => {
    const folder = folderOf({ 'real/src/a.py': 'text' });
    symlinkSync('real', join(folder, 'link'));
    expect(find(join(folder, 'link'), join(folder, 'link/src/a.py'))).toBe(`${folder}/real/src/a.py: text`);
    expect(find(join(folder, 'link'), join(folder, 'real/src/a.py'))).toBe(`${folder}/real/src/a.py: text`);
  });

  test('through a link that stays within the folder', () => {
    const folder = folderOf({ 'real/a.py': 'text' });
    symlinkSync('real', join(folder, 'pkg'));
    expect(find(folder, '/build/pkg/a.py')).toBe(`${folder}/real/a.py: text`);
  });

  test('leniently: any line ends, a byte order mark, bytes that are no UTF-8', () => {
    const folder = folderOf({
      'a.py': Buffer.concat([Buffer.from('\ufeffa\r\nb\rc\n\nd'), Buffer.from([0xff, 0x80, 0x0a])]),
    });
    expect(find(folder, 'a.py')).toBe(`${folder}/a.py: a|b|c||d\ufffd\ufffd`);
  });

  test('unless it ends before the lines that were recorded; a further end of the path may fit', () => {
    const folder = folderOf({ 'pkg/a.py': 'one\n', 'a.py': 'one\ntwo\nthree\n' });
    expect(find(folder, '/build/pkg/a.py', 3)).toBe(`${folder}/a.py: one|two|three`);
    expect(find(folder, '/build/pkg/a.py', 4)).toBe('tooShort');
  });
});

describe('nothing is read', () => {
  test('at an absolute path elsewhere', () => {
    const folder = folderOf({ 'secret.txt': 'secret', 'project/a.py': 'text' });
    expect(find(join(folder, 'project'), join(folder, 'secret.txt'))).toBe('notFound');
    expect(find(join(folder, 'project'), '/etc/passwd')).toBe('notFound');
  });

  test('in a folder whose name only begins like that of a named one', () => {
    const folder = folderOf({ 'project-secrets/a.py': 'secret', 'project/b.py': 'text' });
    expect(find(join(folder, 'project'), join(folder, 'project-secrets/a.py'))).toBe('notFound');
  });

  test.each([
    '../secret.txt',
    'pkg/../../secret.txt',
    'pkg/..\\..\\..\\secret.txt',
    '/x/../../secret.txt',
    './././../secret.txt',
    '..',
    '/..',
  ])('outside through %s', (recorded) => {
    const folder = folderOf({ 'secret.txt': 'secret', 'project/pkg/a.py': 'text' });
    expect(find(join(folder, 'project'), recorded)).toBe('notFound');
    expect(find(join(folder, 'project'), `${folder}/project/${recorded}`)).toBe('notFound');
  });

  test('outside through a link to a file or to a folder', () => {
    const folder = folderOf({ 'outside/secret.txt': 'secret', 'project/a.py': 'text' });
    symlinkSync(join(folder, 'outside/secret.txt'), join(folder, 'project/link.py'));
    symlinkSync('../outside', join(folder, 'project/pkg'));
    const project = join(folder, 'project');
    for (const recorded of ['link.py', '/build/link.py', join(project, 'link.py'), 'pkg/secret.txt']) {
      expect([recorded, find(project, recorded)]).toEqual([recorded, 'notFound']);
    }
  });

  test('of folders, pipes, devices, or files without a permission', () => {
    const folder = folderOf({ 'pkg/a.py': 'text', 'locked.py': 'text' });
    execFileSync('mkfifo', [join(folder, 'pipe.py')]);
    symlinkSync('/dev/zero', join(folder, 'zero.py'));
    chmodSync(join(folder, 'locked.py'), 0);
    expect([find(folder, 'pkg'), find(folder, 'pipe.py'), find(folder, 'zero.py')]).toEqual([
      'unreadable',
      'unreadable',
      'notFound',
    ]);
    expect(find('/dev', '/dev/zero')).toBe('unreadable');
    if (process.getuid?.() !== 0) expect(find(folder, 'locked.py')).toBe('unreadable');
  });

  test('of more than 4 MiB, or that is no text', () => {
    const folder = folderOf({ 'large.py': 'text', 'binary.py': 'a\0b' });
    truncateSync(join(folder, 'large.py'), (4 << 20) + 1);
    expect([find(folder, 'large.py'), find(folder, 'binary.py')]).toEqual(['tooLarge', 'unreadable']);
  });

  test.each([null, '', '<string>', '<frozen runpy>', 'a\0b.py', 'x'.repeat(5_000)])(
    'where the capture names no file (%#)',
    (recorded) => {
      expect(find(folderOf({ '<string>': 'text' }), recorded)).toBe('noFile');
    },
  );

  test('for a path of very many parts, soon', () => {
    expect(find(folderOf({ 'a.py': 'text' }), `/${'x/'.repeat(2_000)}b.py`)).toBe('notFound');
  });
});

test('what is no folder cannot be named as one', () => {
  const folder = folderOf({ 'a.py': 'text' });
  expect(() => new SourceFinder([join(folder, 'a.py')])).toThrow(StoreError);
  expect(() => new SourceFinder([join(folder, 'none')])).toThrow(/none: there is no such folder$/);
});
