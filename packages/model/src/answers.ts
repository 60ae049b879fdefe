/**
 * What a capture can answer, and how well: the one thing that code asks before it shows a number. Formats and their
 * versions are what readers know about; whoever reads a new one says here what it has.
 */

/**
 * - `peak`: what was live at the high-water mark
 * - `leaked`: what was live at the end
 * - `total`: all that was ever allocated
 * - `temporary`: what was freed at once
 * - `lifetimes`: when what lived was born and died; with it windows, own peaks, what grows
 * - `objects`: which tracked Python objects survive, and where they were created
 * - `sizes`: how many allocations asked for how many bytes; estimated: by bucket
 * - `rss`: the process's resident memory over time
 * - `pythonStacks`, `nativeStacks`: where from
 */
export const QUESTIONS = [
  'peak',
  'leaked',
  'total',
  'temporary',
  'lifetimes',
  'objects',
  'sizes',
  'rss',
  'pythonStacks',
  'nativeStacks',
] as const;

export type Question = (typeof QUESTIONS)[number];

/** `estimated` numbers come from samples or buckets, and say so wherever they are shown. */
export const ANSWER_KINDS = ['exact', 'estimated', 'none'] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

export type Answers = Readonly<Record<Question, AnswerKind>>;

/** All of it exactly, but for what is said; objects are what few recordings track. */
export function answersBut(others: Partial<Answers>): Answers {
  const exact = Object.fromEntries(QUESTIONS.map((question) => [question, 'exact'])) as Record<Question, AnswerKind>;
  return { ...exact, objects: 'none', ...others };
}

/** Of a recording that kept only what was live at the peak and at the end. */
export const NO_HISTORY: Partial<Answers> = { total: 'none', temporary: 'none', lifetimes: 'none', sizes: 'none' };

export function canAnswer({ answers }: { readonly answers: Answers }, question: Question): boolean {
  return answers[question] !== 'none';
}
