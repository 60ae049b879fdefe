/**
 * A small C++ library built by the machine's own compiler: templates, inlined calls, an anonymous namespace, functions
 * with Rust's mangled names. Tests that need it are skipped, loudly, where there is no g++ or objcopy.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export const LIBRARY_SOURCE = `\
#include <cstddef>
#include <vector>
extern "C" void *sink(std::size_t);
namespace serving {
template <typename T> struct Arena {
  std::vector<T> slots;
  __attribute__((noinline)) void grow(std::size_t n) { sink(n); slots.resize(n); }
  inline __attribute__((always_inline)) void grow_twice(std::size_t n) { grow(n); grow(2 * n); }
};
namespace {
__attribute__((noinline, used)) void *attention(int heads) { return sink(heads * 64); }
}
inline __attribute__((always_inline)) void *innermost(std::size_t n) { return sink(n + 1); }
inline __attribute__((always_inline)) void *middle(std::size_t n) { return innermost(n + 2); }
__attribute__((noinline)) void *outer(const std::vector<int> &values) {
  void *result = middle(values.size());
  sink(3);
  return result;
}
}
extern "C" void *rust_legacy(std::size_t n) __asm__("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE");
extern "C" __attribute__((noinline)) void *rust_legacy(std::size_t n) { void *p = sink(n); sink(1); return p; }
extern "C" void *rust_new(std::size_t n) __asm__("_RNvMNtCs1234_7mycrate3fooNtB2_3Bar4make");
extern "C" __attribute__((noinline)) void *rust_new(std::size_t n) { void *p = sink(n); sink(2); return p; }
extern "C" void *engine_infer(int n) {
  serving::Arena<double> arena;
  arena.grow_twice(n);
  void *a = serving::attention(n);
  void *b = serving::outer(std::vector<int>(n));
  rust_legacy(n);
  rust_new(n);
  sink(reinterpret_cast<std::size_t>(a) + reinterpret_cast<std::size_t>(b));
  return a;
}
`;

const ALWAYS = ['-std=c++17', '-O2', '-fPIC', '-shared', '-Wl,--build-id', '-Wl,--unresolved-symbols=ignore-all'];

/** What one test file has of it. Each file is built when it is first asked for. */
export interface BuiltLibrary {
  /** Holds everything. */
  readonly folder: string;
  readonly source: string;
  /** With DWARF 5, 4, and compressed DWARF 5; stripped of debug sections; of all symbols; split in two. */
  readonly dwarf5: string;
  readonly dwarf4: string;
  readonly compressed: string;
  readonly withoutDebug: string;
  readonly stripped: string;
  readonly split: string;
  readonly splitDebug: string;
  /** Every byte of the functions that stand for what compilers do: inlining, templates, Rust's names. */
  readonly addresses: readonly number[];
}

export function hasTool(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const canBuild = hasTool('g++') && hasTool('objcopy') && hasTool('nm');
if (!canBuild)
  process.stderr.write('symbols: g++, objcopy or nm is absent, so nothing is checked on a library built here\n');

/** For the tests of the file that calls it; gone after them. */
export function useLibrary(): BuiltLibrary {
  let folder: string | undefined;
  let addresses: readonly number[] | undefined;
  const built = new Set<string>();
  afterAll(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  const once = (name: string, build: (path: string) => void): string => {
    const path = join(library.folder, name);
    if (!built.has(name)) build(path);
    built.add(name);
    return path;
  };
  const compile = (name: string, ...options: string[]): string =>
    once(name, (path) => execFileSync('g++', [...ALWAYS, ...options, '-o', path, library.source]));
  const copy = (from: string, name: string, ...options: string[]): string =>
    once(name, (path) => execFileSync('objcopy', [...options, from, path]));
  const library: BuiltLibrary = {
    get folder() {
      return (folder ??= mkdtempSync(join(tmpdir(), 'memscope-library-')));
    },
    get source() {
      return once('engine.cpp', (path) => writeFileSync(path, LIBRARY_SOURCE));
    },
    get dwarf5() {
      return compile('libdwarf5.so', '-gdwarf-5');
    },
    get dwarf4() {
      return compile('libdwarf4.so', '-gdwarf-4');
    },
    get compressed() {
      return compile('libcompressed.so', '-gdwarf-5', '-gz=zlib');
    },
    get withoutDebug() {
      return copy(this.dwarf5, 'libwithoutdebug.so', '--strip-debug');
    },
    get stripped() {
      return copy(this.dwarf5, 'libstripped.so', '--strip-all');
    },
    get split() {
      return copy(this.stripped, 'split/libsplit.so', `--add-gnu-debuglink=${this.splitDebug}`);
    },
    get splitDebug() {
      mkdirSync(join(this.folder, 'split'), { recursive: true });
      return copy(this.dwarf5, 'split/libsplit.so.debug', '--only-keep-debug');
    },
    get addresses() {
      return (addresses ??= [...functionsByNm(this.dwarf5)].flatMap(([name, [start, size]]) =>
        /infer|outer|attention|grow|17h|_R/.test(name) ? Array.from({ length: size }, (_, byte) => start + byte) : [],
      ));
    },
  };
  return library;
}

/** Mangled name → [address, size] of a library's functions, by nm. */
export function functionsByNm(library: string): Map<string, [address: number, size: number]> {
  const text = execFileSync('nm', ['-S', '--defined-only', library], { encoding: 'utf8' });
  const found = new Map<string, [number, number]>();
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]+) ([0-9a-f]+) [TtWi] (\S+)$/.exec(line);
    if (match) found.set(match[3]!, [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16)]);
  }
  return found;
}
