/** Hand-made stacks, outermost first: what each pair becomes. */
import { isInterpreterPath, JOIN_METHODS, joinStacks, NATIVE_FRAME, PYTHON_FRAME } from '@memscope/model';
import { describe, expect, test } from 'vitest';
import { FrameColumnsBuilder } from '../src/frame-columns.js';

interface Pair {
  /** `+f` is an entry frame, `f` runs in its caller's loop. */
  readonly python: string;
  /** `EVAL` is a run of the loop; `a>b` are two frames of one address, b inlined into a; `[x]` is the interpreter's. */
  readonly native: string;
  readonly isCut?: boolean;
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** "method: frames", Python frames in capitals as they were written, native ones in angle brackets. */
function join(pairs: readonly Pair[], options: { inwards?: boolean; cutLoops?: number } = {}): string[] {
  const python = { parent: [0], frame: [0] };
  const pythonNames: string[] = [];
  const isEntry: number[] = [];
  const native = { parent: [0], positionOf: [0] };
  const builder = new FrameColumnsBuilder();
  const isInterpreter: number[] = [];
  const pythonStack: number[] = [];
  const nativeStack: number[] = [];
  for (const pair of pairs) {
    let stack = 0;
    for (const word of words(pair.python)) {
      python.parent.push(stack);
      python.frame.push(pythonNames.length);
      stack = python.parent.length - 1;
      pythonNames.push(word.replace('+', ''));
      isEntry.push(word.startsWith('+') ? 1 : 0);
    }
    pythonStack.push(stack);
    stack = 0;
    for (const word of words(pair.native)) {
      native.parent.push(stack);
      native.positionOf.push(isInterpreter.length);
      stack = native.parent.length - 1;
      isInterpreter.push(word.startsWith('[') ? 1 : 0);
      for (const name of word.replaceAll(/[[\]]/g, '').split('>').toReversed()) {
        builder.add(name.replace('EVAL', '_PyEval_EvalFrameDefault'), null, 0, 1);
      }
      builder.end();
    }
    nativeStack.push(stack);
  }
  const frames = builder.finish();
  const { tree, stack, method } = joinStacks(
    {
      python: { parent: Uint32Array.from(python.parent), frame: Uint32Array.from(python.frame) },
      isEntry: Uint8Array.from(isEntry),
      native: { parent: Uint32Array.from(native.parent) },
      positionOf: Uint32Array.from(native.positionOf),
      frames,
      isInterpreter: Uint8Array.from(isInterpreter),
      inwards: options.inwards ?? true,
    },
    {
      length: pairs.length,
      pythonStack: Uint32Array.from(pythonStack),
      nativeStack: Uint32Array.from(nativeStack),
      isCut: Uint8Array.from(pairs, ({ isCut }) => (isCut ? 1 : 0)),
    },
    options.cutLoops === undefined ? {} : { cutLoops: options.cutLoops },
  );
  return pairs.map((_, pair) => {
    const found: string[] = [];
    for (let row = stack[pair]!; row > 0; row = tree.parentOf(row)) {
      expect(tree.parentOf(row)).toBeLessThan(row);
      const frame = tree.frameOf(row);
      const name = frames.strings[frames.functionName[frame]!]?.replace('_PyEval_EvalFrameDefault', 'EVAL');
      found.unshift(tree.kindOf(row) === NATIVE_FRAME ? `<${name}>` : pythonNames[frame]!);
    }
    return `${JOIN_METHODS[method[pair]!]}: ${found.join(' ')}`;
  });
}

describe('versions 9 and newer', () => {
  test('a loop gives way to the frame it ran, other native frames stay', () => {
    expect(join([{ python: '+main +work', native: '_start EVAL call EVAL malloc' }])).toEqual([
      'paired: <_start> main <call> work <malloc>',
    ]);
  });

  test('one loop stands for a frame and those inside it up to the next entry frame', () => {
    expect(join([{ python: '+a b c +d e', native: '_start EVAL call EVAL malloc' }])).toEqual([
      'paired: <_start> a b c <call> d e <malloc>',
    ]);
  });

  test('a loop that allocated before its frame was seen stays native', () => {
    expect(join([{ python: '+a', native: '_start EVAL EVAL malloc' }])).toEqual(['paired: <_start> a <EVAL> <malloc>']);
  });

  test('inlined frames of one address are taken one by one', () => {
    expect(join([{ python: '+a', native: 'caller>EVAL>inner' }])).toEqual(['paired: <caller> a <inner>']);
  });

  test('without Python frames the native stack is the joined one, loops included', () => {
    expect(join([{ python: '', native: 'start_thread EVAL malloc' }])).toEqual([
      'paired: <start_thread> <EVAL> <malloc>',
    ]);
    expect(join([{ python: '', native: '' }])).toEqual(['paired: ']);
  });

  test('on a cut thread everything above the first frame goes, and the loops of what was cut off with it', () => {
    const pair = { python: '+user +f', native: '_start EVAL run EVAL call EVAL malloc', isCut: true };
    expect(join([pair], { cutLoops: 1 })).toEqual(['paired: user <call> f <malloc>']);
    // The first frame may run in the last of the loops that were cut off.
    expect(join([{ ...pair, python: 'user +f' }], { cutLoops: 2 })).toEqual(['paired: user <call> f <malloc>']);
    expect(join([{ ...pair, python: '+user' }], { cutLoops: 1 })).toEqual(['paired: user <call> <EVAL> <malloc>']);
  });

  test('how many loops were cut off is what most stacks say', () => {
    const usual = { python: '+user', native: '_start EVAL run EVAL malloc', isCut: true };
    const early = { python: '+user', native: '_start EVAL run EVAL call EVAL malloc', isCut: true };
    const broken = { python: '+user', native: 'EVAL malloc', isCut: true };
    expect(join([early, usual, usual, broken, usual])).toEqual([
      'paired: user <call> <EVAL> <malloc>',
      'paired: user <malloc>',
      'paired: user <malloc>',
      'python: user',
      'paired: user <malloc>',
    ]);
  });

  test('the loop that is built of functions calling each other at their ends counts, too', () => {
    expect(join([{ python: '+a', native: '_TAIL_CALL_CALL.llvm.123 malloc' }])).toEqual(['paired: a <malloc>']);
    expect(join([{ python: '+a', native: '_TAIL_CALL_CALL malloc' }])).toEqual(['python: a']);
  });
});

describe('an interpreter without symbols', () => {
  test('what lies inside its module stays on top of the Python stack', () => {
    const native = '[_start] [?] libffi engine_infer [?] operator_new arena>grow';
    expect(join([{ python: '+a b', native }])).toEqual(['module: a b <operator_new> <arena> <grow>']);
  });

  test('an allocation by the interpreter itself has nothing on top', () => {
    expect(join([{ python: '+a', native: '[_start] [?] [PyMem_Malloc]' }])).toEqual(['module: a']);
  });

  test('without any frame of the interpreter the Python stack stands alone: nothing is invented', () => {
    expect(join([{ python: '+a', native: 'x y' }])).toEqual(['python: a']);
  });

  test('is known by its path', () => {
    const yes = [
      '/usr/bin/python3.13',
      '/usr/bin/python3',
      '/x/python',
      '/usr/lib/libpython3.11.so.1.0',
      '/opt/python3.14t',
    ];
    const no = ['/usr/lib/libpythonic.so', '/usr/lib/python3/_ctypes.so', '', '/usr/lib/libtorch_python.so.2.6'];
    expect(yes.filter((path) => !isInterpreterPath(path))).toEqual([]);
    expect(no.filter(isInterpreterPath)).toEqual([]);
  });
});

describe('versions up to 8', () => {
  test('are paired from the innermost frame outwards, and end at the outermost Python frame', () => {
    const pair = { python: '+a +b', native: '_start EVAL main EVAL call EVAL malloc' };
    expect(join([pair], { inwards: false })).toEqual(['paired: a <call> b <malloc>']);
    expect(join([pair], { inwards: true })).toEqual(['paired: <_start> a <main> b <call> <EVAL> <malloc>']);
  });

  test('know entry frames in version 8', () => {
    const pair = { python: '+a b +c d', native: '_start EVAL call EVAL malloc' };
    expect(join([pair], { inwards: false })).toEqual(['paired: a b <call> c d <malloc>']);
  });

  test('fall back alike', () => {
    expect(join([{ python: '+a +b', native: '[?] EVAL ffi malloc' }], { inwards: false })).toEqual([
      'module: a b <EVAL> <ffi> <malloc>',
    ]);
    expect(join([{ python: '', native: 'x EVAL malloc' }], { inwards: false })).toEqual([
      'paired: <x> <EVAL> <malloc>',
    ]);
  });
});

test('random pairs give the same joined stacks together, where they share work, as one by one', () => {
  let seed = 99;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  // Few distinct frames in trees that are shared by rows, so that stacks that follow each other share prefixes.
  const pythonRows = [0];
  const pythonFrame = [0];
  const nativeRows = [0];
  const positionOf = [0];
  for (let row = 1; row < 120; row++) {
    pythonRows.push(random(row));
    pythonFrame.push(random(6));
    nativeRows.push(random(row));
    positionOf.push(random(5));
  }
  const builder = new FrameColumnsBuilder();
  for (const names of ['_PyEval_EvalFrameDefault', 'f', 'g h', '_PyEval_EvalFrameDefault k', 'm']) {
    for (const name of names.split(' ')) builder.add(name, null, 0, 1);
    builder.end();
  }
  const source = {
    python: { parent: Uint32Array.from(pythonRows), frame: Uint32Array.from(pythonFrame) },
    isEntry: Uint8Array.from([1, 0, 1, 1, 0, 1]),
    native: { parent: Uint32Array.from(nativeRows) },
    positionOf: Uint32Array.from(positionOf),
    frames: builder.finish(),
    isInterpreter: Uint8Array.from([1, 0, 0, 1, 0]),
    inwards: true,
  };
  const length = 2000;
  const pairs = {
    length,
    pythonStack: Uint32Array.from({ length }, () => random(120)),
    nativeStack: Uint32Array.from({ length }, () => random(120)),
    isCut: Uint8Array.from({ length }, () => random(2)),
  };
  const pathOf = ({ tree, stack, method }: ReturnType<typeof joinStacks>, row: number): string => {
    const found: string[] = [];
    for (let at = stack[row]!; at > 0; at = tree.parentOf(at)) found.unshift(`${tree.kindOf(at)}:${tree.frameOf(at)}`);
    return `${method[row]} ${found.join(' ')}`;
  };
  const together = joinStacks(source, pairs, { cutLoops: 1 });
  for (let row = 0; row < length; row++) {
    const one = {
      length: 1,
      pythonStack: pairs.pythonStack.subarray(row, row + 1),
      nativeStack: pairs.nativeStack.subarray(row, row + 1),
      isCut: pairs.isCut.subarray(row, row + 1),
    };
    expect(pathOf(together, row)).toBe(pathOf(joinStacks(source, one, { cutLoops: 1 }), 0));
  }
  // Also where a pair was tried that could not be joined.
  const needed = new Set<number>();
  for (const row of together.stack) {
    for (let at = row; at > 0 && !needed.has(at); at = together.tree.parentOf(at)) needed.add(at);
  }
  expect(new Set(together.method)).toEqual(new Set([0, 1, 2]));
  expect(together.tree.length).toBe(needed.size + 1);
});

test('beyond the most rows the Python stacks stand alone, and are counted', () => {
  const builder = new FrameColumnsBuilder();
  for (const name of ['_PyEval_EvalFrameDefault', 'malloc']) {
    builder.add(name, null, 0, 1);
    builder.end();
  }
  const source = {
    python: { parent: Uint32Array.from([0, 0, 0]), frame: Uint32Array.from([0, 0, 1]) },
    isEntry: Uint8Array.from([1, 1]),
    native: { parent: Uint32Array.from([0, 0, 1]) },
    positionOf: Uint32Array.from([0, 0, 1]),
    frames: builder.finish(),
    isInterpreter: new Uint8Array(2),
    inwards: true,
  };
  const pairs = {
    length: 2,
    pythonStack: Uint32Array.from([1, 2]),
    nativeStack: Uint32Array.from([2, 2]),
    isCut: new Uint8Array(2),
  };
  const { tree, stack, method, leftOut } = joinStacks(source, pairs, { mostRows: 3 });
  expect([...method].map((each) => JOIN_METHODS[each])).toEqual(['paired', 'python']);
  expect(leftOut).toBe(1);
  expect(tree.kindOf(stack[0]!)).toBe(NATIVE_FRAME);
  expect([tree.kindOf(stack[1]!), tree.frameOf(stack[1]!), tree.parentOf(stack[1]!)]).toEqual([PYTHON_FRAME, 1, 0]);
});

test('trees whose parents lead in a circle, or nowhere, end', () => {
  const builder = new FrameColumnsBuilder();
  builder.add('f', null, 0, 1);
  builder.end();
  const { stack } = joinStacks(
    {
      python: { parent: Uint32Array.from([0, 2, 1, 0xffffffff]), frame: new Uint32Array(4) },
      isEntry: Uint8Array.from([1]),
      native: { parent: Uint32Array.from([0, 3, 1, 2]) },
      positionOf: new Uint32Array(4),
      frames: builder.finish(),
      isInterpreter: new Uint8Array(1),
      inwards: true,
    },
    {
      length: 2,
      pythonStack: Uint32Array.from([1, 3]),
      nativeStack: Uint32Array.from([3, 2]),
      isCut: new Uint8Array(2),
    },
  );
  expect(stack).toHaveLength(2);
});
