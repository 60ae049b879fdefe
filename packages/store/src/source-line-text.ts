/** Lines of sources ↔ JSON text in `meta`: file → line → text. */
import { parseBoundedJson, type JsonBounds, type SourceLines } from '@memscope/model/recorded';

export const SOURCE_LINES_KEY = 'source_lines';
/** Files, and lines in all; a bundle has 5,000 files. */
const BOUNDS: JsonBounds = { depth: 2, containers: 1 << 17, values: 1 << 22 };

export function formatSourceLines(lines: SourceLines): string {
  return JSON.stringify(Object.fromEntries(Array.from(lines, ([file, texts]) => [file, Object.fromEntries(texts)])));
}

/** Throws a `TypeError` for anything else than what `formatSourceLines` gives, a `SyntaxError` for no JSON. */
export function parseSourceLines(json: string): SourceLines {
  const found = new Map<string, Map<number, string>>();
  for (const [file, lines] of entriesOf(parseBoundedJson(json, BOUNDS))) {
    const texts = new Map<number, string>();
    for (const [line, text] of entriesOf(lines)) {
      if (!/^\d{1,9}$/.test(line) || typeof text !== 'string') throw new TypeError('a source line that is none');
      texts.set(Number(line), text);
    }
    found.set(file, texts);
  }
  return found;
}

function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no source lines');
  return Object.entries(value);
}
