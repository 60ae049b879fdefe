/** What a row of analyze holds is what its name as a filter shows: of libraries, and of threads that are called alike. */
import { join } from 'node:path';
import { copyCapture } from '@memscope/fixtures';
import type { AnalysisDocument, TableDocument } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder } from '../views/captures-on-disk.js';

describe.skipIf(!isBuilt())('a row of analyze', () => {
  const folder = useFolder();

  test.each(['mixed-native-v13', 'mixed-v13', 'pandas-v13'])('of %s holds what its filter shows', async (name) => {
    const profile = join(folder, `${name}.memscope`);
    const { stdout } = await runOnDisk(['analyze', copyCapture(folder, name), '-o', profile, '--json']);
    const { libraries, threads } = JSON.parse(stdout) as AnalysisDocument;
    const rows = [
      ...libraries.map(({ library, peakBytes }) => [`owner:"${library ?? '<no frame>'}"`, peakBytes] as const),
      ...threads.map((thread) => [`thread:"${thread.name}"`, thread.peakBytes] as const),
    ].filter(([, bytes]) => bytes > 0);
    expect(rows.length).toBeGreaterThan(2);
    for (const [filter, bytes] of rows) {
      const table = await runOnDisk(['table', profile, '--filter', filter, '--window', 'peak', '-n', '1', '--json']);
      const { selection } = JSON.parse(table.stdout) as TableDocument;
      expect([filter, selection.bytes]).toEqual([filter, bytes]);
    }
  });
});
