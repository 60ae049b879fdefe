/** Names of files in a baseline say nothing of the machine, and lead back to the file. */
import { expect, test } from 'vitest';

import { foundFile, keptFile } from '../../src/baseline/kept-file.js';
import { portableFile } from '../../src/index.js';

test.each([
  ['/home/me/shop/app/cart.py', 'app/cart.py'],
  ['/home/me/shop/.venv/lib/python3.12/site-packages/numpy/core/multi.py', 'site-packages/numpy/core/multi.py'],
  ['/usr/lib/python3.13/json/decoder.py', 'lib/python3/json/decoder.py'],
  ['/srv/other/tool.py', '/srv/other/tool.py'],
  ['<frozen runpy>', '<frozen runpy>'],
  ['<string>', '<string>'],
  ['C:\\work\\tool.py', 'C:\\work\\tool.py'],
  ['/home/me/shop/site-packages/vendored.py', 'site-packages/vendored.py'],
  ['/opt/thing.whl/package/module.py', 'site-packages/package/module.py'],
])('%s is kept as %s', (file, kept) => {
  expect(keptFile(file, '/home/me/shop')).toBe(kept);
  expect(portableFile(foundFile(kept, '/home/me/shop'))).toBe(portableFile(file));
});
