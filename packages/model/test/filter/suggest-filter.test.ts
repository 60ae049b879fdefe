/** What is said where a filter lets nothing pass. */
import { describe, expect, test } from 'vitest';

import { parseFilter, select } from '../../src/index.js';
import { profileOf } from '../view/profile-text.js';
import { ALL_LEAKED } from '../view/selection-requests.js';

const PROFILE = profileOf(
  `main      malloc /srv/app.py/main:3>/srv/app.py/handle:16>/x/site-packages/pandas/core/frame.py/concat:9 0.. 10/1
   worker-7  mmap   /srv/jobs.py/run:5>/srv/jobs.py/load:8 0.. 5/1
   worker-12 malloc /srv/jobs.py/run:5>/srv/jobs.py/load:9 0..1 5/1`,
  3,
);

const suggest = (text: string): readonly [string, string | null] | null => {
  const suggestion = select(PROFILE, { ...ALL_LEAKED, filter: parseFilter(text) }).suggestion();
  return suggestion === null ? null : [suggestion.text, suggestion.filter];
};

describe('a filter that nothing passes', () => {
  test.each([
    ['function:hadnle', 'No function is called "hadnle": did you mean handle?', 'function:handle'],
    ['hanlde', 'No function or file is called "hanlde": did you mean handle?', 'handle'],
    ['file:ap.py', 'No file is called "ap.py": did you mean app.py?', 'file:app.py'],
    ['file:srv/job.py', 'No file is called "srv/job.py": did you mean srv/jobs.py?', 'file:srv/jobs.py'],
    ['line:app.py:14', 'No line is called "app.py:14": did you mean app.py:16?', 'line:app.py:16'],
    ['line:job.py:9', 'No line is called "job.py:9": did you mean jobs.py:9?', 'line:jobs.py:9'],
    ['module:panda5', 'No module is called "panda5": did you mean pandas?', 'module:pandas'],
    ['library:pandsa', 'No library is called "pandsa": did you mean pandas?', 'library:pandas'],
    ['owner:pnadas', 'No owner is called "pnadas": did you mean pandas?', 'owner:pandas'],
    ['thread:"worker_*"', 'No thread is called "worker_*": did you mean worker-*?', 'thread:worker-*'],
    ['thread:workr-7', 'No thread is called "workr-7": did you mean worker-7?', 'thread:worker-7'],
  ])('%s', (filter, text, better) => {
    expect(suggest(filter)).toEqual([text, better]);
    // What is suggested is something's name.
    expect(suggest(better)).toBeNull();
  });

  test('keeps what else it says', () => {
    expect(suggest('function:hadnle (size>1 or -module:re)')).toEqual([
      'No function is called "hadnle": did you mean handle?',
      'function:handle (size>1B or -module:re)',
    ]);
  });

  test('of which nobody has a name like it', () => {
    const there = (filter: string): string | undefined => suggest(filter)?.[0];
    expect(suggest('function:quite_another_thing')).toEqual([
      'No function is called "quite_another_thing"; there are handle and load.',
      null,
    ]);
    expect(there('function:/^x/')).toBe('No function matches /^x/; there are handle and load.');
    expect(there('file:zzz')).toBe('No file is called "zzz"; there are app.py and jobs.py.');
    expect(there('line:zzz.py:3')).toBe('No line is called "zzz.py:3"; there are app.py:16 and jobs.py:8.');
    expect(there('module:zzz')).toBe('No module is called "zzz"; there are application and pandas.');
    expect(there('library:zzz')).toBe('No library is called "zzz"; there are application and pandas.');
    expect(there('category:zzz')).toBe('No category is called "zzz"; there are application and package.');
    expect(there('owner:zzz')).toBe('No owner is called "zzz"; there are pandas and application.');
    expect(there('thread:zzz')).toBe('No thread is called "zzz"; there are main and worker-*.');
  });

  test('as a whole, though each of its parts is something', () => {
    expect(suggest('function:handle thread:worker-7')).toEqual([
      'Each part of the filter passes something, but nothing passes all of it.',
      null,
    ]);
  });
});

test.each(['function:handle', '', '-function:nowhere', 'thread:worker-12', 'size>1GiB'])(
  'nothing is said of %s: it names what there is',
  (filter) => {
    expect(suggest(filter)).toBeNull();
  },
);
