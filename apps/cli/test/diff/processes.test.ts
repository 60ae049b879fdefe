/** A run of several processes against its parts: a parent and the child that it was followed into. */
import { beforeAll, describe, expect, test } from 'vitest';
import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listCaptures } from '@memscope/fixtures';
import { COMPARED_GROUPINGS, parentsOfForks, type DiffDocument } from '@memscope/model';

import { isBuilt } from '../built-cli.js';
import { documentOnDisk, useFolder } from '../views/captures-on-disk.js';

const CAPTURES = listCaptures().map(({ path }) => path);
const FAMILIES = [...parentsOfForks(CAPTURES)];

const changes = ({ grew, shrank, moved, peakMoved }: DiffDocument): DiffDocument['grew'] => [
  ...grew,
  ...shrank,
  ...moved,
  ...peakMoved,
];
const sumOf = (rows: DiffDocument['grew']): number => rows.reduce((all, { change }) => all + change, 0);

describe.skipIf(!isBuilt()).each(FAMILIES)('%s and its parent', (childPath, parentPath) => {
  const folder = useFolder();
  let [parent, child] = ['', ''];
  beforeAll(() => {
    [parent, child] = [parentPath, childPath].map((path) => {
      const copy = join(folder, basename(path));
      copyFileSync(path, copy);
      return copy;
    }) as [string, string];
  });
  const documentOf = (...args: string[]): Promise<DiffDocument> =>
    documentOnDisk<DiffDocument>('diff', ...args, '--together');

  test('hold together what each of them holds, in every grouping', async () => {
    for (const measure of ['peak', 'leaked', 'total', 'temporary', 'count'] as const) {
      for (const by of COMPARED_GROUPINGS) {
        const asked = ['--measure', measure, '--by', by];
        const added = await documentOf('--base', parent, '--head', parent, child, ...asked);
        const alone = await documentOnDisk<DiffDocument>('diff', parent, child, ...asked);
        const [own, both] = [alone.totals[measure]!, added.totals[measure]!];
        expect([by, both.base, both.head]).toEqual([by, own.base, own.base + own.head]);
        // What the child holds is all that came, whatever the parent holds there.
        expect([by, sumOf(changes(added))]).toEqual([by, own.head]);
        expect(added.shrank).toEqual([]);
      }
    }
  });

  test('differ in nothing from themselves, in whichever order', async () => {
    const same = await documentOf('--base', parent, child, '--head', child, parent);
    expect(changes(same)).toEqual([]);
    expect(same.totals.rss).toBeNull();
  });
});
