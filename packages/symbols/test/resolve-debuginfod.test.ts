/** Debug files from a debuginfod server: only where the user asks, and only those of the build that was mapped. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveSymbols } from '../src/index.js';
import { canBuild, useLibrary } from './build-library.js';
import { allFrames, buildIdOf, positionsIn } from './library-positions.js';
import { scratchFolder } from './scratch-folder.js';

describe.runIf(canBuild)('a library built here', () => {
  const library = useLibrary();

  describe('with a debuginfod server', () => {
    let server: Server;
    let url: string;
    const requests: string[] = [];
    let answer: (id: string) => { status: number; body: Buffer } = () => ({ status: 404, body: Buffer.alloc(0) });
    beforeAll(async () => {
      server = createServer((request, response) => {
        requests.push(request.url!);
        const { status, body } = answer(request.url!);
        response.writeHead(status).end(body);
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => void server.close());

    test('debug files come by build-id, once, and only where the user asks', async () => {
      const cacheFolder = scratchFolder();
      const buildId = buildIdOf(library.stripped);
      const positions = positionsIn(library.stripped, library.stripped, library.addresses);
      answer = () => ({ status: 200, body: readFileSync(library.splitDebug) });
      process.env['DEBUGINFOD_URLS'] = url;
      try {
        const unasked = await resolveSymbols(positions, { cacheFolder });
        expect(unasked.modules[0]!.debugPath).toBeNull();
        expect(requests).toEqual([]);
      } finally {
        delete process.env['DEBUGINFOD_URLS'];
      }
      const asked = await resolveSymbols(positions, { cacheFolder, debuginfod: [url] });
      expect(requests).toEqual([`/buildid/${buildId}/debuginfo`]);
      expect(asked.modules[0]).toMatchObject({ warning: null, resolved: positions.length });
      await resolveSymbols(positions, { cacheFolder, debuginfod: [url] });
      expect(requests).toHaveLength(1);
    });

    test('another file, a refusal, an unknown build-id or no server at all leave what the symbol table says', async () => {
      const positions = positionsIn(library.stripped, library.stripped, library.addresses);
      const plain = allFrames(positions, await resolveSymbols(positions, { cacheFolder: null }));
      const cases: [typeof answer, RegExp | null][] = [
        [() => ({ status: 200, body: readFileSync(library.dwarf4) }), /sent another file/],
        [() => ({ status: 200, body: Buffer.from('<html>') }), /sent another file/],
        [() => ({ status: 500, body: Buffer.alloc(0) }), /refused; expected status 200, found 500/],
        [() => ({ status: 404, body: Buffer.alloc(0) }), null],
      ];
      for (const [reply, warning] of cases) {
        answer = reply;
        const cacheFolder = scratchFolder();
        const symbols = await resolveSymbols(positions, { cacheFolder, debuginfod: [url] });
        expect(symbols.modules[0]!.debugPath).toBeNull();
        if (warning === null) expect(symbols.modules[0]!.warning).toBeNull();
        else expect(symbols.modules[0]!.warning).toMatch(warning);
        expect(allFrames(positions, symbols)).toEqual(plain);
        const left = readdirSync(cacheFolder, { recursive: true, encoding: 'utf8' });
        expect(left.filter((name) => name.endsWith('.tmp') || name.endsWith('.debug'))).toEqual([]);
      }
      for (const wrong of ['http://127.0.0.1:1', 'file:///etc', 'no url']) {
        const symbols = await resolveSymbols(positions, { cacheFolder: scratchFolder(), debuginfod: [wrong] });
        expect(symbols.modules[0]!.warning).toContain(wrong);
      }
    });
  });
});
