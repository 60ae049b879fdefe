/** What a capture or a question has no answer for is said, with the way to one; what there is, is answered. */
import { describe, expect, test } from 'vitest';
import {
  encodeTransforms,
  type LeaksPage,
  type TablePage,
  type TimelineColumn,
  type TimelineHead,
} from '@memscope/model';

import { askFlame, serveCapture, useCapture } from './serve-capture.js';
import { askArrow, askJson, askRun, errorOf } from './serving.js';

describe('where there is no answer, a capture with everything', () => {
  const served = useCapture('mixed-v13');

  test('says which name nobody has, and which was probably meant, where a filter lets nothing pass', async () => {
    const suggestion = {
      text: 'No function is called "maqs": did you mean maps?',
      filter: 'function:maps',
    };
    const filter = 'filter=function%3Amaqs';
    expect((await askFlame(served.server, filter)).head.suggestion).toEqual(suggestion);
    expect((await askJson<TablePage>(served.server, `table?by=function&${filter}`)).suggestion).toEqual(suggestion);
    expect((await askJson<LeaksPage>(served.server, `leaks?${filter}`)).suggestion).toEqual(suggestion);
    expect(await askJson(served.server, `overview?${filter}`)).toMatchObject({ scope: { suggestion } });
    expect((await askFlame(served.server, 'filter=function%3Amaps')).head.suggestion).toBeNull();
  });

  test.each([
    ['flame?filter=function%3A', 400, 'syntax'],
    ['flame?filter=%2F%28%2F', 400, 'pattern'],
    ['flame?window=nonsense', 400, 'syntax'],
    ['flame?window=%2399999', 400, 'outside'],
    ['flame?root=123456', 400, 'outside'],
    [`flame?${encodeTransforms([{ kind: 'focus', target: 'nobody\n' }])}`, 400, 'outside'],
    ['sandwich?function=nobody', 400, 'outside'],
    ['site?site=99999', 400, 'outside'],
    ['flame?measure=total&window=%230..%231', 422, 'cannotAnswer'],
    ['flame?stacks=native', 422, 'cannotAnswer'],
    ['timeline?from=50000', 400, 'outside'],
    ['leaks?warmUp=soon', 400, 'syntax'],
    ['search?text=size%3E', 400, 'syntax'],
  ] as const)('answers %s with %i %s', async (route, status, code) => {
    const reply = await askRun(served.server, route);
    expect([reply.status, errorOf(reply)]).toEqual([
      status,
      expect.objectContaining({ code, message: expect.stringMatching(/\w/) }),
    ]);
  });

  test('points at what is wrong in a filter', async () => {
    const reply = await askRun(served.server, `flame?filter=${encodeURIComponent('thread:1 /(/')}`);
    expect(errorOf(reply)).toMatchObject({ code: 'pattern', position: 9, length: 3 });
  });
});

describe('an aggregated capture', () => {
  const served = useCapture('mixed-agg-v13');

  test('answers by peak and leaked', async () => {
    const { capture } = served.profile;
    expect((await askFlame(served.server, '')).head.bytes).toBe(capture.peakBytes);
    expect((await askFlame(served.server, 'measure=leaked')).head.bytes).toBe(capture.leakedBytes);
    const { columns } = await askArrow<TimelineColumn, TimelineHead>(served.server, 'timeline');
    expect(columns.heapMost).toEqual(columns.heapLeast.map((_, row) => columns.heapMost[row]));
    expect(columns.heapMost.length).toBeGreaterThan(0);
  });

  test.each([
    'flame?measure=total',
    'flame?window=10%25..20%25',
    'bands?by=thread',
    'leaks',
    'table?measure=temporary',
  ])('says that it cannot answer %s', async (route) => {
    const reply = await askRun(served.server, route);
    expect([reply.status, errorOf(reply).code]).toEqual([422, 'cannotAnswer']);
  });
});

test('a capture with native stacks shows them alone, those of Python alone, or joined', async () => {
  const served = await serveCapture('mixed-native-v13');
  try {
    const bytes = served.profile.capture.peakBytes;
    const kinds = async (stacks: string): Promise<Set<string>> => {
      const { head } = await askFlame(served.server, `stacks=${stacks}`);
      expect(head.bytes).toBe(bytes);
      return new Set(head.labels.map(({ kind }) => kind));
    };
    // Profiles without joined stacks show those of Python in their place.
    expect(await kinds('joined')).toContain('application');
    const python = await kinds('python');
    expect(python).toContain('application');
    expect(python).not.toContain('native');
    expect(await kinds('native')).toEqual(new Set(['all', 'native']));
  } finally {
    await served.close();
  }
});
