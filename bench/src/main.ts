/** `npm run bench`: what the user asks for → measured, printed. Progress goes to standard error. */
import { BenchError } from './bench-error.js';
import { parseBenchOptions, USAGE, type BenchOptions } from './bench-options.js';
import { describeMachine, type BenchResult } from './bench-result.js';
import { findChromium, MISSING_CHROMIUM } from './chromium.js';
import { runEndToEndSuite } from './end-to-end-suite.js';
import { runKernelSuite } from './kernel-suite.js';
import { runPageSuite, type PageResult } from './page-suite.js';
import { renderResult } from './render-result.js';
import { runStoreSuite } from './store-suite.js';
import { runViewsSuite } from './views-suite.js';

const EXIT_USAGE = 2;
const EXIT_INTERNAL = 4;

async function measure(options: BenchOptions): Promise<BenchResult> {
  const { suites, runs, warmUps, seed, megabytes, sites, lifetimes, captures, memray } = options;
  const machine = describeMachine();
  const turns = { runs, warmUps, onRun: tell };
  // The store first: what it takes to ask for the first time shows only in a process that has asked nothing yet.
  const store = suites.includes('store') ? await runStoreSuite({ ...turns, seed, sites, lifetimes }) : null;
  const kernel = suites.includes('kernel')
    ? await runKernelSuite({ ...turns, seed, megabytes, versions: [11, 13] })
    : null;
  const views = suites.includes('views') ? await runViewsSuite({ ...turns, seed, sites: 2 * sites, lifetimes }) : null;
  const page = suites.includes('page') ? await measurePage(options) : null;
  const endToEnd = suites.includes('end-to-end')
    ? await runEndToEndSuite({ runs, onRun: tell, captures, synthetic: { seed, megabytes }, memray })
    : null;
  return { schema: 'memscope.bench/1', machine, runs, seed, kernel, store, views, page, endToEnd };
}

/** Null, and said, where there is no browser and something else was measured. */
async function measurePage(options: BenchOptions): Promise<PageResult | null> {
  const { suites, runs, warmUps, seed, sites, lifetimes, captures, base } = options;
  if (suites.length > 1 && findChromium() === null) {
    process.stderr.write(`bench: page skipped: ${MISSING_CHROMIUM}\n`);
    return null;
  }
  return runPageSuite({ runs, warmUps, onRun: tell, seed, sites: 2 * sites, lifetimes, captures, base });
}

function tell(name: string, turn: number, turns: number): void {
  const line = `turn ${turn + 1} of ${turns}: ${name}`;
  // One line that changes on a terminal; one line a run where it may take minutes and nobody sees a cursor.
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
}

try {
  // npm runs scripts in the package's folder and says in INIT_CWD where the user called it.
  const caller = process.env['npm_lifecycle_event'] === 'bench' ? process.env['INIT_CWD'] : undefined;
  const options = parseBenchOptions(process.argv.slice(2), process.env, caller ?? process.cwd());
  if (options.help) {
    process.stdout.write(USAGE);
  } else {
    const result = await measure(options);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : renderResult(result));
  }
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}bench: ${error.message}\n`);
  process.exitCode = error.code === 'usage' ? EXIT_USAGE : EXIT_INTERNAL;
}
