/** Names from captures on a terminal: escaped as everywhere else. */
export { printable } from '@memscope/model/text/printable';
