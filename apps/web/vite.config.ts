/**
 * The page's sources → `dist/`: index.html, one script and one style sheet with hashed names. Nothing is inlined, as
 * the server's Content-Security-Policy lets neither inline scripts nor `data:` addresses pass.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// The one default export that a tool demands.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  // From source, so that the page is built while the packages are.
  resolve: {
    alias: { '@memscope/model': fileURLToPath(new URL('../../packages/model/src/index.ts', import.meta.url)) },
  },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  logLevel: 'warn',
});
