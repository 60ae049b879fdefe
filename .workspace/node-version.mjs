/**
 * Refuses a Node that is too old, in one line, before anything else is loaded. Kept to syntax that old versions of
 * Node parse, and imported first.
 */
const [neededMajor, neededMinor] = /** @type {const} */ ([20, 19]);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  console.error(
    `memscope needs Node ${neededMajor}.${neededMinor} or newer; this is Node ${process.versions.node} (${process.execPath}).`,
  );
  process.exit(1);
}
