/**
 * The name of a native function as a symbol table or DWARF holds it → the name as a person writes it. C++ in the spelling
 * of GCC's `__cxa_demangle`, hence memray's; Rust as a path without hashes. Everything else stays as it is.
 */
import { demangleItanium } from './demangle-itanium.js';
import { demangleRust } from './demangle-rust.js';

/** Names beyond are left alone: a demangled name is for reading. */
const MOST_CHARACTERS = 1 << 14;

export function demangle(name: string): string {
  if (name.length > MOST_CHARACTERS || !(name.startsWith('_Z') || name.startsWith('_R'))) return name;
  return demangleRust(name) ?? demangleItanium(name) ?? name;
}
