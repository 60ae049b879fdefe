/**
 * What a view is asked of ↔ the query string of its request (`api.ts`). Defaults are left out, so that equal questions
 * have one text. Reading is strict: what is not one of the values that a parameter takes is an error, never ignored.
 */
import type { Transform, ViewQuery } from './api.js';
import { SITE_MEASURES, STACK_CHOICES, TRANSFORM_KINDS } from './view/view-choices.js';
import { ViewError } from './view/view-error.js';

/** The whole recording at its peak, everything shown. */
export const WHOLE_VIEW: ViewQuery = {
  measure: 'peak',
  counts: false,
  window: null,
  filter: null,
  stacks: 'joined',
  interpreterFrames: false,
  hideImportSystem: false,
  hideStandardLibrary: false,
  splitThreads: false,
  mergeRecursion: false,
  rules: null,
};

const FLAGS = [
  'counts',
  'interpreterFrames',
  'hideImportSystem',
  'hideStandardLibrary',
  'splitThreads',
  'mergeRecursion',
] as const satisfies (keyof ViewQuery)[];

/** Names of the parameters that `readViewQuery` reads. */
export const VIEW_PARAMETERS: readonly string[] = ['measure', 'window', 'filter', 'stacks', 'rules', ...FLAGS];

/** "measure=leaked&splitThreads=1"; empty for `WHOLE_VIEW`. */
export function encodeViewQuery(view: ViewQuery): string {
  const parts: string[] = [];
  const add = (name: string, value: string): unknown => parts.push(`${name}=${encodeURIComponent(value)}`);
  if (view.measure !== WHOLE_VIEW.measure) add('measure', view.measure);
  if (view.window !== null) add('window', view.window);
  if (view.filter !== null) add('filter', view.filter);
  if (view.stacks !== WHOLE_VIEW.stacks) add('stacks', view.stacks);
  if (view.rules !== null) add('rules', view.rules);
  for (const flag of FLAGS) if (view[flag]) add(flag, '1');
  return parts.join('&');
}

/** "transform=focus%3Amain%0Aapp.py&transform=…", in their order; empty without any. */
export function encodeTransforms(transforms: readonly Transform[]): string {
  return transforms.map(({ kind, target }) => `transform=${encodeURIComponent(`${kind}:${target}`)}`).join('&');
}

/** `read` gives a parameter's value, null where it is left out. Throws `ViewError` `syntax`. */
export function readViewQuery(read: (name: string) => string | null): ViewQuery {
  const flag = (name: (typeof FLAGS)[number]): boolean => readChoice(name, read(name), ['0', '1'], '0') === '1';
  return {
    measure: readChoice('measure', read('measure'), SITE_MEASURES, WHOLE_VIEW.measure),
    counts: flag('counts'),
    window: read('window'),
    filter: read('filter'),
    stacks: readChoice('stacks', read('stacks'), STACK_CHOICES, WHOLE_VIEW.stacks),
    interpreterFrames: flag('interpreterFrames'),
    hideImportSystem: flag('hideImportSystem'),
    hideStandardLibrary: flag('hideStandardLibrary'),
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
