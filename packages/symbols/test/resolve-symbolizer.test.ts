/** Symbolizers that hang, die, lie or are not there leave names from the symbol table, and no one waiting. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runSymbolizer } from '../src/symbolizer/run-symbolizer.js';
import { findSymbolizer, resolveSymbols, type Positions, type ResolvedSymbols } from '../src/index.js';
import { canBuild, useLibrary } from './build-library.js';
import { allFrames, positionsIn } from './library-positions.js';
import { scratchFolder } from './scratch-folder.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A script in place of llvm-symbolizer, first in PATH. */
function useSymbolizer(script: string): void {
  const folder = scratchFolder();
  placeProgram(
    join(folder, 'llvm-symbolizer'),
    `if [ "$1" = --version ]; then echo "LLVM version 99.0"; exit 0; fi\n${script}`,
  );
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
}

function placeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

describe.skipIf(process.platform !== 'linux')('a symbolizer that takes more and more memory', () => {
  const run = (script: string, memoryBytes?: number): ReturnType<typeof runSymbolizer> => {
    const command = join(scratchFolder(), 'llvm-symbolizer');
    placeProgram(command, script);
    const symbolizer = { kind: 'llvm-symbolizer', command, version: '99' } as const;
    const options = { timeoutMs: 30_000, ...(memoryBytes === undefined ? {} : { memoryBytes }) };
    return runSymbolizer(symbolizer, '/file', Float64Array.of(1), options);
  };

  test('is ended by its limit, which the warning names', async () => {
    // It keeps its last line, which never ends.
    const { answers, fault } = await run('exec tail -n 1 /dev/zero', 64 << 20);
    expect(answers).toEqual([]);
    expect(fault).toMatch(/ended before it had answered everything \(it may take 64\.0 MiB of memory\)/);
  });

  test('has one by default, of at least a gibibyte, and leaves no core file', async () => {
    const { answers } = await run(
      `printf '{"Address":"0x1","Symbol":[{"FunctionName":"%s","FileName":"%s","Line":1}]}' "$(ulimit -d)" "$(ulimit -c)"`,
    );
    const { functionName, file } = answers[0]![0]!;
    expect(Number(functionName)).toBeGreaterThanOrEqual(2 ** 20);
    expect(Number(functionName)).toBeLessThanOrEqual(4 * 2 ** 20);
    expect(file).toBe('0');
  });
});

describe.runIf(canBuild)('a library built here', () => {
  const library = useLibrary();

  describe('a symbolizer', () => {
    const resolveBy = async (
      script: string,
      timeoutMs = 20_000,
    ): Promise<{ symbols: ResolvedSymbols; positions: Positions }> => {
      useSymbolizer(script);
      const positions = positionsIn(library.dwarf5, library.dwarf5, library.addresses);
      const symbols = await resolveSymbols(positions, { cacheFolder: null, timeoutMs, symbolizer: 'llvm-symbolizer' });
      return { symbols, positions };
    };
    const first = (): string =>
      `{"Address":"0x${Math.min(...library.addresses).toString(16)}","Symbol":[{"FunctionName":"f","FileName":"/a.c","Line":7}]}`;

    test.each([
      ['that hangs', 'cat > /dev/null; exec sleep 60', /gave no answer for 0.5 s/],
      ['that reads nothing', 'exec sleep 60', /gave no answer for 0.5 s/],
      ['that dies', 'exit 3', /exited with 3 and ended before/],
      ['that is killed', 'kill -9 $$', /was ended by SIGKILL/],
      ['that prints garbage', 'while true; do echo garbage; done', /printed something else than JSON/],
      [
        'that prints without end',
        'while true; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done',
        /without end|gave no answer/,
      ],
      ['that answers for other addresses', `echo '{"Address":"0x1","Symbol":[]}'`, /an address it was not asked for/],
      ['that answers null', 'echo null', /something else than an answer/],
      ['that says nothing', 'cat > /dev/null', /ended before it had answered everything/],
    ])('%s leaves names from the symbol table, with one warning', async (_, script, warning) => {
      const { symbols, positions } = await resolveBy(script, script.includes('sleep') ? 500 : 20_000);
      expect(symbols.modules[0]!.warning).toMatch(warning);
      expect(symbols.modules[0]!.resolved).toBe(positions.length);
      expect(
        allFrames(positions, symbols)
          .flat()
          .every(({ source }) => source === 'symtab'),
      ).toBe(true);
    });

    test('that dies half-way is believed up to there', async () => {
      const { symbols, positions } = await resolveBy(`echo '${first()}'; exit 1`);
      const frames = allFrames(positions, symbols);
      expect(frames.flat().filter(({ source }) => source === 'debug')).toEqual([
        { functionName: 'f', file: '/a.c', line: 7, source: 'debug' },
      ]);
      expect(symbols.modules[0]!.warning).toMatch(/exited with 1/);
    });

    test('is not waited for once the user has had enough', async () => {
      const controller = new AbortController();
      const positions = positionsIn(library.dwarf5, library.dwarf5, library.addresses);
      const reason = new Error('enough');
      setTimeout(() => controller.abort(reason), 20);
      useSymbolizer('exec sleep 60');
      await expect(resolveSymbols(positions, { cacheFolder: null, signal: controller.signal })).rejects.toBe(reason);
    });

    test('asked for by name and not there is an error; too old a one is passed over', async () => {
      const folder = scratchFolder();
      await expect(findSymbolizer('addr2line', folder)).rejects.toMatchObject({ code: 'symbolizer' });
      expect(await findSymbolizer('auto', folder)).toBeNull();
      expect(await findSymbolizer('none')).toBeNull();
      for (const [name, version] of [
        ['llvm-symbolizer-11', '11.0.1'],
        ['llvm-symbolizer-13', '13.0.0'],
        ['llvm-symbolizer-15', '15.0.6'],
      ]) {
        placeProgram(join(folder, name!), `echo LLVM\necho "  LLVM version ${version}"`);
      }
      expect(await findSymbolizer('auto', folder)).toMatchObject({ command: join(folder, 'llvm-symbolizer-15') });
      rmSync(join(folder, 'llvm-symbolizer-13'));
      rmSync(join(folder, 'llvm-symbolizer-15'));
      await expect(findSymbolizer('llvm-symbolizer', folder)).rejects.toThrow(/expected version 13 or newer/);
    });
  });
});
