/** Two sides → why some of their numbers cannot be compared, in sentences for people; what can be compared still is. */
import { canAnswer, QUESTIONS } from '../answers.js';
import type { Profile } from '../profile.js';
import type { SelectedRun } from '../view/selection.js';
import type { ObstacleName } from './compared-measures.js';

export interface Obstacle {
  readonly name: ObstacleName;
  readonly text: string;
}

interface Sides {
  readonly base: readonly Profile[];
  readonly head: readonly Profile[];
}

/** Of a window: runs of the base that had ended before it begins. */
export function findOutside(runs: readonly Pick<SelectedRun, 'side' | 'isOutside'>[]): Obstacle[] {
  if (!runs.some(({ side, isOutside }) => side === 'base' && isOutside)) return [];
  return [
    {
      name: 'outsideWindow',
      text: 'a recording of the base had ended before the window begins, and holds nothing in it: --base-window chooses another one',
    },
  ];
}

export function findObstacles({ base, head }: Sides): Obstacle[] {
  const found: Obstacle[] = [];
  /** On which side alone it holds; null where on both, on none, or where a side is mixed in itself. */
  const onlyOn = (holds: (profile: Profile) => boolean): 'base' | 'head' | null => {
    const [left, right] = [base.some(holds), head.some(holds)];
    if (left === right && base.every(holds) === left && head.every(holds) === right) return null;
    return left === right ? null : left ? 'base' : 'head';
  };
  const aggregated = onlyOn(({ capture }) => !canAnswer(capture, 'total'));
  if (aggregated !== null) {
    found.push({
      name: 'aggregated',
      text: `the ${aggregated} is an aggregated capture: it keeps only what was live at the peak and at the end, so that totals, temporaries, counts and own peaks are not compared`,
    });
  }
  const traced = onlyOn(({ capture }) => capture.tracePythonAllocators === true);
  if (traced !== null) {
    found.push({
      name: 'pythonAllocators',
      text: `Python's allocators were traced in the ${traced} only: there every small object counts, on the other side the arenas that hold them`,
    });
  }
  const native = onlyOn(({ capture }) => canAnswer(capture, 'nativeStacks'));
  if (native !== null) {
    found.push({
      name: 'nativeStacks',
      text: `only the ${native} has native stacks: functions of Python are compared, sites and libraries of native code are not the same on both sides`,
    });
  }
  const estimated = onlyOn(({ capture }) =>
    QUESTIONS.some((question) => question !== 'sizes' && capture.answers[question] === 'estimated'),
  );
  if (estimated !== null) {
    found.push({
      name: 'estimated',
      text: `the numbers of the ${estimated} are estimated from samples, those of the other side are exact`,
    });
  }
  const versions = [base, head].map((side) =>
    [...new Set(side.map(({ capture }) => minorOf(capture.pythonVersion) ?? ''))].sort(compareTexts),
  );
  const [left, right] = versions.map((each) => each.filter((version) => version !== '').join(', '));
  if (left !== '' && right !== '' && left !== right) {
    found.push({
      name: 'pythonVersion',
      text: `the base ran on Python ${left}, the head on ${right}: the interpreter itself allocates differently`,
    });
  }
  const cut = (['base', 'head'] as const).filter((side) =>
    (side === 'base' ? base : head).some(({ capture }) => !capture.complete),
  );
  if (cut.length > 0) {
    found.push({
      name: 'incomplete',
      text: `a capture of the ${cut.join(' and of the ')} is incomplete: what came after its last record is missing`,
    });
  }
  return found;
}

/** Only major and minor count: the patch level in a header is that of the build of memray. */
function minorOf(version: string | null): string | null {
  return version === null ? null : version.split('.').slice(0, 2).join('.');
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
