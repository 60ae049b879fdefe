/**
 * What a view is asked of ↔ the query string of its request (`api.ts`). Defaults are left out, so that equal questions
 * have one text. Reading is strict: what is not one of the values that a parameter takes is an error, never ignored.
 */
import type { RunChoice, Transform, ViewQuery } from './api.js';
import { FRAME_CHOICES, isCounted, SITE_MEASURES, STACK_CHOICES, TRANSFORM_KINDS } from './view/view-choices.js';
import { ViewError } from './view/view-error.js';
import { VIEW_PARTS, WHOLE_VIEW, type ViewPart, type ViewSwitch } from './view/view-parts.js';

/** "measure=leaked&splitThreads=1"; empty for `WHOLE_VIEW`. `parts` are those that the question reads. */
export function encodeViewQuery(view: ViewQuery, parts: readonly ViewPart[] = VIEW_PARTS): string {
  return VIEW_PARTS.filter((part) => view[part] !== WHOLE_VIEW[part] && parts.includes(part))
    .map((part) => `${part}=${encodeURIComponent(view[part] === true ? '1' : String(view[part]))}`)
    .join('&');
}

/** Of a question, and of each side. */
const MOST_RUNS = 64;

/** "run=ID&run=ID&base=ID", as in the page's address. */
export function encodeRuns({ head, base }: RunChoice): string {
  const each = (name: string, ids: readonly string[]): string[] => ids.map((id) => `${name}=${encodeURIComponent(id)}`);
  return [...each('run', head), ...each('base', base)].join('&');
}

/** The same for a request, where the first run of the head stands in the path. Empty for a single run. */
export function encodeRunChoice({ head, base }: RunChoice): string {
  return encodeRuns({ head: head.slice(1), base });
}

/** `first` stands in the path, `readAll` gives a parameter's values. Throws `ViewError` `syntax`. */
export function readRunChoice(first: string, readAll: (name: string) => readonly string[]): RunChoice {
  const choice = { head: [first, ...readAll('run')], base: readAll('base') };
  if (choice.head.length + choice.base.length > MOST_RUNS)
    throw new ViewError('syntax', `more than ${MOST_RUNS} runs at once`);
  for (const side of [choice.head, choice.base]) {
    if (new Set(side).size < side.length) throw new ViewError('syntax', 'a run stands twice on one side');
  }
  return choice;
}

/** "transform=focus%3Amain%0Aapp.py&transform=…", in their order; empty without any. */
export function encodeTransforms(transforms: readonly Transform[]): string {
  return transforms.map(({ kind, target }) => `transform=${encodeURIComponent(`${kind}:${target}`)}`).join('&');
}

/** `read` gives a parameter's value, null where it is left out. Throws `ViewError` `syntax`. */
export function readViewQuery(read: (name: string) => string | null): ViewQuery {
  const flag = (name: ViewSwitch): boolean => readChoice(name, read(name), ['0', '1'], '0') === '1';
  const measure = readChoice('measure', read('measure'), SITE_MEASURES, WHOLE_VIEW.measure);
  return {
    measure,
    counts: flag('counts') || isCounted(measure),
    window: read('window'),
    filter: read('filter'),
    stacks: readChoice('stacks', read('stacks'), STACK_CHOICES, WHOLE_VIEW.stacks),
    interpreterFrames: flag('interpreterFrames'),
    frames: readChoice('frames', read('frames'), FRAME_CHOICES, WHOLE_VIEW.frames),
    splitThreads: flag('splitThreads'),
    mergeRecursion: flag('mergeRecursion'),
    rules: read('rules'),
  };
}

/** Reads a `transform` parameter. Throws `ViewError` `syntax`. */
export function readTransform(text: string): Transform {
  const colon = text.indexOf(':');
  const kind = readChoice('transform', colon < 0 ? text : text.slice(0, colon), TRANSFORM_KINDS, null);
  const target = text.slice(colon + 1);
  if (colon < 0 || target === '')
    throw new ViewError('syntax', `transform: ${kind} needs a target, as in ${kind}:NAME`);
  return { kind, target };
}

/** `fallback` null = the parameter must be given. Throws `ViewError` `syntax`. */
export function readChoice<Choice extends string>(
  name: string,
  value: string | null,
  choices: readonly Choice[],
  fallback: Choice | null,
): Choice {
  if (value === null && fallback !== null) return fallback;
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw new ViewError(
    'syntax',
    `${name} takes ${choices.join(', ')}, not ${JSON.stringify((value ?? '').slice(0, 40))}`,
  );
}

/** A whole number in decimal digits, within bounds. `fallback` null = it must be given. Throws `ViewError` `syntax`. */
export function readWhole(
  name: string,
  value: string | null,
  { least, most, fallback }: { readonly least: number; readonly most: number; readonly fallback: number | null },
): number {
  if (value === null && fallback !== null) return fallback;
  const number = Number(value);
  if (value !== null && /^\d{1,16}$/.test(value) && number >= least && number <= most) return number;
  throw new ViewError('syntax', `${name} takes a whole number from ${least} to ${most}`);
}
