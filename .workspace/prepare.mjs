/**
 * Sets up and builds if need be; of commands that are started at once in one clone one does it, and the others wait for
 * it.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { build } from './build.mjs';
import { root, say } from './run.mjs';
import { setUp } from './set-up.mjs';

/** Holds the number of the process that is at work. */
const lock = join(root, 'node_modules/.cache/memscope/preparing');

export async function prepare() {
  await takeLock();
  try {
    await setUp();
    await build();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function takeLock() {
  mkdirSync(dirname(lock), { recursive: true });
  for (let waited = false; !isTaken(); waited = true) {
    // One that was ended in the middle leaves its lock behind.
    if (!isAlive(holder())) rmSync(lock, { force: true });
    else if (!waited) say('memscope: another command is setting up here: waiting for it');
    await setTimeout(250);
  }
}

/** Whether the lock could be taken. */
function isTaken() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'EEXIST') return false;
    throw failure;
  }
  return holder() === process.pid;
}

/** The process that holds the lock; 0: none. */
function holder() {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (failure) {
    return failure instanceof Error && 'code' in failure && failure.code === 'EPERM';
  }
}
