/**
 * How the scripts call npm: as the one that called them, without what it says of the script that it is running. Also
 * what a registry that cannot be reached looks like.
 */

/** Whoever is offline need not wait for a minute; what the user has set stays. */
const patience = {
  npm_config_fetch_retries: '2',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_factor: '2',
};

/** What to do when `isUnreachable`. */
export const reachRegistry =
  'check the network, the proxy (https_proxy) or npm_config_registry, then run the same command again';

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
  const environment = { CI: 'true', ...patience };
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^npm_(package|lifecycle|command|config_(local_)?prefix|config_global)/.test(name)) environment[name] = value;
  }
  return environment;
}

/**
 * Whether npm or pnpm failed since no registry answered.
 * @param {string} output
 */
export function isUnreachable(output) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|error sending request|dns error/i.test(output);
}
