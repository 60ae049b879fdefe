/**
 * The corpus: inputs each of which does something that no shorter one does, in one file. A row is the bytes of a block
 * (0 = a raw file) and the records in base64.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FuzzInput } from './inputs.js';

const PATH = fileURLToPath(new URL('../../../../fixtures/fuzz-corpus.json.gz', import.meta.url));

export function readCorpus(): FuzzInput[] {
  if (!existsSync(PATH)) return [];
  const rows = JSON.parse(gunzipSync(readFileSync(PATH)).toString()) as [number, string][];
  return rows.map(([block, text]) => ({
    stream: Uint8Array.from(Buffer.from(text, 'base64')),
    blockBytes: block === 0 ? null : block,
  }));
}

export function writeCorpus(inputs: readonly FuzzInput[]): void {
  const rows = inputs.map(({ stream, blockBytes }) => [blockBytes ?? 0, Buffer.from(stream).toString('base64')]);
  writeFileSync(PATH, gzipSync(JSON.stringify(rows), { level: 9 }));
}

/** The shortest inputs that together bring every word: each word's shortest, the longest of them last. */
export function minimised(inputs: readonly FuzzInput[], wordsOf: (input: FuzzInput) => readonly string[]): FuzzInput[] {
  const sorted = inputs.toSorted((a, b) => a.stream.length - b.stream.length);
  const seen = new Set<string>();
  return sorted.filter((input) => {
    const fresh = wordsOf(input).filter((word) => !seen.has(word));
    for (const word of fresh) seen.add(word);
    return fresh.length > 0;
  });
}
