/**
 * Turns vitest's JSON report into one closing line, `N passed, N failed` (`, N skipped` when there are any). Exits
 * with 1 when there is no report, when a test or a test file failed, or when no test ran.
 */
import { readFileSync } from 'node:fs';

const [file = ''] = process.argv.slice(2);

/** @type {{ numPassedTests: number; numFailedTests: number; numPendingTests: number; success: boolean; testResults: Array<{ status: string; assertionResults: unknown[] }> }} */
let report;
try {
  report = JSON.parse(readFileSync(file, 'utf8'));
} catch (cause) {
  console.error(`The tests left no report (${file}): ${cause instanceof Error ? cause.message : String(cause)}`);
  console.log('0 passed, 0 failed');
  process.exit(1);
}

// A file that cannot even be loaded holds no failed test, yet it failed.
const unloaded = report.testResults.filter(
  (result) => result.status === 'failed' && result.assertionResults.length === 0,
);
const failed = report.numFailedTests + unloaded.length;
const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : '';
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
if (failed > 0 || report.numPassedTests === 0 || !report.success) process.exitCode = 1;
