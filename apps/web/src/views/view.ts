/**
 * What a view is: it says which questions the state needs, and draws the state and its answers. It never fetches and
 * never changes the state itself but through `Page`.
 */
import type { Run } from '@memscope/model';

import type { Answer } from '../api/answers.js';
import type { ChosenRuns, Question } from '../api/question.js';
import type { PageReport } from '../report/page-report.js';
import type { PageState } from '../state/page-state.js';

/** What views may do. */
export interface Page {
  /** Null where a server answers; else what the page cannot do, and why. */
  readonly report: PageReport | null;
  /** As it is now. */
  state(): PageState;
  change(next: (state: PageState) => PageState, how?: 'push' | 'replace'): void;
  /** Asks `questions` and draws again, after something outside the state changed (such as scrolling). */
  redraw(): void;
  /** Asks once more what failed. */
  retry(): void;
  /** Answers that are not drawn, such as those of a file to save. Rejects with `AnswerError`. */
  ask<Value>(question: Question<Value>): Promise<Value>;
  /** Spoken by screen readers. */
  announce(text: string): void;
}

/** All that a drawing is made of. */
export interface Frame {
  readonly state: PageState;
  /** The first of the head. */
  readonly run: Run;
  /** All that are shown, and what they are compared with. */
  readonly set: ChosenRuns;
  /** Of the view, in pixels. */
  readonly width: number;
  readonly read: <Value>(question: Question<Value>) => Answer<Value>;
}

/** What of the view can be saved; each is made when asked for. */
export interface Savable {
  /** What it is of, where that is not the runs that are shown; a part of the file's name. */
  readonly of?: string;
  readonly name: string;
  readonly csv?: () => string | Promise<string>;
  readonly svg?: () => string;
  readonly png?: () => Promise<Blob>;
}

export interface View {
  readonly root: HTMLElement;
  questions(frame: Omit<Frame, 'read'>): readonly Question<unknown>[];
  draw(frame: Frame): void;
  savable(): Savable;
  /** Keys that the page itself has no use for; true = it was handled. */
  onKey?(event: KeyboardEvent): boolean;
}
