/** Two pictures of the same view → how many pixels differ, and where: a picture of it. */
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

export interface PictureDifference {
  readonly pixels: number;
  /** Of all; 1 where the sizes differ. */
  readonly share: number;
  /** PNG: what differs is red. Null where nothing does, or the sizes differ. */
  readonly picture: Buffer | null;
}

/** Both as PNG. Small differences of shade, as of smoothed edges, are none. */
export function comparePictures(before: Buffer, after: Buffer): PictureDifference {
  const [one, other] = [PNG.sync.read(before), PNG.sync.read(after)];
  const { width, height } = one;
  if (width !== other.width || height !== other.height) {
    return { pixels: Math.max(width * height, other.width * other.height), share: 1, picture: null };
  }
  const shown = new PNG({ width, height });
  const pixels = pixelmatch(one.data, other.data, shown.data, width, height, { threshold: 0.1 });
  return { pixels, share: pixels / (width * height), picture: pixels === 0 ? null : PNG.sync.write(shown) };
}
