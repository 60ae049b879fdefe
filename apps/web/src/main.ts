/** Starts the page: the token leaves the address bar, the theme is set, the shell takes the body. */
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/charts.css';
import './styles/tables.css';

import { takeTokenFromUrl } from './api/token.js';
import { startShell } from './shell.js';

takeTokenFromUrl();
startShell(document.body);
