import { describe, expect, test } from 'vitest';

import { drawSparkline } from '../../src/terminal/sparkline.js';

describe('a sparkline', () => {
  test('has a block for each value, in eighths of the greatest', () => {
    expect(drawSparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 20)).toBe(' ▁▂▃▄▅▆▇█');
    expect(drawSparkline([0, 4, 8], 20, 16)).toBe(' ▂▄');
  });

  test('shows the least that is more than nothing', () => {
    expect(drawSparkline([0, 1, 1e9], 20)).toBe(' ▁█');
    expect(drawSparkline([0, 0], 20)).toBe('  ');
    expect(drawSparkline([], 20)).toBe('');
  });

  test('keeps the spike of what it merges', () => {
    expect(drawSparkline([1, 1, 8, 1, 1, 4, 1, 1], 4)).toBe('▁█▄▁');
    const values = Array.from({ length: 1000 }, (_, at) => (at === 777 ? 80 : 10));
    expect(drawSparkline(values, 24)).toMatch(/^▁{18}█▁{5}$/);
  });

  test('never rises above its line', () => {
    expect(drawSparkline([1, 9], 20, 3)).toBe('▃█');
  });
});
