import { describe, expect, it } from 'vitest';
import { FileNames } from '../../src/owners/match-files.js';
import { matchOwners, type OwnerNames } from '../../src/owners/match-owners.js';
import { portableFile } from '../../src/owners/portable-file.js';
import { OWNER_KINDS, type OwnerKind } from '../../src/tables.js';

type Name = readonly [OwnerKind, string | null, string | null];

function run(...names: readonly Name[]): OwnerNames {
  return {
    length: names.length,
    kind: Uint8Array.from(names, ([kind]) => OWNER_KINDS.indexOf(kind)),
    functionName: names.map(([, name]) => name),
    file: names.map(([, , file]) => file),
  };
}

describe('the portable name of a file', () => {
  it.each([
    ['/venv-a/lib/python3.11/site-packages/torch/nn/modules/conv.py', 'torch/nn/modules/conv.py'],
    ['/usr/lib/python3.13/json/decoder.py', 'json/decoder.py'],
    ['C:\\Python312\\Lib\\site-packages\\numpy\\_core\\numeric.py', 'numpy/_core/numeric.py'],
    ['<frozen importlib._bootstrap>', '<frozen importlib._bootstrap>'],
    [
      '/v/lib/python3.11/site-packages/numpy/_core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so',
      'numpy/_core/_multiarray_umath.so',
    ],
    ['/opt/torch-2.6.0/lib/libtorch_cpu.so.2.6', '/opt/torch/lib/libtorch_cpu.so'],
    ['/opt/lib/libopenblasp-r0-0cf96a72.3.23.so', '/opt/lib/libopenblasp-r0.so'],
    ['/srv/python3.13/app.py', '/srv/python/app.py'],
    ['/srv/top-10/app.py', '/srv/top-10/app.py'],
  ])('%s is %s', (file, portable) => {
    expect(portableFile(file)).toBe(portable);
  });
});

describe('files of several runs', () => {
  it('of the application are matched by the longest end of their paths that only one has', () => {
    const names = new FileNames();
    names.addRun(['/build-1/app/svc.py', '/build-1/app/db/models.py', '/build-1/app/web/models.py']);
    const head = names.addRun([
      '/release/src/app/svc.py',
      '/release/src/app/db/models.py',
      '/release/src/app/web/models.py',
    ]);
    expect([...head.values()]).toEqual([
      '/build-1/app/svc.py',
      '/build-1/app/db/models.py',
      '/build-1/app/web/models.py',
    ]);
  });

  it('stay apart where two share as much', () => {
    const names = new FileNames();
    names.addRun(['/a/models.py', '/b/models.py']);
    expect(names.addRun(['/c/models.py']).get('/c/models.py')).toBe('/c/models.py');
  });

  it('take the new name of what the user says was renamed', () => {
    const names = new FileNames([{ from: 'shop/core/', to: 'shop/_core/' }]);
    const base = names.addRun(['/v/site-packages/shop/core/cart.py']);
    const head = names.addRun(['/w/site-packages/shop/_core/cart.py']);
    expect([...base.values()]).toEqual([...head.values()]);
  });

  it('need time in line with their number, also where all are called alike', () => {
    const names = new FileNames();
    const files = (root: string): string[] => Array.from({ length: 20_000 }, (_, at) => `/${root}/${at}/__init__.py`);
    names.addRun(files('a'));
    expect(names.addRun(files('b')).get('/b/777/__init__.py')).toBe('/a/777/__init__.py');
  });
});

describe('owners of several runs', () => {
  it('are the same where function and file agree, whatever environment the file lies in', () => {
    const { owners, ownerOfRow } = matchOwners([
      run(['function', 'packb', '/a/site-packages/msgpack/__init__.py'], ['objects', null, null]),
      run(['objects', null, null], ['function', 'packb', '/b/lib/python3.12/site-packages/msgpack/__init__.py']),
    ]);
    expect(owners).toHaveLength(2);
    expect([...ownerOfRow[1]!]).toEqual([1, 0]);
  });

  it('agree without the function around them and without template arguments, if only one does', () => {
    const { ownerOfRow } = matchOwners([
      run(['function', 'make.<locals>.grow', 'a.py'], ['native', 'Pool<float>::take', 'libpool.so']),
      run(['function', 'build.<locals>.grow', 'a.py'], ['native', 'Pool<float, std::list<int>>::take', 'libpool.so']),
    ]);
    expect([...ownerOfRow[1]!]).toEqual([0, 1]);
  });

  it('stay apart where two of a run agree only loosely', () => {
    const { owners } = matchOwners([
      run(['function', 'make.<locals>.grow', 'a.py']),
      run(['function', 'build.<locals>.grow', 'a.py'], ['function', 'mend.<locals>.grow', 'a.py']),
    ]);
    expect(owners).toHaveLength(3);
  });
});
