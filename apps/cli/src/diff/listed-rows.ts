/** Which rows of a list of a diff are shown. */
export { formatterOf, listedRows, remarkOn, type ListedRows } from '@memscope/model';
