/** SQLite that cannot be loaded: too old a system is told from an installation that is not whole. */
import { expect, test } from 'vitest';
import { asStoreError, StoreError } from '../src/store-error.js';

function codeFor(code: string, message: string): string {
  try {
    asStoreError('corrupt', 'p.memscope', 'is a damaged profile', () => {
      throw Object.assign(new Error(message), { code });
    });
  } catch (fault) {
    if (fault instanceof StoreError) return fault.code;
  }
  return 'nothing';
}

test.each([
  ['noSqlite', 'ERR_DLOPEN_FAILED', "/lib/libc.so.6: version `GLIBC_2.34' not found (required by linux-x64.node)"],
  ['noSqlite', 'ERR_DLOPEN_FAILED', 'libstdc++.so.6: cannot open shared object file: No such file or directory'],
  ['brokenSqlite', 'ERR_DLOPEN_FAILED', '/prebuilds/linux-x64.node: file too short'],
  ['brokenSqlite', 'ERR_DLOPEN_FAILED', '/prebuilds/linux-x64.node: invalid ELF header'],
  ['brokenSqlite', 'MODULE_NOT_FOUND', "Cannot find module '../build/Release/better_sqlite3.node'"],
  ['corrupt', 'MODULE_NOT_FOUND', "Cannot find module './other.js'"],
])('%s is what %s means in "%s"', (expected, code, message) => {
  expect(codeFor(code, message)).toBe(expected);
});
