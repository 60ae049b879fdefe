/** Which sites a function is on is told by two ways: by a search, and by what tables sum up along joined stacks. */
import { encodeViewQuery, WHOLE_VIEW, type SearchAnswer, type TablePage } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { askJson } from './serving.js';
import { useCapture } from './serve-capture.js';

describe('a search', () => {
  const served = useCapture('engine-dwarf5-v13');

  test('finds the frames of a library by its whole name, whatever they and their files are called', async () => {
    const find = (text: string): Promise<SearchAnswer> =>
      askJson<SearchAnswer>(served.server, `search?text=${encodeURIComponent(text)}`);
    const found = await find('LibEngine-dwarf5');
    expect(found).toEqual(await find('library:/^libengine-dwarf5$/'));
    expect(found.matchedBytes).toBeGreaterThan(1_000_000);
    expect(found.functions.length + found.modules.length).toBeGreaterThan(0);
    expect(await find('ibengine-dwarf5')).toMatchObject({ matchedBytes: 0, functions: [], modules: [] });
  });
});

describe.each(['mixed-native-v11', 'mixed-native-v13', 'engine-dwarf5-v13'])('searches of %s', (name) => {
  const served = useCapture(name);

  test.each([false, true])(
    'match what a function holds with all that it called (interpreter frames: %s)',
    async (interpreterFrames) => {
      const view = encodeViewQuery({ ...WHOLE_VIEW, measure: 'total', frames: 'all', interpreterFrames });
      const { rows } = await askJson<TablePage>(served.server, `table?by=function&limit=2000&${view}`);
      const named = rows.filter(({ label }) => label?.function);
      const isAlone = ({ label }: TablePage['rows'][number]): boolean =>
        named.filter((row) => row.label!.name === label!.name).length === 1;
      const asked = named.filter(isAlone).slice(0, 60);
      expect(asked.length).toBeGreaterThan(10);
      for (const { label, bytes, count } of asked) {
        const text = `function:/^${label!.name.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)}$/`;
        const found = await askJson<SearchAnswer>(served.server, `search?text=${encodeURIComponent(text)}&${view}`);
        expect([label!.name, found.matchedBytes, found.matchedCount]).toEqual([label!.name, bytes, count]);
      }
    },
  );
});
