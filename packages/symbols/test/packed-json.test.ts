/** A small file is unpacked and parsed to little, whatever it holds; what memscope itself writes always comes back. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { packJson, unpackJson } from '../src/packed-json.js';
import { readBundle } from '../src/symbol-bundle.js';
import { SymbolsError } from '../src/symbols-error.js';

const MIB = 1 << 20;

test('what is packed comes back, also where it packs a thousand times', () => {
  const usual = { format: 'x', modules: [{ path: '/usr/lib/libc.so', addresses: [1, 2, 3] }] };
  expect(unpackJson(packJson(usual, 9))).toEqual(usual);
  const zeros = { text: '0'.repeat(20 * MIB) };
  expect(unpackJson(packJson(zeros, 9))).toEqual(zeros);
});

describe('refused as a bundle, with what it unpacks to never being parsed, are', () => {
  const incompressible = Buffer.from(Array.from({ length: 600_000 }, (_, i) => (i * 2_654_435_761) >>> 24));
  test.each<[string, () => Buffer]>([
    ['100 MB of brackets in 100 kB', () => gzipSync('['.repeat(100 * MIB), { level: 9 })],
    ['a few MB of brackets', () => gzipSync('['.repeat(3 * MIB))],
    ['brackets that are closed', () => gzipSync(`${'['.repeat(MIB)}${']'.repeat(MIB)}`)],
    ['objects without end', () => gzipSync('{"a":'.repeat(MIB / 2))],
    ['millions of empty lists', () => gzipSync(`["${incompressible.toString('hex')}",${'[],'.repeat(3 * MIB)}1]`)],
    ['what is no gzip behind its first bytes', () => Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])],
  ])('%s', (_, make) => {
    const bytes = make();
    const before = process.memoryUsage().rss;
    const refused = (): unknown => readBundle(bytes, 'x.symbols');
    expect(refused).toThrow(SymbolsError);
    expect(refused).toThrow(/x\.symbols: (?:unpacks to more than a symbol bundle holds|is a damaged symbol bundle)/);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * MIB);
  });
});
