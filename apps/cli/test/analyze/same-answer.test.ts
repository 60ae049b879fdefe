/** One cause, whoever is asked: analyze, leaks, the server's overview and leaks, and the report. */
import { join } from 'node:path';
import { GROWTH_FOLDER } from '@memscope/fixtures';
import { testUnbounded, WHOLE_VIEW, type AnalysisDocument, type LeaksPage, type Run } from '@memscope/model';
import { OpenRun } from '@memscope/query';
import { serve } from '@memscope/server';
import { openProfile } from '@memscope/store';
import { describe, expect, test } from 'vitest';

import { memscopeVersion } from '../../src/beside-program.js';
import { collectAnswers } from '../../src/report/collect-answers.js';
import { REPORT_LIMITS } from '../../src/report/report-limits.js';
import { isBuilt } from '../built-cli.js';
import { runOnDisk, useFolder } from '../views/captures-on-disk.js';

interface Told {
  readonly title: string;
  readonly text: string;
}

describe.skipIf(!isBuilt())('the first cause', () => {
  const folder = useFolder();

  /** As the overview and the leaks of a server tell it. */
  async function askServer(path: string): Promise<readonly (Told | undefined)[]> {
    const server = await serve({ paths: [path], port: 0, host: '127.0.0.1', webFolder: null, pool: { lanes: 1 } });
    try {
      await server.settled();
      const get = async <Answer>(route: string): Promise<Answer> =>
        (await (await fetch(`http://127.0.0.1:${server.port}/api/runs${route}`)).json()) as Answer;
      const [listed] = await get<Run[]>('');
      const { findings } = await get<AnalysisDocument>(`/${listed!.id}/overview`);
      const { growth } = await get<LeaksPage>(`/${listed!.id}/leaks`);
      return [findings[0], growth[0]];
    } finally {
      await server.close();
    }
  }

  /** As a report does where its profile finds no room; where it does, the page asks that as it asks a server. */
  async function askReport(path: string): Promise<readonly (Told | undefined)[]> {
    const profile = openProfile(path);
    try {
      const run = new OpenRun(
        { head: [profile], base: [] },
        { testPattern: testUnbounded, memscopeVersion: memscopeVersion() },
      );
      const { answers } = await collectAnswers(run, WHOLE_VIEW, REPORT_LIMITS[0]!, () => Promise.resolve());
      const overview = answers['overview peak'];
      const leaks = answers['leaks'];
      if (overview === undefined || !('overview' in overview) || leaks === undefined || !('leaks' in leaks)) return [];
      return [overview.overview.findings[0], leaks.leaks.growth[0]];
    } finally {
      profile.close();
    }
  }

  test.each(['l_closure.bin', 'l_small.bin', 'l_workers.bin'])(
    'of %s is told in the same words everywhere',
    async (name) => {
      const profile = join(folder, `${name}.memscope`);
      const analyzed = await runOnDisk(['analyze', join(GROWTH_FOLDER, name), '-o', profile, '--json']);
      const { title, text } = (JSON.parse(analyzed.stdout) as { readonly findings: readonly Told[] }).findings[0]!;
      const leaks = JSON.parse((await runOnDisk(['leaks', profile, '--json'])).stdout) as {
        readonly growth: readonly Told[];
      };
      const told = [leaks.growth[0], ...(await askServer(profile)), ...(await askReport(profile))];
      expect(told.map((each) => [each?.title, each?.text])).toEqual(told.map(() => [title, text]));
      expect(told).toHaveLength(5);
      expect(title).toContain(' grows: ');
    },
  );

  test('is none anywhere where nothing grows', async () => {
    const profile = join(folder, 'control.memscope');
    const analyzed = await runOnDisk(['analyze', join(GROWTH_FOLDER, 'c_sessions.bin'), '-o', profile, '--json']);
    expect(analyzed.stdout).not.toContain('"rule": "grows"');
    const { findings } = JSON.parse(analyzed.stdout) as { readonly findings: readonly Told[] };
    expect(findings.map(({ title }) => title)).toEqual([
      'Nothing stands out',
      expect.stringMatching(/^Nothing grows: the heap is level from .* on, at .*B$/) as string,
    ]);
    const [, level] = findings;
    for (const [finding, growth] of [await askServer(profile), await askReport(profile)]) {
      expect([finding?.title, growth?.title, growth?.text]).toEqual(['Nothing stands out', level?.title, level?.text]);
    }
  });
});
