/**
 * Frames → which of them only run other code: they start a program, a thread, a task or a test, and whoever looks for
 * memory looks for what they run. By files of the standard library and of packages, some of them by functions.
 */
import { moduleOfFile } from '../analysis/module-of-file.js';
import { isLauncher } from '../growth/frame-kind.js';
import { NATIVE_FRAME, type FrameTable } from '../tables.js';

const EVERY = null;

/** Files, or folders that end in a slash, below the standard library; and the functions that are meant. */
const STANDARD_LIBRARY: Readonly<Record<string, readonly string[] | null>> = {
  '<frozen runpy>': EVERY,
  'runpy.py': EVERY,
  'threading.py': ['_bootstrap', '_bootstrap_inner', 'run'],
  'concurrent/futures/thread.py': ['_worker', 'run'],
  'concurrent/futures/process.py': ['_process_worker', '_process_chunk'],
  'multiprocessing/process.py': ['_bootstrap', 'run', 'start'],
  'multiprocessing/context.py': ['_Popen'],
  'multiprocessing/popen_fork.py': EVERY,
  'multiprocessing/spawn.py': ['spawn_main', '_main'],
  'multiprocessing/forkserver.py': ['main', '_serve_one'],
  'multiprocessing/pool.py': ['worker', 'mapstar', 'starmapstar'],
  'asyncio/runners.py': EVERY,
  'asyncio/base_events.py': ['run_until_complete', 'run_forever', '_run_once'],
  'asyncio/events.py': ['_run'],
  'asyncio/windows_events.py': ['run_forever'],
  'socketserver.py': EVERY,
  'http/server.py': ['handle', 'handle_one_request'],
  'unittest/': EVERY,
  'trace.py': EVERY,
  'cProfile.py': EVERY,
};

/** The same of packages, whose folder comes first. */
const PACKAGES: Readonly<Record<string, readonly string[] | null>> = {
  '_pytest/': EVERY,
  'pytest/': EVERY,
  'pluggy/': EVERY,
  'pytest_asyncio/': EVERY,
  'xdist/': EVERY,
  'execnet/': EVERY,
  'gunicorn/': EVERY,
  'uvicorn/': EVERY,
  'uvloop/': EVERY,
  'hypercorn/': EVERY,
  'billiard/': EVERY,
  'celery/apps/': EVERY,
  'celery/bin/': EVERY,
  'celery/concurrency/': EVERY,
  'celery/worker/': EVERY,
  'celery/app/trace.py': EVERY,
  'click/core.py': EVERY,
  'typer/core.py': EVERY,
  'typer/main.py': EVERY,
  'ipykernel/': EVERY,
  'ipykernel_launcher.py': EVERY,
  'traitlets/config/application.py': EVERY,
  'tornado/platform/asyncio.py': EVERY,
  'IPython/core/async_helpers.py': EVERY,
  'IPython/core/interactiveshell.py': EVERY,
  'torch/distributed/run.py': EVERY,
  'torch/distributed/launcher/': EVERY,
  'torch/distributed/elastic/': EVERY,
};

const knownRunners = new WeakMap<FrameTable, Uint8Array>();

/** By frame row: 1 where it only runs others. Found once for the same frames. */
export function runnerFrames(frames: FrameTable): Uint8Array {
  const known = knownRunners.get(frames);
  if (known !== undefined) return known;
  const functionsOfFile = new Map<string | null, readonly string[] | null>();
  const runners = Uint8Array.from({ length: frames.length }, (_, row) => {
    if (frames.kind[row] === NATIVE_FRAME) return 0;
    const file = frames.file[row] ?? null;
    let functions = functionsOfFile.get(file);
    if (functions === undefined) functionsOfFile.set(file, (functions = runnersOfFile(file)));
    return functions === EVERY || functions.includes(frames.functionName[row] ?? '') ? 1 : 0;
  });
  knownRunners.set(frames, runners);
  return runners;
}

/** Functions of it that run others. */
function runnersOfFile(file: string | null): readonly string[] | null {
  if (isLauncher(file)) return EVERY;
  const { kind, shortFile } = moduleOfFile(file);
  const known = kind === 'standardLibrary' ? STANDARD_LIBRARY : kind === 'package' ? PACKAGES : {};
  const path = shortFile.replaceAll('\\', '/');
  const own = known[path];
  if (own !== undefined) return own;
  for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
    const ofFolder = known[path.slice(0, end + 1)];
    if (ofFolder !== undefined) return ofFolder;
    if (end === 0) break;
  }
  return [];
}
