import type { FlameHead } from '@memscope/model';
import { describe, expect, test } from 'vitest';

import { sayFolded } from '../../src/views/flame/folded-words.js';

function say(foldedNodes: number, nodes = 0): string {
  const head = { foldedNodes, foldedBytes: 2048, weigh: null } as FlameHead;
  return sayFolded({ head, column: {} }, { nodes, bytes: 1024, share: 2000 });
}

describe('what a flame graph does not draw', () => {
  test('is one frame, or several together', () => {
    expect(say(0)).toBe('');
    expect(say(1)).toBe('1 frame narrower than a pixel is not drawn: 2.00 KiB. Zoom in to see it.');
    expect(say(2)).toBe('2 frames narrower than a pixel are not drawn: 2.00 KiB together. Zoom in to see them.');
  });

  test('may be missing in a report', () => {
    expect(say(1, 1)).toMatch(/ 1 frame \(1\.00 KiB\) is not in this report; memscope serve shows it\.$/);
    expect(say(3, 2)).toMatch(/ 2 frames \(1\.00 KiB together\) are not in this report, most of them below 1\/2,000 /);
  });
});
