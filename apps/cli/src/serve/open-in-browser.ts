/** Hands an address to the system's way of opening one; where there is none, the printed address has to do. */
import { spawn } from 'node:child_process';

export function openInBrowser(url: string): void {
  const [command, ...parameters] = openerOf(process.platform);
  const child = spawn(command, [...parameters, url], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

function openerOf(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
