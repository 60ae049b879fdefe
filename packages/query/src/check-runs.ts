/**
 * A run set, a view and rules → the verdict of a gate: each rule with what it found, and the functions that broke it.
 * Rules are judged on what a diff compares (comparison.ts), so that a gate and a diff cannot disagree about a number.
 */
import {
  allOf,
  BLOCKING_OBSTACLES,
  canAnswer,
  findObstacles,
  findOutside,
  formatFilter,
  parseFilter,
  sayCheck,
  Suppressions,
  ViewError,
  WHOLE_VIEW,
  type CheckDocument,
  type CheckedRule,
  type CheckVerdict,
  type GateRule,
  type ObstacleName,
  type Suppression,
  type ViewQuery,
} from '@memscope/model';
import { CheckedSides } from './checked-sides.js';
import { namedSides } from './comparison.js';
import { OpenRun } from './open-run.js';
import { judgeRule, type AskedRule } from './judge-rule.js';

export interface CheckRequest {
  /** At least one. */
  readonly rules: readonly AskedRule[];
  readonly suppressions: readonly Suppression[];
  /** Ways in which the sides may differ although rules cannot take them into account. */
  readonly allowed: readonly ObstacleName[];
  readonly together: boolean;
  /** What was allocated before counts in no rule by `leaked`, nor by `growing`: a share, a time or a tick; null: all does. */
  readonly warmUp: string | null;
  /** As 2026-12-31: what suppressions end by. */
  readonly today: string;
}

/** Everything of the document but who wrote it. */
export type CheckedRuns = Omit<CheckDocument, 'schema' | 'memscopeVersion'>;

const ORDER = ['fail', 'note', 'noise', 'suppressed', 'unknown', 'pass'] as const;

/** Without a base budgets alone can be judged. Throws `ViewError` and `FilterError`. */
export function checkRuns(run: OpenRun, view: ViewQuery, request: CheckRequest): CheckedRuns {
  const hasBase = run.set.base.length > 0;
  // Budgets are of the head; beside itself nothing of it changed.
  const set = hasBase ? run.set : { ...run.set, base: run.set.head };
  const compared = hasBase ? run : new OpenRun(set, run.host);
  const suppressions = new Suppressions(request.suppressions, request.today);
  if (!set.base.every(({ capture }) => canAnswer(capture, 'pythonStacks')) && (view.filter ?? view.window) !== null) {
    throw new ViewError(
      'cannotAnswer',
      'the baseline keeps totals and functions of whole recordings: leave out the window and the filter, or compare with captures',
    );
  }
  const { warmUp } = request;
  if (warmUp !== null && view.window !== null) {
    throw new ViewError('syntax', 'a warm-up leaves out the beginning of the whole recording: leave out the window');
  }
  const sidesOf = sidesByFilter(compared, view, request, hasBase);
  const judged = request.rules
    .map(({ rule, ...rest }) => {
      const sides = sidesOf(filterOf(rule), rule.measure === 'leaked' && warmUp !== null);
      const { overlapping, ...judgement } = judgeRule({ rule, ...rest }, sides, suppressions);
      const isAboutFilter = rule.scope.kind === 'filter' && judgement.verdict === 'pass';
      const meant = isAboutFilter ? sides.suggestion() : null;
      return { asked: rule, checked: { ...judgement, aboutNothing: meant?.text ?? null }, meant, overlapping };
    })
    .sort((a, b) => ORDER.indexOf(a.checked.verdict) - ORDER.indexOf(b.checked.verdict));
  const { runs } = sidesOf(null, false).main;
  const meant = view.filter === null ? null : sidesOf(null, false).suggestion();
  const obstacles = hasBase ? [...findObstacles(set), ...findOutside(runs)] : [];
  const told = obstacles.map((each) => ({
    ...each,
    allowed: !BLOCKING_OBSTACLES.includes(each.name) || request.allowed.includes(each.name),
  }));
  const why = told.filter(({ allowed }) => !allowed).map(({ text }) => text);
  const rules = judged.map(({ checked }) => (why.length === 0 ? checked : notJudged(checked, why.join('; '))));
  const verdict = meant === null ? verdictOf(rules, told) : 'notComparable';
  return {
    verdict,
    ...sayCheck({
      verdict,
      rules: judged.map(({ asked, meant, overlapping }, at) => ({ ...rules[at]!, asked, meant, overlapping })),
      aboutNothing: meant?.text ?? null,
      obstacles: told,
      hasBase,
      warmUp,
      repetitions: request.together ? { base: 1, head: 1 } : { base: set.base.length, head: set.head.length },
      isTraced: set.head.every(({ capture }) => capture.tracePythonAllocators === true),
      suppressions,
    }),
    ...namedSides(hasBase ? runs : runs.filter(({ side }) => side === 'head')),
    together: request.together,
    warmUp,
    filter: view.filter === null ? null : formatFilter(parseFilter(view.filter)),
    aboutNothing: meant?.text ?? null,
    obstacles: told,
    rules,
    suppressions: suppressions.report(),
  };
}

/** Of sides whose bytes mean different things nothing that was found is a finding. */
function notJudged(rule: CheckedRule, why: string): CheckedRule {
  return { ...rule, verdict: 'unknown', text: why, functions: [], suppressed: [], moved: [] };
}

function filterOf({ scope }: GateRule): string | null {
  return scope.kind === 'filter' ? scope.filter : null;
}

/** Rules of one filter, and of the same stretch of time, are judged on the same sides. */
function sidesByFilter(
  run: OpenRun,
  view: ViewQuery,
  { together, warmUp }: CheckRequest,
  hasBase: boolean,
): (filter: string | null, isAfterWarmUp: boolean) => CheckedSides {
  const known = new Map<string, CheckedSides>();
  return (filter, isAfterWarmUp) => {
    const key = JSON.stringify([filter, isAfterWarmUp]);
    let sides = known.get(key);
    if (sides === undefined) {
      const terms = [view.filter, filter].filter((each) => each !== null).map((each) => parseFilter(each));
      const narrowed = terms.length === 0 ? null : formatFilter(allOf(...terms));
      const window = isAfterWarmUp ? `${warmUp!}..` : (view.window ?? null);
      const asked = { ...WHOLE_VIEW, ...view, filter: narrowed, window };
      known.set(key, (sides = new CheckedSides(run, asked, together, hasBase, warmUp)));
    }
    return sides;
  };
}

function verdictOf(rules: readonly CheckedRule[], obstacles: CheckDocument['obstacles']): CheckVerdict {
  if (obstacles.some(({ allowed }) => !allowed)) return 'notComparable';
  // Whoever asked for a rule must not be told that all is well because nobody knows.
  if (rules.some(({ verdict, source }) => verdict === 'unknown' && source !== 'default')) return 'notComparable';
  if (rules.every(({ verdict }) => verdict === 'unknown')) return 'notComparable';
  return rules.some(({ verdict }) => verdict === 'fail') ? 'fail' : 'pass';
}
