/** All styles of the page, in the order in which later ones win. */
import './tokens.css';
import './base.css';
import './controls.css';
import './overlays.css';
import './dropped-captures.css';
import './scope-bar.css';
import './shell.css';
import './timeline.css';
import './flame.css';
import './overview.css';
import './compared-overview.css';
import './tables.css';
import './sandwich.css';
import './leaks.css';
import './history.css';
import './print.css';
