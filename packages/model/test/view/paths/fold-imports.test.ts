import { describe, expect, it } from 'vitest';

import {
  drawPaths,
  foldImports,
  orderChildren,
  select,
  weighPaths,
  type DrawnPaths,
  type FrameChoice,
} from '../../../src/index.js';
import { locationsOfStacks } from '../../../src/analysis/stack-locations.js';
import { profileOf } from '../profile-text.js';
import { ALL_LEAKED } from '../selection-requests.js';
import { EVERYTHING_DRAWN, linesOf, pathsOf } from './draw-text.js';

const FROZEN = '‹frozen·importlib._bootstrap›/_find_and_load';
const LIB = '/usr/lib/python3.13';
const PACKAGES = `${LIB}/site-packages`;

const PROGRAM = profileOf(
  `main malloc ${PACKAGES}/memray/commands/run.py/run>‹frozen·runpy›/run_path>app.py/‹module›:1>${FROZEN}>${PACKAGES}/torch/__init__.py/‹module›:5>${FROZEN}>${PACKAGES}/torch/nn.py/‹module›:2 0.. 100/1
   main malloc ${PACKAGES}/memray/commands/run.py/run>‹frozen·runpy›/run_path>app.py/‹module›:1>${FROZEN}>${PACKAGES}/torch/__init__.py/‹module›:9 0.. 20/1
   main malloc ${PACKAGES}/memray/commands/run.py/run>‹frozen·runpy›/run_path>app.py/‹module›:2>${FROZEN}>${PACKAGES}/plugins.py/‹module›:3>own.py/hook 0.. 7/1
   main malloc ${PACKAGES}/memray/commands/run.py/run>‹frozen·runpy›/run_path 0.. 3/1
   pool malloc ${LIB}/threading.py/_bootstrap>${LIB}/threading.py/run>app.py/work 0.. 40/1`,
  2,
);

function draw(frames: FrameChoice, root = 0): { drawn: DrawnPaths; lines: string[] } {
  const selection = select(PROGRAM, { ...ALL_LEAKED, frames });
  const table = foldImports(pathsOf(selection, {}), selection, frames === 'program');
  const weights = weighPaths(table, selection.weights);
  const drawn = drawPaths(table, weights, orderChildren(table, null), { ...EVERYTHING_DRAWN, root });
  return { drawn, lines: linesOf(drawn, selection) };
}

describe('frames of the program', () => {
  it('are those that runners and the import system lead to; an import of a library is one, closed', () => {
    expect(draw('program').lines).toEqual([
      '. 170/5',
      '  <module>:1 120/2',
      '    import torch 120/2 (self 20/1) +1 of 100',
      '  work:1 40/1 (self 40/1)',
      '  <module>:2 7/1',
      // Code of the application that an import runs matters more than that it is one.
      '    import plugins 7/1',
      '      hook:1 7/1 (self 7/1)',
      '  run_path:1 3/1 (self 3/1)',
    ]);
  });

  it('say how many frames lie between a node and its caller', () => {
    const { drawn } = draw('program');
    expect([...drawn.hiddenFrames].sort((a, b) => a - b)).toEqual([0, 0, 1, 1, 1, 2, 2, 2]);
  });

  it('show what is below an import where it is the root, or where all imports are open', () => {
    const { drawn } = draw('program');
    const id = drawn.id[drawn.closed.indexOf(1)]!;
    expect(draw('program', id).lines).toEqual([
      'import torch 120/2 (self 20/1)',
      '  import torch.nn 100/1 (self 100/1)',
    ]);
    expect(draw('imports').lines.slice(2, 4)).toEqual([
      '    import torch 120/2 (self 20/1)',
      '      import torch.nn 100/1 (self 100/1)',
    ]);
  });
});

it('what a library runs while it is imported is at its own line, down to code of the application', () => {
  const { stackTables, groups, shown } = select(PROGRAM, { ...ALL_LEAKED, frames: 'program' });
  const location = locationsOfStacks(stackTables, groups, shown, 'program')!;
  const { frames, stacks } = stackTables;
  const nameOf = (row: number): string =>
    `${frames.functionName[stacks.frame[row]!]}:${frames.line[stacks.frame[row]!]}`;
  const innermost = [...location.keys()].filter((row) => row > 0 && !stacks.parent.includes(row));
  expect(innermost.map((row) => nameOf(location[row]!))).toEqual(['<module>:5', '<module>:9', 'hook:1', 'work:1']);
});
