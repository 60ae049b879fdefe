/**
 * Answers by the path of their question. `want` takes all questions that the page needs now: it starts those that are
 * new, gives up those that nobody needs any more, and keeps the latest answers, so that going back is instant.
 */
import { AnswerError } from './answer-error.js';
import type { Question } from './question.js';

export type Answer<Value> =
  | { readonly state: 'ready'; readonly value: Value }
  /** `stale`: the last answer in the same slot. */
  | { readonly state: 'loading'; readonly stale: Value | null }
  | { readonly state: 'failed'; readonly error: AnswerError };

/** Where answers come from: the server (`ask.ts`) or a report. Rejects with `AnswerError`. */
export type Ask = (question: Question<unknown>, signal: AbortSignal) => Promise<unknown>;

const MOST_KEPT = 80;

export class AnswerStore {
  readonly #kept = new Map<string, Answer<unknown>>();
  readonly #running = new Map<string, AbortController>();
  readonly #lastOfSlot = new Map<string, unknown>();
  readonly #onAnswer: () => void;
  readonly #ask: Ask;

  /** `onAnswer` is called whenever an answer has come. */
  constructor(ask: Ask, onAnswer: () => void) {
    this.#ask = ask;
    this.#onAnswer = onAnswer;
  }

  want(questions: readonly Question<unknown>[]): void {
    const wanted = new Set(questions.map(({ path }) => path));
    for (const [path, running] of this.#running) {
      if (wanted.has(path)) continue;
      running.abort();
      this.#running.delete(path);
    }
    for (const question of questions) {
      if (!this.#kept.has(question.path) && !this.#running.has(question.path)) void this.#start(question);
    }
  }

  read<Value>(question: Question<Value>): Answer<Value> {
    const known = this.#kept.get(question.path);
    if (known !== undefined) {
      this.#kept.delete(question.path);
      this.#kept.set(question.path, known);
      if (known.state === 'ready') this.#lastOfSlot.set(question.slot, known.value);
      return known as Answer<Value>;
    }
    return { state: 'loading', stale: (this.#lastOfSlot.get(question.slot) as Value | undefined) ?? null };
  }

  /** Forgets what a slot showed last, as another run's answers must not stay on the screen. */
  forgetSlots(): void {
    this.#lastOfSlot.clear();
  }

  /** Forgets all answers about a run, which has been read anew. */
  forgetRun(run: string): void {
    const start = `api/runs/${encodeURIComponent(run)}/`;
    for (const path of this.#kept.keys()) {
      const parameters = new URLSearchParams(path.split('?', 2)[1]);
      const others = [...parameters.getAll('run'), ...parameters.getAll('base')];
      if (path.startsWith(start) || others.includes(run)) this.#kept.delete(path);
    }
  }

  /** Forgets failures, so that they are asked again. */
  retry(): void {
    for (const [path, answer] of this.#kept) if (answer.state === 'failed') this.#kept.delete(path);
  }

  async #start(question: Question<unknown>): Promise<void> {
    const running = new AbortController();
    this.#running.set(question.path, running);
    let answer: Answer<unknown>;
    try {
      answer = { state: 'ready', value: await this.#ask(question, running.signal) };
    } catch (cause) {
      if (running.signal.aborted) return;
      const error = cause instanceof AnswerError ? cause : unreadable(cause);
      answer = { state: 'failed', error };
    }
    if (running.signal.aborted) return;
    this.#running.delete(question.path);
    this.#kept.set(question.path, answer);
    for (const path of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(path);
    }
    this.#onAnswer();
  }
}

function unreadable(cause: unknown): AnswerError {
  return new AnswerError(
    'internal',
    'The answer could not be read: page and server may be of different versions.',
    null,
    {
      cause,
    },
  );
}
