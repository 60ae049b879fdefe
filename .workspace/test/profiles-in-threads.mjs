/**
 * Opens and closes one profile in thirty threads, a few at a time: some end by themselves, some are stopped from
 * outside, some throw, each with the profile still open. Prints how many ended which way.
 * `node profiles-in-threads.mjs STORE_MODULE PROFILE`
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const THREADS = 30;
const AT_A_TIME = 4;

if (isMainThread) {
  const ends = { closed: 0, stopped: 0, thrown: 0 };
  let next = 0;
  const take = async () => {
    while (next < THREADS) ends[await runThread(next++)]++;
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, take));
  process.stdout.write(JSON.stringify(ends));
} else {
  const { store, profile: path, way } = workerData;
  const { openProfile } = await import(store);
  const profile = openProfile(path);
  profile.tables();
  const { parentPort } = await import('node:worker_threads');
  parentPort.postMessage('open');
  if (way === 'thrown') throw new Error('thrown on purpose');
  if (way === 'stopped') await new Promise((done) => parentPort.once('message', done));
  profile.close();
}

/** @param {number} index */
function runThread(index) {
  const way = ['closed', 'stopped', 'thrown'][index % 3];
  const [, , store, profile] = process.argv;
  const worker = new Worker(new URL(import.meta.url), { workerData: { store, profile, way } });
  return new Promise((done) => {
    let end = 'closed';
    worker.once('message', () => (way === 'stopped' ? void worker.terminate() : undefined));
    worker.once('error', () => (end = 'thrown'));
    worker.once('exit', (code) => done(end === 'closed' && code !== 0 ? 'stopped' : end));
  });
}
