/**
 * The profiles in a report → answers to any question about them, in the page itself: what a server would answer, of what
 * the report holds. Windows of a profile whose lifetimes are told apart only between stretches of ticks take whole ones.
 */
import {
  markRounded,
  readWindow,
  sayHeldSource,
  unpackProfile,
  ViewError,
  type EmbeddedReport,
  type HeldProfile,
  type Packed,
  type PatternTester,
  type Profile,
  type SourceAnswer,
  type ViewQuery,
} from '@memscope/model';
import {
  cacheProfile,
  faultOf,
  findAnswer,
  isQuestionRoute,
  OpenRun,
  readQuestion,
  readRuns,
  type Question,
  type QueryHost,
} from '@memscope/query';

import { AnswerError } from '../api/answer-error.js';

interface HeldRun {
  readonly profile: Profile;
  readonly held: HeldProfile;
}

export class HeldRuns {
  readonly #host: QueryHost;
  readonly #runs: ReadonlyMap<string, HeldRun>;
  readonly #open = new Map<string, OpenRun>();
  readonly #rules: string | null;

  /** `testPattern` must not take longer than the page may stand still. */
  constructor(
    { runs, held, memscopeVersion, view }: EmbeddedReport,
    packed: readonly Packed[],
    testPattern: PatternTester,
  ) {
    this.#host = { testPattern, memscopeVersion };
    this.#rules = view.rules;
    const ids = [...runs.head, ...runs.base, ...runs.others].map(({ id }) => id);
    this.#runs = new Map(
      ids.map((id, at) => [id, { profile: cacheProfile(unpackProfile(packed[at]!)), held: held[at]! }]),
    );
  }

  /** `path` as of `api/question.ts`; what the page reads of it. Throws `AnswerError`. */
  answer(path: string): unknown {
    const [place = '', text = ''] = path.split('?', 2);
    const [first = '', route = ''] = place.split('/').slice(-2).map(decodeURIComponent);
    const parameters = new URLSearchParams(text);
    try {
      if (!isQuestionRoute(route)) throw new ViewError('syntax', `a report answers no ${route}`);
      const choice = readRuns(route, first, parameters);
      const asked = readQuestion(route, parameters, this.#rules);
      const runs = [...choice.head, ...choice.base].map((id) => this.#runOf(id));
      const question = 'view' in asked ? { ...asked, view: withHeldWindow(asked.view, runs) } : asked;
      return readable(findAnswer(this.#openRun(choice, route === 'source'), question, null), question);
    } catch (error) {
      const fault = faultOf(error);
      if (fault === null) throw error;
      const { code, message, position, length } = fault.error;
      const at = position === null ? null : { position, length: length ?? 0 };
      throw new AnswerError(code, message, at, { cause: error });
    }
  }

  #runOf(id: string): HeldRun {
    const run = this.#runs.get(id);
    if (run === undefined) throw new AnswerError('notFound', 'This report does not hold that run.');
    return run;
  }

  /** `lines`: those of both sides are told apart. */
  #openRun(
    { head, base }: { readonly head: readonly string[]; readonly base: readonly string[] },
    lines: boolean,
  ): OpenRun {
    const isTold = lines && base.length > 0;
    const key = JSON.stringify([head, base, isTold]);
    let open = this.#open.get(key);
    if (open === undefined) {
      const profiles = (ids: readonly string[]): Profile[] => ids.map((id) => this.#runOf(id).profile);
      open = new OpenRun({ head: profiles(head), base: profiles(base), lines: isTold }, this.#host);
      this.#open.set(key, open);
    }
    return open;
  }
}

/** Throws `AnswerError` where no window can be answered, `ViewError` where there is no such one. */
function withHeldWindow<View extends ViewQuery>(view: View, runs: readonly HeldRun[]): View {
  if (view.window === null || runs.every(({ held }) => held.ticksPerStretch === 1)) return view;
  const [first] = runs;
  const { ticksPerStretch } = first!.held;
  if (runs.length > 1 || ticksPerStretch === null) {
    throw new AnswerError(
      'notHeld',
      'This report had no room for when each allocation was made and freed; memscope serve answers for any window.',
    );
  }
  const { fromTick, toTick } = readWindow(view.window, first!.profile);
  const from = fromTick - (fromTick % ticksPerStretch);
  const end = toTick - (toTick % ticksPerStretch) + ticksPerStretch - 1;
  return { ...view, window: `#${from}..#${Math.min(end, first!.profile.ticks().length)}` };
}

/** As it would come from a server. */
function readable(found: ReturnType<typeof findAnswer>, { route }: Question): unknown {
  if ('document' in found) {
    const document: unknown = JSON.parse(JSON.stringify(markRounded(found.document)));
    return route === 'source' ? sayHeldSource(document as SourceAnswer) : document;
  }
  const { columns, head } = found;
  return {
    head: JSON.parse(JSON.stringify(markRounded(head, columns))) as unknown,
    length: Object.values(columns)[0]?.length ?? 0,
    column: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])),
  };
}
