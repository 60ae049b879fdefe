/**
 * Several ways to do the same work → the times of each, taken in turns: one run of each per turn, in changing order, so
 * that what slows the machine for a while slows all of them, and none always comes after the same other one. What they
 * produced is compared, and thereby used: nothing that is timed can be optimised away, and no way is fast by being wrong.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { BenchError } from './bench-error.js';

export interface Variant {
  readonly name: string;
  /** The timed work. */
  run(): Finished | Promise<Finished>;
}

/** What a run left, looked at after the clock has stopped. */
export interface Finished {
  /** Null where nothing tells. */
  readonly memoryBytes: number | null;
  /** By name of what was worked out; variants that share a name must agree. */
  digests(): Digests;
}

export type Digests = Readonly<Record<string, string>>;

export interface VariantTimes {
  readonly name: string;
  /** Wall time of each turn, warm-ups left out. */
  readonly seconds: readonly number[];
  /** Of the very first run. */
  readonly firstSeconds: number;
  /** Greatest of all runs. */
  readonly memoryBytes: number | null;
}

export interface Turns {
  /** In the order of the variants. */
  readonly times: readonly VariantTimes[];
  /** What all agreed on. */
  readonly digests: Digests;
}

export interface TurnOptions {
  readonly runs: number;
  readonly warmUps: number;
  /** Before each run. */
  onRun?(name: string, turn: number, turns: number): void;
}

/** @throws {BenchError} `disagreement` */
export async function runInTurns(variants: readonly Variant[], options: TurnOptions): Promise<Turns> {
  const turns = options.warmUps + options.runs;
  const agreed = new Map<string, { readonly digest: string; readonly name: string }>();
  const seconds = variants.map((): number[] => []);
  const memory = variants.map((): number | null => null);
  for (let turn = 0; turn < turns; turn++) {
    for (const index of orderOf(turn, variants.length)) {
      const variant = variants[index]!;
      options.onRun?.(variant.name, turn, turns);
      collectGarbage();
      const started = performance.now();
      const finished = await variant.run();
      seconds[index]!.push((performance.now() - started) / 1000);
      if (finished.memoryBytes !== null) memory[index] = Math.max(memory[index] ?? 0, finished.memoryBytes);
      agree(agreed, variant.name, finished.digests());
    }
  }
  return {
    times: variants.map(({ name }, index) => ({
      name,
      seconds: seconds[index]!.slice(options.warmUps),
      firstSeconds: seconds[index]![0]!,
      memoryBytes: memory[index]!,
    })),
    digests: Object.fromEntries(Array.from(agreed, ([key, { digest }]) => [key, digest])),
  };
}

/** Forwards and backwards in turns, each pair of turns starting one place later: ABC, CBA, BCA, ACB, CAB, BAC. */
function orderOf(turn: number, length: number): number[] {
  const order = Array.from({ length }, (_, place) => (place + (turn >> 1)) % length);
  return turn % 2 === 0 ? order : order.reverse();
}

function agree(agreed: Map<string, { digest: string; name: string }>, name: string, digests: Digests): void {
  for (const [key, digest] of Object.entries(digests)) {
    const known = agreed.get(key);
    if (known === undefined) agreed.set(key, { digest, name });
    else if (known.digest !== digest) {
      throw new BenchError(
        'disagreement',
        `"${name}" and "${known.name}" disagree on ${key}: ${digest} against ${known.digest}`,
      );
    }
  }
}

let collect: (() => void) | undefined;

/** One run's garbage shall not be collected at the expense of the next. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
