/** What the build makes: small, nothing inline, nothing from outside. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const source = fileURLToPath(new URL('../src', import.meta.url));
const MOST_SCRIPT_BYTES = 250_000;

describe.skipIf(!existsSync(join(dist, 'index.html')))('the built page', () => {
  const files = (): string[] => readdirSync(join(dist, 'assets'));
  const text = (name: string): string => readFileSync(join(dist, 'assets', name), 'utf8');

  test(`has less than ${MOST_SCRIPT_BYTES / 1000} kB of script, compressed`, () => {
    const scripts = files().filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(text(name)).length, 0);
    expect(bytes).toBeLessThan(MOST_SCRIPT_BYTES);
  });

  test('has hashed names, so that they may be kept for ever', () => {
    for (const name of files()) expect(name).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
  });

  test('has no inline script or style, and asks nothing from outside', () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    expect(html.match(/<script[^>]*>[^<]/)).toBeNull();
    expect(html).not.toMatch(/<style|style=|\son\w+=|javascript:|https?:|\/\//);
    for (const name of files().filter((each) => each.endsWith('.css'))) {
      expect(text(name)).not.toMatch(/@import|url\(|https?:/);
    }
  });
});

test('no source writes markup: every text of a capture becomes a text node', () => {
  const sources = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(50);
  for (const name of sources) {
    expect(readFileSync(join(source, name), 'utf8')).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\.html\(|\beval\(|new Function/,
    );
  }
});
