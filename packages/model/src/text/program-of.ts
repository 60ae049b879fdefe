/**
 * A recorded command line (words with spaces between, memray/commands/run.py) → the program that was recorded and its
 * arguments: without the interpreter, and without memray and its own options.
 */
const INTERPRETER = /^(?:\S*[\\/])?(?:python|pypy)[\d.]*(?:\.exe)?(?: -[bBdEiIOPqsSuvxR]+| -[XW] ?\S+)* +/;
const MEMRAY_RUN = /^(?:-m +memray|(?:\S*[\\/])?memray(?:[\\/]__main__\.py|\.exe)?) +run +/;
/** A word that is an option, and what it is: those of a cluster as `-fo` stand together. */
const OPTION = /^(-\S+) +/;
/** Of memray's, those with a value in the next word. */
const WITH_VALUE = /^(?:-[a-zA-Z]*[op]|--output|--live-port)$/;
/** They name the program itself. */
const ENTRY = /^-[mc]$/;

/** The whole line where it names no program behind those. */
export function programOf(commandLine: string): string {
  const line = commandLine.trim().replace(INTERPRETER, '');
  const begun = MEMRAY_RUN.exec(line);
  const program = begun === null ? line : withoutOptions(line.slice(begun[0].length));
  return program === '' ? commandLine : program;
}

function withoutOptions(line: string): string {
  let rest = line;
  for (let option = OPTION.exec(rest); option !== null; option = OPTION.exec(rest)) {
    const [whole, word = ''] = option;
    if (ENTRY.test(word)) break;
    rest = rest.slice(whole.length);
    if (word === '--') break;
    if (WITH_VALUE.test(word)) rest = rest.replace(/^\S+ +/, '');
  }
  return rest;
}
