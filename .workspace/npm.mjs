/** How the scripts call npm: as the one that called them, without what it says of the script that it is running. */

/** @returns {[string, ...string[]]} the command and its first parameters */
export function npmCommand() {
  const script = process.env['npm_execpath'];
  if (script && /npm-cli\.c?js$/.test(script)) return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/**
 * The environment for npm and for what it runs, which ask nothing.
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const environment = { CI: 'true' };
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^npm_(package|lifecycle|command|config_(local_)?prefix|config_global)/.test(name)) environment[name] = value;
  }
  return environment;
}
