/** One capture behind a server of its own, beside the profile that is asked. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import type { FlameColumn, FlameHead, Profile } from '@memscope/model';
import { openProfile } from '@memscope/store';

import type { RunningServer } from '../src/index.js';
import { askArrow, copyCapture, scratchFolder, startServer } from './serving.js';

export interface ServedCapture {
  readonly server: RunningServer;
  readonly profile: Profile;
  readonly close: () => Promise<void>;
}

export async function serveCapture(name: string): Promise<ServedCapture> {
  const folder = scratchFolder(true);
  const path = copyCapture(folder, name);
  const server = await startServer([path]);
  await server.settled();
  const profile = openProfile(`${path}.memscope`);
  return {
    server,
    profile,
    close: async () => {
      profile.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** To be called where tests are described: what it gives is there when they run. */
export function useCapture(name: string): Pick<ServedCapture, 'server' | 'profile'> {
  let served: ServedCapture;
  beforeAll(async () => void (served = await serveCapture(name)));
  afterAll(() => served.close());
  return {
    get server() {
      return served.server;
    },
    get profile() {
      return served.profile;
    },
  };
}

type Flame = Awaited<ReturnType<typeof askArrow<FlameColumn, FlameHead>>>;

/** So wide that little is folded. */
export function askFlame(server: RunningServer, query: string): Promise<Flame> {
  return askArrow<FlameColumn, FlameHead>(server, `flame?width=10000&${query}`);
}

export function sum(column: readonly number[]): number {
  return column.reduce((all, each) => all + each, 0);
}
