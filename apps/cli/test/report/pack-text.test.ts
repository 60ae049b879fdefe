/** How small texts of a report are made. */
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

import { packText } from '../../src/report/pack-text.js';

test('what fits is packed the quick way, what nearly fits as small as it can be, and what does not is not tried again', () => {
  const json = JSON.stringify(
    Array.from({ length: 60_000 }, (_, row) => Math.round(50 * Math.sin(row) + 50 * Math.sin(row / 7))),
  );
  const quick = packText(json);
  const small = packText(json, quick.length - 1);
  expect(small.length).toBeLessThan(quick.length);
  expect(packText(json, quick.length)).toBe(quick);
  expect(packText(json, Math.floor(quick.length / 2))).toBe(quick);
  for (const text of [quick, small]) expect(gunzipSync(Buffer.from(text, 'base64')).toString()).toBe(json);
});
