/** What the threads of the pool run: one question about one run set a task. Errors come back as answers, never thrown. */
import { totalmem } from 'node:os';
import { constrainedMemory } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import {
  answerQuestion,
  apiFault,
  CancelledError,
  faultAnswer,
  faultOf,
  keepAtMost,
  LEAST_KEPT_BYTES,
  loadArrow,
  summarizeRun,
  watchFlag,
  type Answer,
  type ApiFault,
  type CancelFlag,
  type Question,
  type RunSummary,
} from '@memscope/query';
import { SourceFinder, StoreError } from '@memscope/store';
import { openRun, type RunPlace, type SetPlace } from './open-runs.js';

// Answers are large, so that memory is collected often; what was not asked for a while would be compiled anew each time.
setFlagsFromString('--no-flush-bytecode');

// A view of millions of stacks takes hundreds of megabytes to make; who looks at two by turns must not wait for each anew.
const MEMORY_SHARE = 1 / 16;
const MOST_KEPT_BYTES = 2 ** 30;
keepAtMost(Math.max(LEAST_KEPT_BYTES, Math.min(MOST_KEPT_BYTES, MEMORY_SHARE * memoryBytes())));

/** Of the machine, or what a container may have of it. */
function memoryBytes(): number {
  return Math.min(totalmem(), constrainedMemory() || Infinity);
}

export interface QueryTask {
  readonly runs: SetPlace;
  readonly question: Question;
  readonly cancel: CancelFlag;
  /** Folders below which source files may be read. */
  readonly sourceFolders: readonly string[];
}

export interface SummaryTask {
  readonly run: RunPlace;
  /** Make ready what the first view will ask for. */
  readonly warm: boolean;
  readonly rules: string | null;
}

export interface QueryOutcome {
  /** Null where it was given up. */
  readonly answer: Answer | null;
  /** A fault of the program, for the log. */
  readonly trace: string | null;
}

export async function runQuery({ runs, question, cancel, sourceFolders }: QueryTask): Promise<QueryOutcome> {
  watchFlag(cancel);
  try {
    // Anew for each question: files change while the page is open.
    const readsSource = ['source', 'flame', 'leaks'].includes(question.route);
    const sources = readsSource && sourceFolders.length > 0 ? new SourceFinder(sourceFolders) : null;
    const answer = await answerQuestion(openRun(runs, question.route === 'source'), question, sources);
    return handOver({ answer, trace: null }, answer.body.buffer);
  } catch (error) {
    if (error instanceof CancelledError) return { answer: null, trace: null };
    const fault = faultOf(error) ?? storeFault(error);
    if (fault !== null) return { answer: faultAnswer(fault), trace: null };
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { answer: faultAnswer(apiFault(500, 'internal', 'an internal fault: see the terminal of memscope')), trace };
  }
}

/** A profile that cannot be read is no fault of the program. */
function storeFault(error: unknown): ApiFault | null {
  return error instanceof StoreError ? apiFault(500, 'internal', error.message) : null;
}

/** Throws `StoreError`. */
export async function runSummary({ run, warm, rules }: SummaryTask): Promise<RunSummary> {
  if (warm) await loadArrow();
  return summarizeRun(openRun({ head: [run], base: [] }), warm, rules);
}

/** The bytes of an answer change hands instead of being copied. */
function handOver(outcome: QueryOutcome, bytes: ArrayBuffer): QueryOutcome {
  return move({ [transferableSymbol]: [bytes], [valueSymbol]: outcome }) as unknown as QueryOutcome;
}
