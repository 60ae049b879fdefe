import { describe, expect, it } from 'vitest';

import { nearestNames } from '../../src/index.js';

describe('the nearest names', () => {
  it('differ in few letters, the nearest first, each once', () => {
    const names = ['load', 'loads', 'LOAD_', 'laod', 'lad', 'loads', 'quite_another'];
    expect(nearestNames('laod', names, 9)).toEqual(['laod', 'lad', 'load']);
    expect(nearestNames('laod', names, 2)).toEqual(['laod', 'lad']);
    expect(nearestNames('Loadz', names, 9)).toEqual(['LOAD_', 'load', 'loads', 'lad']);
  });

  it('may differ in more letters the longer a name is, and not at all where it is endless', () => {
    expect(nearestNames('read_cvs_flie', ['read_csv_file', 'read'], 9)).toEqual(['read_csv_file']);
    expect(nearestNames('ax', ['ab', 'xy'], 9)).toEqual(['ab']);
    expect(nearestNames('x'.repeat(101), ['x'.repeat(101)], 9)).toEqual([]);
  });
});
