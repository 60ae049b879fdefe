/**
 * A library built by the machine's own compiler and a capture in which it allocates: main (Python) → interpreter → serve
 * → work, with an address in no map and native parents that lead nowhere. Nothing but the library is at hand.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeCapture, parseCapture } from '@memscope/fixtures';
import { ElfFile } from '@memscope/symbols';

const SOURCE = `\
extern "C" int sink(int);
namespace engine {
__attribute__((noinline)) int work(int n) { return sink(n) + 1; }
inline __attribute__((always_inline)) int twice(int n) { return work(2 * n) + 2; }
}
extern "C" int serve(int n) { return engine::twice(n) + 3; }
`;

export const LIBRARY = '/opt/engine/libengine.so';
const LOAD = 0x7f00_0000_0000;
/** What the capture allocates, by native node: the last two are the address in no map, and the stray parent. */
export const BYTES = { work: 1000, serve: 200, unmapped: 30, stray: 4 };
export const ALL_BYTES = 1234;

function hasTool(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const canBuild = hasTool('g++') && hasTool('nm');
if (!canBuild) process.stderr.write('ingest: g++ or nm is absent, so nothing is checked on a library built here\n');

export interface LibraryCapture {
  readonly capture: string;
  readonly sysroot: string;
  /** The library's path on this machine. */
  readonly library: string;
}

export function buildLibraryCapture(folder: string): LibraryCapture {
  const sysroot = join(folder, 'sysroot');
  const library = join(sysroot, LIBRARY);
  const source = join(folder, 'engine.cpp');
  mkdirSync(join(library, '..'), { recursive: true });
  writeFileSync(source, SOURCE);
  const options = ['-O2', '-g', '-fPIC', '-shared', '-Wl,--build-id', '-Wl,--unresolved-symbols=ignore-all'];
  execFileSync('g++', [...options, '-o', library, source]);

  const symbols = execFileSync('nm', [library], { encoding: 'utf8' });
  const addressOf = (name: string): number =>
    parseInt(new RegExp(`^([0-9a-f]+) T ${name}$`, 'm').exec(symbols)![1]!, 16);
  const [work, serve] = [addressOf('_ZN6engine4workEi'), addressOf('serve')];
  const elf = ElfFile.open(library);
  const segments = elf.segments.filter(({ type }) => type === 1).map((each) => `${each.address}:${each.memorySize}`);
  elf.close();

  const text = `
    capture native=yes
    maps
    segments /usr/bin/python3.13 load=0x400000 0:0x100000
    segments ${LIBRARY} load=${LOAD} ${segments.join(' ')}
    native 1 ip=0x400100
    native 2 ip=${LOAD + serve + 6} parent=1
    native 3 ip=${LOAD + work + 6} parent=2
    native 4 ip=0x1234 parent=3
    native 5 ip=${LOAD + work + 6} parent=7
    thread 1 MainThread
    push main app.py:10
    malloc 0x2000 ${BYTES.serve} native=2
    malloc 0x3000 ${BYTES.work} native=3
    malloc 0x4000 ${BYTES.unmapped} native=4
    malloc 0x5000 ${BYTES.stray} native=5
    memory t=10 rss=4096
  `;
  const capture = join(folder, 'capture.bin');
  writeFileSync(capture, encodeCapture(parseCapture(text)));
  return { capture, sysroot, library };
}
