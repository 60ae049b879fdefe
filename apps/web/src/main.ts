/** Starts the page of a server: the token leaves the address bar, the theme is set, the shell takes the body. */
import './styles/all-styles.js';

import { takeTokenFromUrl } from './api/token.js';
import { startShell } from './shell.js';

takeTokenFromUrl();
startShell(document.body, null);
