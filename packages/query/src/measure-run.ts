/** A run set whose head are repetitions → what is kept of them beyond their captures (model/baseline). */
import {
  measureRuns,
  ViewError,
  WHOLE_VIEW,
  type MeasuredRuns,
  type MeasureOptions,
  type Selection,
  type SiteMeasure,
} from '@memscope/model';
import type { OpenRun } from './open-run.js';

export function measureRun(run: OpenRun, options: MeasureOptions): MeasuredRuns {
  const select = (measure: SiteMeasure): Selection | null => {
    try {
      return run.select({ ...WHOLE_VIEW, measure });
    } catch (error) {
      if (error instanceof ViewError && error.code === 'cannotAnswer') return null;
      throw error;
    }
  };
  return measureRuns(run.select({ ...WHOLE_VIEW, measure: 'peak' }), select, options);
}
