/** The FUNCTION of a command line and its help; `choose-functions.ts` finds what it means. */
export const FUNCTION_PARAMETER = [
  '<function>',
  'a name, part of one, FILE:NAME, or a regular expression /…/',
] as const;

export const FUNCTION_REMARKS = `FUNCTION is found anywhere in a name, in any case; if it is a whole name, only
functions of that name count. FILE:NAME narrows it to files that end so.
Several functions are taken as one.`;
