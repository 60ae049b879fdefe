/** The user's cache folder: profiles that cannot stand beside their captures, and what else only saves time. */
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `$XDG_CACHE_HOME/memscope`, else `~/.cache/memscope`. Nobody else may look into it; it may not be there yet. */
export function cacheFolder(): string {
  // The XDG specification: a relative path is to be ignored. An empty HOME names no folder, the user's entry does.
  const configured = process.env['XDG_CACHE_HOME'];
  const cache =
    configured !== undefined && isAbsolute(configured) ? configured : join(homedir() || userInfo().homedir, '.cache');
  return join(cache, 'memscope');
}
