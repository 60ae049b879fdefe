/**
 * The file that a thread is started with. Threads run compiled code: beside this file where it is compiled itself, in
 * `dist` where tests run it from source.
 */
export function threadModule(name: string): URL {
  return new URL(import.meta.url.endsWith('.ts') ? `../dist/${name}.js` : `./${name}.js`, import.meta.url);
}
