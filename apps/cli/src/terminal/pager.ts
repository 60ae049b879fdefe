/**
 * The user's pager: which one, whether a text needs it, and running it. As git does: `$MEMSCOPE_PAGER`, else `$PAGER`,
 * else `less`, which gets LESS=FRX (quit if it fits, pass colours, leave the text on the screen) unless LESS is set.
 */
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

import { displayWidth } from './display-width.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** For less, and lv; each only where the user has not said otherwise. What memscope writes is UTF-8 in any locale. */
const PAGER_DEFAULTS = { LESS: 'FRX', LESSCHARSET: 'utf-8', LV: '-c' } as const;
/** What a shell ends with when it cannot run, or cannot find, the command. */
const NOT_STARTED = new Set([126, 127]);
/** Words that mean the same with and without a shell. */
const PLAIN_WORDS = /^[\w./+:,@ -]+$/;

export const USUAL_PAGER = 'less';

/** The user's command line, or null for plain output: TERM=dumb, or a pager of `cat` or nothing. */
export function choosePager(env: Environment): string | null {
  if (env['TERM'] === 'dumb') return null;
  const command = (env['MEMSCOPE_PAGER'] ?? env['PAGER'] ?? USUAL_PAGER).trim();
  return command === '' || command === 'cat' ? null : command;
}

/** Whether a text would scroll its own beginning, or the next prompt, off a screen of that size. */
export function isLongerThanScreen(text: string, columns: number, rows: number): boolean {
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length >= rows) return true;
  let used = 0;
  for (const line of lines) {
    used += Math.max(1, Math.ceil(displayWidth(stripVTControlCharacters(line)) / columns));
  }
  return used >= rows;
}

/**
 * Shows a text and resolves when the user has left the pager, early or not; false when it could not be started, so that
 * nothing was shown. The pager owns the terminal meanwhile: the caller must not end on SIGINT, which goes to both.
 * Aborting `signal` ends the pager.
 *
 * `command` may hold arguments and shell syntax. It comes from the user's own environment and nothing is added to it.
 */
export function showInPager(
  text: string,
  command: string,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<boolean> {
  // Without a shell where none is needed: it would complain itself of a pager that is not there.
  const shell = !PLAIN_WORDS.test(command);
  const [program = '', ...parameters] = shell ? [command] : command.split(/ +/);
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      shell,
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...PAGER_DEFAULTS, ...definedIn(env) },
      signal,
    });
    child.once('error', () => resolve(child.pid !== undefined));
    child.once('close', (code) => resolve(code === null || !NOT_STARTED.has(code)));
    // A pager that was left early wants no more.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}

function definedIn(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
