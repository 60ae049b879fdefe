/** Starts the page in a report, where the answers are in the page's own file. */
import '../styles/all-styles.js';

import { startShell } from '../shell.js';
import { BoundedPatterns } from './bounded-patterns.js';
import { HeldRuns } from './held-runs.js';
import { PageReport } from './page-report.js';
import { readReport, takeProfiles } from './read-report.js';

const report = await readReport().catch(() => null);
if (report === null) {
  document.body.textContent = 'This report cannot be read: the file is cut, or this browser is too old for it.';
} else {
  const patterns = new BoundedPatterns();
  const readProfiles = takeProfiles();
  const openRuns = async (): Promise<HeldRuns> => new HeldRuns(report, await readProfiles(), patterns.test);
  startShell(document.body, new PageReport(report, openRuns, patterns));
}
