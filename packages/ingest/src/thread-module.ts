/**
 * The file that a thread or process is started with. Those run compiled code: beside the file that starts them where it
 * is compiled itself, in `dist` where tests run it from source.
 */

/** `starter` is the `import.meta.url` of who starts it. */
export function threadModule(name: string, starter: string): URL {
  return new URL(starter.endsWith('.ts') ? `../dist/${name}.js` : `./${name}.js`, starter);
}
