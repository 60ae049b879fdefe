/**
 * The page's sources → `dist/`: index.html, one script and one style sheet with hashed names. Nothing is inlined, as
 * the server's Content-Security-Policy lets neither inline scripts nor `data:` addresses pass. With `--mode report` the
 * same page as it stands in a report, with what answers questions there → `dist/report/`.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const sourceOf = (name: string): string =>
  fileURLToPath(new URL(`../../packages/${name}/src/index.ts`, import.meta.url));

// The one default export that a tool demands.
export default defineConfig(({ mode }) => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  // From source, so that the page is built while the packages are.
  resolve: {
    alias: { '@memscope/model': sourceOf('model'), '@memscope/query': sourceOf('query') },
  },
  plugins: [
    {
      name: 'entry-of-mode',
      transformIndexHtml: {
        order: 'pre' as const,
        handler: (html: string): string =>
          mode === 'report' ? html.replace('./src/main.ts', './src/report/main.ts') : html,
      },
    },
  ],
  build: {
    outDir: mode === 'report' ? 'dist/report' : 'dist',
    target: 'es2023',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  logLevel: 'warn',
}));
