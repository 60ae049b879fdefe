/** One cause, whoever is asked: analyze, leaks, the server's overview and leaks, and the report. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GROWTH_FOLDER } from '@memscope/fixtures';
import type { AnalysisDocument, EmbeddedReport, LeaksPage, Run } from '@memscope/model';
import { serve } from '@memscope/server';
import { describe, expect, test } from 'vitest';

import { isBuilt, run } from '../built-cli.js';
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

  async function askReport(profile: string): Promise<readonly (Told | undefined)[]> {
    const output = join(folder, 'report.html');
    // The page lies beside the built command line.
    expect((await run(['report', profile, '-o', output, '--force'])).code).toBe(0);
    const packed = /id="memscope-report">([^<]*)</.exec(readFileSync(output, 'utf8'))![1]!;
    const { answers } = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as EmbeddedReport;
    const overview = answers['overview peak'];
    const leaks = answers['leaks'];
    if (overview === undefined || !('overview' in overview) || leaks === undefined || !('leaks' in leaks)) return [];
    return [overview.overview.findings[0], leaks.leaks.growth[0]];
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
