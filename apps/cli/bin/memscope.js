#!/usr/bin/env node
// Refuses a Node that is too old in one line, before anything else is loaded. Kept to syntax that Node 14 reads.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 16)) {
  process.stderr.write(
    `memscope needs Node 22.16 or newer, and this is ${process.versions.node} (${process.execPath}): ` +
      'install Node 24 from https://nodejs.org, or with npm: npm install --global node@24\n',
  );
  process.exitCode = 2;
} else {
  void import('../dist/main.js');
}
