/** What `memscope filters` prints. */
import { FILTER_HELP } from '@memscope/model';
import type { Host } from '../host.js';
import { writeOutput } from '../terminal/write-output.js';

const WINDOW_HELP = `A window of time (--window) is FROM..TO, or one place alone:

  10%..50%       shares of the recording
  3.5s..12s      times since its start; also ms, min, h
  #100..#250     ticks (memory records), both included
  peak           the tick in which the heap was greatest; rss-peak: RSS
  peak..         from there to the end; ..peak from the start to there

It covers whole ticks, every one that it touches: captures know time only from
one memory record to the next.
`;

export function explainFilters(host: Host): Promise<void> {
  return writeOutput(host, `${FILTER_HELP.trimEnd()}\n\n${WINDOW_HELP}`, { pager: true });
}
