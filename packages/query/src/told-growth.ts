/** A selection → what grows in it, in the words of `analyze`: of each of its runs, of what passes the filter. */
import {
  formatFilter,
  isOfLevel,
  joinFindings,
  nameRuns,
  startOfRun,
  tellGrowth,
  ticksOfRun,
  type Filter,
  type GrowthFinding,
  type Selection,
} from '@memscope/model';

/**
 * Of the head, from a tick on; none where the window ends before the recording, or where a filter by lifetime lets only
 * some of what a site allocates pass.
 */
export function toldGrowth(
  { runs, recording, window }: Selection,
  fromTick: number,
  filter: Filter | null,
): readonly GrowthFinding[] {
  if (window?.hasTail === false) return [];
  const names = nameRuns(runs);
  const toTick = recording.ticks().length;
  return joinFindings(
    runs.flatMap(({ side, profile, steps, passes }, run) => {
      const span = steps === null ? { fromTick } : ticksOfRun(steps, { fromTick, toTick });
      if (side !== 'head' || span === null || passes?.bySite === false) return [];
      const startedMs = steps === null ? 0 : startOfRun(steps, recording);
      const part =
        filter === null || passes === null
          ? null
          : { filter: formatFilter(filter), passes: (site: number) => passes(site, 0, 0) };
      return [
        { run: names[run]!, path: profile.capture.path, findings: tellGrowth(profile, span.fromTick, startedMs, part) },
      ];
    }),
  );
}

/** For whoever lists what does not grow beside it: of a part that would say less than the list does. */
export function growthBesideRows(found: readonly GrowthFinding[], filter: Filter | null): readonly GrowthFinding[] {
  return filter === null ? found : found.filter((each) => !isOfLevel(each));
}
