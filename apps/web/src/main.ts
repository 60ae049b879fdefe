/**
 * Starts the page: the token leaves the address bar, the theme is set, the shell takes the body. In a report the answers
 * are in the page's own file.
 */
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/overlays.css';
import './styles/dropped-captures.css';
import './styles/scope-bar.css';
import './styles/shell.css';
import './styles/timeline.css';
import './styles/flame.css';
import './styles/overview.css';
import './styles/compared-overview.css';
import './styles/tables.css';
import './styles/sandwich.css';
import './styles/leaks.css';
import './styles/history.css';
import './styles/print.css';

import { takeTokenFromUrl } from './api/token.js';
import { PageReport } from './report/page-report.js';
import { readReport } from './report/read-report.js';
import { startShell } from './shell.js';

const report = await readReport().catch(() => 'broken' as const);
if (report === 'broken') {
  document.body.textContent = 'This report cannot be read: the file is cut, or this browser is too old for it.';
} else if (report !== null) startShell(document.body, new PageReport(report));
else {
  takeTokenFromUrl();
  startShell(document.body, null);
}
