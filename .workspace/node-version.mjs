/**
 * Imported first by each script: under a Node that is too old it runs the same script again with one from the npm
 * registry, and nothing else of the script is loaded. Kept to syntax that old versions of Node parse.
 */
const [neededMajor, neededMinor] = /** @type {const} */ ([22, 16]);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  const { goOnWithFetchedNode } = await import('./fetched-node.mjs');
  process.exit(await goOnWithFetchedNode(`${neededMajor}.${neededMinor}`));
}
