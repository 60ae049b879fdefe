/** Source lines are shown from the folders that the user named, and from nowhere else. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCapture } from '@memscope/fixtures';
import type { SourceAnswer } from '@memscope/model';

import { ask, askJson, pathOf, scratchFolder, serving } from './serving.js';

const CAPTURE = `
capture v13 start=1000 end=1020 command="app.py" main_tid=1
thread 1 "MainThread"
push load app/loader.py:4 entry
malloc 0x1000 1000
push parse app/parser.py:2
malloc 0x2000 500
pop 2
push load app/loader.py:5 entry
malloc 0x3000 30
push steal /etc/hostname:1
malloc 0x4000 7
pop 2
memory t=10 rss=4096
trailer
`;

/** Of one side. */
const NO_BASE = { baseSelfBytes: null, baseSelfCount: null, baseBytes: null, baseCount: null };

const LOADER = [
  'import app',
  '',
  'def load(path):',
  '    data = read(path)',
  '    return parse(data)',
  '',
  'other = 1',
];

/** Line 4 calls line 5 calls line 4. */
const RECURSIVE = `
capture v13 start=1000 end=1020 command="app.py" main_tid=1
thread 1 "MainThread"
push load app/loader.py:4 entry
malloc 0x1000 100
push load app/loader.py:5 entry
malloc 0x2000 20
push load app/loader.py:4 entry
malloc 0x3000 3
memory t=10 rss=4096
trailer
`;

async function serveSources(
  sources: Readonly<Record<string, string>>,
  named = true,
  text = CAPTURE,
): ReturnType<typeof serving> {
  const folder = scratchFolder();
  for (const [name, source] of Object.entries(sources)) {
    mkdirSync(join(folder, 'src/app'), { recursive: true });
    writeFileSync(join(folder, 'src', name), source);
  }
  const capture = join(folder, 'run.bin');
  writeFileSync(capture, buildCapture(text));
  return serving([capture], named ? { sourceFolders: [join(folder, 'src')] } : {});
}

const sourceOf = (server: Awaited<ReturnType<typeof serving>>, name: string): Promise<SourceAnswer> =>
  askJson<SourceAnswer>(server, `source?measure=leaked&function=${encodeURIComponent(name)}`);

describe('a function', () => {
  test('comes with its definition, and what its lines hold', async () => {
    const server = await serveSources({ 'app/loader.py': LOADER.join('\n') });
    expect(await sourceOf(server, 'load\napp/loader.py')).toEqual({
      file: 'app/loader.py',
      source: LOADER.slice(2, 5),
      firstLine: 3,
      message: null,
      lines: [
        { line: 4, text: null, selfBytes: 1000, selfCount: 1, bytes: 1500, count: 2, ...NO_BASE },
        { line: 5, text: null, selfBytes: 30, selfCount: 1, bytes: 37, count: 2, ...NO_BASE },
      ],
    });
  });

  test('that calls itself counts in each of its lines once, whichever lines it comes back through', async () => {
    const server = await serveSources({}, false, RECURSIVE);
    expect((await sourceOf(server, 'load\napp/loader.py')).lines).toEqual([
      { line: 4, text: null, selfBytes: 103, selfCount: 2, bytes: 123, count: 3, ...NO_BASE },
      { line: 5, text: null, selfBytes: 20, selfCount: 1, bytes: 23, count: 2, ...NO_BASE },
    ]);
  });

  test('whose file is not there, or another one, has its lines without text, and the reason', async () => {
    const server = await serveSources({ 'app/loader.py': 'short' });
    const short = await sourceOf(server, 'load\napp/loader.py');
    expect([short.source, short.message, short.lines.length]).toEqual([
      null,
      expect.stringContaining('another one'),
      2,
    ]);
    const absent = await sourceOf(server, 'parse\napp/parser.py');
    expect([absent.source, absent.message]).toEqual([null, expect.stringContaining('none of the folders')]);
  });

  test('of a file elsewhere gets none of it', async () => {
    const server = await serveSources({ 'app/loader.py': LOADER.join('\n') });
    const stolen = await sourceOf(server, 'steal\n/etc/hostname');
    expect([stolen.source, stolen.message]).toEqual([null, expect.stringContaining('none of the folders')]);
  });

  test('gets no source at all where no folder was named', async () => {
    const server = await serveSources({ 'app/loader.py': LOADER.join('\n') }, false);
    expect(await sourceOf(server, 'load\napp/loader.py')).toMatchObject({
      source: null,
      message: expect.stringContaining('--source'),
    });
  });

  test('has no tag, for a file may change', async () => {
    const server = await serveSources({ 'app/loader.py': LOADER.join('\n') });
    const route = pathOf(server, `source?function=${encodeURIComponent('load\napp/loader.py')}`);
    expect((await ask(server, route)).headers.etag).toBeUndefined();
  });
});
