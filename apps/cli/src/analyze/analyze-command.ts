/**
 * `memscope analyze`: from paths to profiles to reports. Standard output gets the report (or one JSON document) and
 * nothing else; progress, warnings and errors go to standard error.
 */
import { sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Analysis } from '@memscope/model';
import { printable } from '@memscope/model/text/printable';

import { describeFileError, exitCodeOf } from '../describe-error.js';
import { EXIT, type ExitCode, UsageError, worse } from '../exit-code.js';
import type { Host } from '../host.js';
import { isFolder } from '../options/require-folder.js';
import { askCaptures, type Answer, type Asking } from '../reading/read-captures.js';
import { warnIncomplete } from '../reading/warn-incomplete.js';
import { warnSymbols } from '../reading/warn-symbols.js';
import { complain, writeOutput } from '../terminal/write-output.js';
import { readProfiles } from '../views/read-profile.js';
import { viewOf } from '../views/selection-request.js';
import type { AnalyzeOptions } from './tell-analyses.js';

type Result = Answer<Analysis>;

export async function runAnalyze(args: readonly string[], options: AnalyzeOptions, host: Host): Promise<ExitCode> {
  if (options.together) return analyzeTogether(args, options, host);
  const { output } = options.reading;
  // What is wrong with the flags is said before a capture is read.
  const view = viewOf(options.part, 'python');
  const engine = await host.loadEngine();
  const { paths, failures } = await engine.expandInputs([...args]);
  if (output !== undefined && paths.length > 1 && !output.endsWith(sep) && !isFolder(output)) {
    throw new UsageError(`-o ${printable(output)}: ${paths.length} captures need a folder for their profiles`);
  }
  // Loaded while captures are read, whose threads start first.
  const telling = setImmediate().then(() => import('./tell-analyses.js'));
  const asking = telling.then(({ analyzeAs, prepare }): Asking<Analysis> => ({
    ask: (profile) => analyzeAs([profile], view, options),
    prepare: ({ tables, sites }) => prepare(tables, sites, view.frames),
  }));
  const read = paths.length > 0 ? await askCaptures(paths, options.reading, host, engine, asking) : null;
  const { tellAnalyses } = await telling;
  const results: Result[] = [...(read?.answers ?? []), ...failures.map((error) => ({ error }))];
  if (host.signal.aborted) return EXIT.interrupted;

  // The report itself says what is wrong with a capture.
  const isText = !options.json && !options.csv;
  const isHere = host.stdout.isTTY === true && host.stderr.isTTY === true;
  const shown = isText ? (isHere ? 'here' : 'elsewhere') : 'nowhere';
  let code = read?.code ?? EXIT.fine;
  for (const [at, result] of results.entries()) {
    const outcome = read?.outcomes[at];
    if ('error' in result) complain(host, describeFileError(result.error));
    else if (outcome?.error === undefined && outcome?.reused === false) warnSymbols(result.answer, host, isText);
    code = worse(
      code,
      'error' in result ? exitCodeOf(result.error, output !== undefined) : warnIncomplete(result.answer, host, shown),
    );
  }
  await writeOutput(host, tellAnalyses(results, options, host), options);
  return code;
}

/** What cannot be read fails all: a sum without it would be another. */
async function analyzeTogether(args: readonly string[], options: AnalyzeOptions, host: Host): Promise<ExitCode> {
  const named = { paths: args, together: true };
  const view = viewOf(options.part, 'python');
  const { analyzeAs, tellAnalyses } = await import('./tell-analyses.js');
  const { code, answer } = await readProfiles(named, options.reading, host, (profiles) =>
    analyzeAs(profiles, view, options),
  );
  if (answer !== null) await writeOutput(host, tellAnalyses([{ answer }], options, host), options);
  return code;
}
