import { describe, expect, it } from 'vitest';

import { framesOfFunctions, groupFrames, matchFunctions, parsePattern } from '../../src/index.js';
import { profileOf } from './profile-text.js';

const tables = profileOf(
  `main malloc /srv/app/main.py/run:3>/srv/app/load.py/run_all:9>/srv/app/load.py/run:7  0.. 1/1
   main malloc /srv/app/main.py/run:4>/srv/lib/Load.py/parse:1                           0.. 1/1`,
  1,
).stackTables();
const groups = groupFrames(tables);

function match(text: string): string[] {
  return matchFunctions(groups, parsePattern(text)).map((row) => {
    const { name, file } = groups.functions[row]!;
    return `${file} ${name}`;
  });
}

describe('a pattern that is', () => {
  it('a whole name means the functions of that name, in every file, and no longer ones', () => {
    expect(match('run')).toEqual(['/srv/app/main.py run', '/srv/app/load.py run']);
  });

  it('part of names means all of them, in any case', () => {
    expect(match('RUN')).toEqual(['/srv/app/main.py run', '/srv/app/load.py run_all', '/srv/app/load.py run']);
  });

  it('a regular expression means what it matches', () => {
    expect(match('/^run|^parse$/')).toEqual([
      '/srv/app/main.py run',
      '/srv/app/load.py run_all',
      '/srv/app/load.py run',
      '/srv/lib/Load.py parse',
    ]);
    expect(match('/^load.py:run$/')).toEqual([]);
  });

  it('a file and a name means the function there, by the end of the file’s name', () => {
    expect(match('load.py:run')).toEqual(['/srv/app/load.py run']);
    expect(match('load.py:run_')).toEqual(['/srv/app/load.py run_all']);
    expect(match('lib/load.py:PARSE')).toEqual(['/srv/lib/Load.py parse']);
    expect(match('other.py:run')).toEqual([]);
    expect(match('load.py:')).toEqual([]);
  });

  it('a file and a name with colons of its own means the function there', () => {
    const functions = [{ name: 'ns::run', file: '/srv/a.cc', module: 0, ip: 0n }];
    expect(matchFunctions({ functions }, parsePattern('a.cc:ns::run'))).toEqual([0]);
    expect(matchFunctions({ functions }, parsePattern('b.cc:ns::run'))).toEqual([]);
  });

  it('nobody’s name means nothing', () => {
    expect(match('walk')).toEqual([]);
  });
});

it('the frames of functions are those at any of their lines', () => {
  const rows = matchFunctions(groups, parsePattern('main.py:run'));
  const { functionName, line } = tables.frames;
  const frames = [...framesOfFunctions(groups, rows).keys()].filter(
    (row) => framesOfFunctions(groups, rows)[row] !== 0,
  );
  expect(frames.map((row) => `${functionName[row]}:${line[row]}`)).toEqual(['run:3', 'run:4']);
});
