/** Pictures of views are compared pixel by pixel. */
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';

import { comparePictures } from './browser/compare-pictures.js';

function pictureOf(width: number, height: number, dark: readonly number[]): Buffer {
  const picture = new PNG({ width, height });
  picture.data.fill(255);
  for (const pixel of dark) picture.data.fill(0, 4 * pixel, 4 * pixel + 3);
  return PNG.sync.write(picture);
}

test('two pictures differ in the pixels that do, and one of another size in all', () => {
  const before = pictureOf(40, 30, []);
  expect(comparePictures(before, before)).toEqual({ pixels: 0, share: 0, picture: null });
  const block = [10, 11, 12, 50, 51, 52, 90, 91, 92];
  const found = comparePictures(before, pictureOf(40, 30, block));
  expect(found.pixels).toBe(9);
  expect(found.share).toBeCloseTo(9 / 1200, 6);
  expect(PNG.sync.read(found.picture!).width).toBe(40);
  expect(comparePictures(before, pictureOf(41, 30, []))).toMatchObject({ share: 1, picture: null });
});
