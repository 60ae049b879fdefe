/** Files of frames, as interpreters of all kinds of installations name them, and the modules they belong to. */
import { describe, expect, test } from 'vitest';

import { moduleOfFile } from '../src/analysis/module-of-file.js';

const CASES: readonly (readonly [file: string | null, module: string, shortFile: string])[] = [
  // third-party packages
  ['/usr/lib/python3/dist-packages/pandas/core/frame.py', 'pandas', 'pandas/core/frame.py'],
  ['/srv/venv/lib/python3.13/site-packages/numpy/_core/multiarray.py', 'numpy', 'numpy/_core/multiarray.py'],
  ['/home/u/.local/lib/python3.9/site-packages/six.py', 'six', 'six.py'],
  ['/opt/conda/lib/python3.11/site-packages/torch/_ops.py', 'torch', 'torch/_ops.py'],
  ['/v/site-packages/google/protobuf/message.py', 'google.protobuf', 'google/protobuf/message.py'],
  ['/v/site-packages/google/cloud/storage/blob.py', 'google.cloud.storage', 'google/cloud/storage/blob.py'],
  ['/v/site-packages/foo-1.2-py3.9.egg/foo/bar.py', 'foo', 'foo/bar.py'],
  ['/root/.pex/wheels/ab12/attrs-23.1-py3-none-any.whl/attr/_make.py', 'attr', 'attr/_make.py'],
  ['/a/site-packages/tox/venv/lib/python3.9/site-packages/b/c.py', 'b', 'b/c.py'],
  ['C:\\Python311\\Lib\\site-packages\\yaml\\reader.py', 'yaml', 'yaml\\reader.py'],
  // the standard library
  ['/usr/lib/python3.14/json/encoder.py', 'standard library', 'json/encoder.py'],
  ['/opt/python-3.9.18/lib/python3.9/threading.py', 'standard library', 'threading.py'],
  ['/usr/lib64/python3.6/re.py', 'standard library', 're.py'],
  ['/uv/python/cpython-3.14t/lib/python3.14t/queue.py', 'standard library', 'queue.py'],
  ['/opt/pypy/lib/pypy3.10/ast.py', 'standard library', 'ast.py'],
  ['/usr/lib/python312.zip/abc.py', 'standard library', 'abc.py'],
  ['<frozen runpy>', 'standard library', '<frozen runpy>'],
  ['<frozen posixpath>', 'standard library', '<frozen posixpath>'],
  ['/usr/lib/python3.14/importlib/metadata/__init__.py', 'standard library', 'importlib/metadata/__init__.py'],
  // the import system
  ['<frozen importlib._bootstrap>', 'import system', '<frozen importlib._bootstrap>'],
  ['<frozen importlib._bootstrap_external>', 'import system', '<frozen importlib._bootstrap_external>'],
  ['<frozen zipimport>', 'import system', '<frozen zipimport>'],
  ['/usr/lib/python3.14/importlib/__init__.py', 'import system', 'importlib/__init__.py'],
  // generated code
  ['<string>', 'generated code', '<string>'],
  ['<__array_function__ internals>', 'generated code', '<__array_function__ internals>'],
  ['<attrs generated init service.Request>', 'generated code', '<attrs generated init service.Request>'],
  // the application
  ['mixed.py', 'application', 'mixed.py'],
  ['/srv/app/service/main.py', 'application', '/srv/app/service/main.py'],
  ['/srv/app/lib/tools.py', 'application', '/srv/app/lib/tools.py'],
  ['/home/u/.cache/ipykernel_4711/1234.py', 'application', '/home/u/.cache/ipykernel_4711/1234.py'],
  ['<stdin>', 'application', '<stdin>'],
  ['<ipython-input-3-abc>', 'application', '<ipython-input-3-abc>'],
  // neither
  ['<unknown>', '<unknown file>', '<unknown>'],
  ['', '<unknown file>', ''],
  [null, '<no Python frame>', ''],
];

describe('the module of a file', () => {
  test.each(CASES)('%s belongs to %s and is shown as %s', (file, module, shortFile) => {
    const found = moduleOfFile(file);
    expect([found.name, found.shortFile]).toEqual([module, shortFile]);
  });

  test('is found in bounded time for hostile names', () => {
    for (const part of ['/site-packages', '/lib/python3', '.egg/', '<frozen ', '/a.whl']) {
      const start = performance.now();
      moduleOfFile(part.repeat(20_000));
      expect(performance.now() - start).toBeLessThan(500);
    }
  });
});
