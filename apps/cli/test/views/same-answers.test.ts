/** What a command prints and what the page gets for the same question are the same rows and numbers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyCapture } from '@memscope/fixtures';
import { testUnbounded, WHOLE_VIEW } from '@memscope/model';
import { answerBands, answerLeaks, answerOverview, OpenRun } from '@memscope/query';
import { openProfile } from '@memscope/store';

import { isBuilt } from '../built-cli.js';
import { documentOnDisk, runOnDisk, useFolder, writeCapture } from './captures-on-disk.js';
import { leakingService } from './leak-captures.js';

interface Leaks {
  readonly bytes: number;
  readonly count: number;
  readonly growth: readonly { readonly title: string }[];
  readonly verdicts: readonly { readonly name: string; readonly bytes: number; readonly rows: number }[];
  readonly rows: readonly Readonly<Record<string, string | number | readonly number[] | null>>[];
}

interface Timeline {
  readonly bands: { readonly list: readonly { readonly liveBytes: readonly number[]; readonly tailBytes: number }[] };
}

interface Analysis {
  readonly totals: object;
  readonly locations: readonly object[];
  readonly findings: readonly object[];
}

/** Reading captures needs the built workers. */
describe.skipIf(!isBuilt()).each(['service', 'pandas-v13', 'mixed-native-v13'])('of %s', (name) => {
  const folder = useFolder();
  const view = WHOLE_VIEW;
  let path = '';
  let run: OpenRun;
  beforeAll(async () => {
    path = name === 'service' ? writeCapture(folder, name, leakingService()) : copyCapture(folder, name);
    await documentOnDisk('leaks', path);
    run = new OpenRun(openProfile(`${path}.memscope`), { testPattern: testUnbounded, memscopeVersion: '' });
  });
  afterAll(() => run.close());

  test.each([null, '20%'])('leaks are the same after a warm-up of %s', async (warmUp) => {
    const flags = warmUp === null ? [] : ['--warm-up', warmUp];
    const command = await documentOnDisk<Leaks>('leaks', path, ...flags);
    const page = answerLeaks(run, { route: 'leaks', view, warmUp, offset: 0, limit: 2_000 });
    expect([page.bytes, page.count, page.rowCount]).toEqual([command.bytes, command.count, command.rows.length]);
    expect(page.growth.map(({ title }) => title)).toEqual(command.growth.map(({ title }) => title));
    expect(page.verdicts.filter(({ lines }) => lines > 0).map((each) => [each.name, each.bytes, each.lines])).toEqual(
      command.verdicts.map(({ name: verdict, bytes, rows }) => [verdict, bytes, rows]),
    );
    const { startMs } = run.profile.capture;
    expect(
      page.rows.map((row) => [
        row.kind,
        row.label?.file ?? null,
        row.innermost?.file ?? null,
        row.sites,
        row.bytes,
        row.count,
        row.firstBornMs - (startMs ?? 0),
        row.lastBornMs - (startMs ?? 0),
        row.verdict,
        row.liveBytes,
      ]),
    ).toEqual(
      command.rows.map((row) => [
        row['of'],
        row['applicationFile'],
        row['file'],
        row['sites'],
        row['bytes'],
        row['count'],
        row['firstBornMs'],
        row['lastBornMs'],
        row['verdict'],
        row['liveBytes'],
      ]),
    );
  });

  test('bands are the same', async () => {
    const { bands } = await documentOnDisk<Timeline>('timeline', path, '--by', 'module', '--top', '3');
    const ticks = { from: 0, to: null, width: 10_000 };
    const { columns } = answerBands(run, { route: 'bands', view, by: 'module', top: 3, ...ticks });
    expect(bands.list.map((_, band) => [...columns[`b${band}`]!])).toEqual(
      bands.list.map(({ liveBytes, tailBytes }) => [...liveBytes, tailBytes]),
    );
  });

  test.each([[], ['--window', '10%..90%'], ['--filter', 'size>=1KiB']])(
    'the overview is the same of %s',
    async (...flags) => {
      const [flag, value] = flags;
      const asked = flag === undefined ? view : { ...view, [flag.slice(2)]: value };
      const { stdout } = await runOnDisk(['analyze', path, '--json', ...flags.filter((each) => each !== undefined)]);
      const command = JSON.parse(stdout) as Analysis;
      const page = answerOverview(run, { route: 'overview', view: asked });
      expect([page.totals, page.findings]).toEqual([command.totals, command.findings]);
      expect(page.locations).toEqual(command.locations.slice(0, 50));
    },
  );
});
