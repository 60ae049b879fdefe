/** What the built command line leaves behind: JSON on standard output, with memray's numbers, and profiles on the disk. */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CAPTURES_FOLDER, copyCapture, readOracle } from '@memscope/fixtures';
import { usageOfProfile } from '@memscope/model';
import { openProfile } from '@memscope/store';

import { isBuilt, run, scratchFolder } from './built-cli.js';
import { expectValid } from './views/document-schema.js';

interface Document {
  readonly schema: string;
  readonly capture: Readonly<Record<string, unknown>>;
  readonly totals: Readonly<Record<string, unknown>>;
  readonly locations: readonly unknown[];
}

describe.skipIf(!isBuilt())('memscope', () => {
  describe('--json', () => {
    test('is valid for every capture, and says what the profile and memray say', async () => {
      const folder = scratchFolder();
      const names = readdirSync(CAPTURES_FOLDER).filter((name) => !name.endsWith('.gz'));
      const paths = names.map((name) => join(CAPTURES_FOLDER, name));
      const { code, stdout } = await run(['analyze', ...paths, '--json', '--frames', 'all', '-o', `${folder}/`]);
      expect(code).toBe(0);
      const list = JSON.parse(stdout) as { analyses: Document[]; failures: unknown[] };
      expectValid('analysis-list-1', list);
      expect([list.analyses.length, list.failures]).toEqual([names.length, []]);
      for (const document of list.analyses) {
        const path = String(document.capture['path']);
        const { metadata, leaked } = readOracle(path);
        const sum = (column: 2 | 3): number => leaked.reduce((all, row) => all + row[column], 0);
        expect({ path, ...document.totals }).toMatchObject({
          path,
          peakBytes: metadata.peak_memory,
          leakedBytes: sum(2),
        });
        const profile = openProfile(join(folder, `${basename(path)}.memscope`));
        expect(document.capture).toMatchObject({ ...profile.capture });
        expect(document.locations).toHaveLength(usageOfProfile(profile).locations.length);
        profile.close();
      }
    });

    test('of one capture is one document of the schema memscope.analysis/1', async () => {
      const { stdout, stderr } = await run(['analyze', copyCapture(scratchFolder(), 'munmap-v13'), '--json']);
      const document = JSON.parse(stdout) as Document;
      expect([document.schema, stderr]).toEqual(['memscope.analysis/1', '']);
      expectValid('analysis-1', document);
    });
  });

  describe('the profile', () => {
    test('goes where -o says: a file, a folder, a folder for several', async () => {
      const folder = scratchFolder();
      copyCapture(folder, 'mixed-v13');
      copyCapture(folder, 'munmap-v13');
      mkdirSync(join(folder, 'out'));
      const world = { cwd: folder };
      expect((await run(['analyze', 'mixed-v13.bin', '-o', 'mine.memscope'], world)).code).toBe(0);
      expect((await run(['analyze', 'mixed-v13.bin', '-o', 'out'], world)).code).toBe(0);
      expect((await run(['analyze', 'mixed-v13.bin', 'munmap-v13.bin', '-o', 'out'], world)).code).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['mine.memscope', 'mixed-v13.bin', 'munmap-v13.bin', 'out']);
      expect(readdirSync(join(folder, 'out'))).toEqual(['mixed-v13.bin.memscope', 'munmap-v13.bin.memscope']);
      const several = await run(['analyze', 'mixed-v13.bin', 'munmap-v13.bin', '-o', 'one.memscope'], world);
      expect([several.code, several.stderr]).toEqual([
        2,
        'memscope: -o one.memscope: 2 captures need a folder for their profiles\n',
      ]);
    });

    test('of a capture in a read-only folder goes to the cache folder, and is found there again', async () => {
      const folder = scratchFolder();
      const captures = join(folder, 'captures');
      const cache = join(folder, 'cache');
      mkdirSync(captures);
      const path = copyCapture(captures, 'mixed-v13');
      chmodSync(captures, 0o555);
      const env = { XDG_CACHE_HOME: cache };
      const first = await run(['analyze', path], { env });
      expect([first.code, first.stderr]).toEqual([0, '']);
      // Compiled code has a folder there, too.
      const profile = readdirSync(join(cache, 'memscope')).find((name) => name !== 'compiled');
      expect(profile).toMatch(/^[0-9a-f]{16}-mixed-v13\.bin\.memscope$/);
      const written = statSync(join(cache, 'memscope', profile!)).mtimeMs;
      const second = await run(['analyze', path], { env });
      expect(second.stdout).toBe(first.stdout);
      expect(statSync(join(cache, 'memscope', profile!)).mtimeMs).toBe(written);
      chmodSync(captures, 0o755);
    });

    test('can be asked in place of its capture, also when that is gone', async () => {
      const folder = scratchFolder();
      const first = await run(['analyze', copyCapture(folder, 'mixed-v13'), '-o', join(folder, 'kept.memscope')]);
      const alone = join(scratchFolder(), 'kept.memscope');
      copyFileSync(join(folder, 'kept.memscope'), alone);
      const second = await run(['analyze', alone]);
      expect(second.code).toBe(0);
      expect(second.stdout.replace(alone, join(folder, 'kept.memscope'))).toBe(first.stdout);
    });
  });
});
