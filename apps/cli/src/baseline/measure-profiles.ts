/** Open profiles of a run → what is kept of it beyond its captures, in a baseline file or a history. */
import { findObstacles, type MeasuredRuns, type Profile } from '@memscope/model';
import { measureRun } from '@memscope/query';

import { projectFolder } from '../check/place-in-project.js';
import { runOf } from '../views/query-host.js';
import { asUsage } from '../views/selection-request.js';

/** Or why not: what was recorded in different ways, or was cut, is no measure of others. */
export function measureProfiles(profiles: readonly Profile[], together: boolean): MeasuredRuns | string {
  const [first, ...others] = profiles;
  const [obstacle] = findObstacles({ base: [first!], head: others.length === 0 ? [first!] : others });
  if (obstacle?.name === 'incomplete') {
    return 'a capture is incomplete: what it does not show would count as a regression of every later run';
  }
  if (obstacle !== undefined) {
    return `the captures were not recorded alike, of the first (base) and the others (head) ${obstacle.text}`;
  }
  return asUsage(() => measureRun(runOf(profiles), { together, project: projectFolder() }));
}
