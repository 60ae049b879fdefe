/**
 * The first 100 bytes of a file → is it a profile, of which schema version, and is it whole? Answers without opening the
 * database. Source: "Database File Format" of sqlite.org.
 *
 * | at | bytes | what |
 * |---|---|---|
 * | 0 | 16 | `SQLite format 3\0` |
 * | 16 | 2 | page size, big-endian; 1 = 65,536 |
 * | 24 | 4 | change counter |
 * | 28 | 4 | size in pages, valid when the change counter equals the number at 92 |
 * | 60 | 4 | user version: our schema version |
 * | 68 | 4 | application id |
 * | 92 | 4 | change counter when the size was written |
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { APPLICATION_ID } from './schema.js';
import { asStoreError, StoreError } from './store-error.js';
import { oldestVersion, type Upgrades } from './upgrade-profile.js';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';

/**
 * Checks the header of the file at `path`, a profile of a version that can be upgraded. Throws `StoreError`: `cannotRead`,
 * `notProfile`, `schemaVersion`, `corrupt`.
 */
export function checkProfileHeader(path: string, upgrades: Upgrades): { size: number; version: number } {
  const { header, size } = readHeader(path);
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new StoreError('notProfile', path, 'is no memscope profile', { found: describe(header) });
  if (header.readUInt32BE(68) !== APPLICATION_ID)
    throw new StoreError('notProfile', path, 'is no memscope profile', { found: 'another SQLite database' });
  const version = header.readUInt32BE(60);
  const oldest = oldestVersion(upgrades);
  if (version < oldest || version > upgrades.version) {
    const sentence = `is a profile of ${version < oldest ? 'an older' : 'a newer'} memscope`;
    throw new StoreError('schemaVersion', path, sentence, {
      expected: `schema version ${oldest < upgrades.version ? `${oldest} to ` : ''}${upgrades.version}`,
      found: `${version}`,
    });
  }
  const storedPageSize = header.readUInt16BE(16);
  const fullSize = (storedPageSize === 1 ? 65536 : storedPageSize) * header.readUInt32BE(28);
  if (header.readUInt32BE(24) !== header.readUInt32BE(92) || size < fullSize)
    throw new StoreError('corrupt', path, 'is a profile that was cut off or damaged', {
      expected: `${fullSize} bytes`,
      found: `${size}`,
    });
  return { size, version };
}

/** Whether the file at `path` may be replaced by a profile as far as its first bytes tell: a profile, or empty. */
export function looksReplaceable(path: string): boolean {
  const { header } = readHeader(path);
  return header.length === 0 || (header.length === HEADER_BYTES && header.readUInt32BE(68) === APPLICATION_ID);
}

function readHeader(path: string): { header: Buffer; size: number } {
  return asStoreError('cannotRead', path, 'cannot be read', () => {
    // Opening a pipe would wait for who writes into it, and take its first bytes.
    const isSpecial = statSync(path).isFIFO();
    if (isSpecial) throw new StoreError('notProfile', path, 'is no memscope profile', { found: 'a pipe' });
    const file = openSync(path, 'r');
    try {
      const stat = fstatSync(file);
      if (!stat.isFile())
        throw new StoreError('notProfile', path, 'is no memscope profile', {
          found: stat.isDirectory() ? 'a folder' : 'a special file',
        });
      const header = Buffer.alloc(HEADER_BYTES);
      return { header: header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0)), size: stat.size };
    } finally {
      closeSync(file);
    }
  });
}

function describe(header: Buffer): string {
  if (header.length === 0) return 'an empty file';
  if (header.toString('latin1', 0, 7) === 'memray\0') return 'a Memray capture';
  if (header.length >= 4 && header.readUInt32LE(0) === 0x184d2204) return 'an LZ4 file, perhaps a Memray capture';
  return header.length < HEADER_BYTES ? `a file of ${header.length} bytes` : 'a file of another format';
}
