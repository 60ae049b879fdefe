/** What the filter language is, for the people who use it. The grammar itself stands in `parse-filter.ts`. */

/** Filters and what passes them; the text of the help and its tests are made of them. */
export const FILTER_EXAMPLES: readonly (readonly [filter: string, meaning: string])[] = [
  ['load_model', 'anything called so on the stack'],
  ['module:numpy -function:/^test_/', 'numpy on the stack, and no test'],
  ['module:numpy or module:pandas', 'one of the two'],
  ['-(module:"standard library" or test)', 'neither of the two'],
  ['library:ATen -category:GPU', 'through ATen, and no CUDA library'],
  ['application:app.py:31', 'what that line leads to'],
  ['owner:PyTorch', 'what PyTorch asked for itself'],
  ['owner:parse_node', 'what that function asked for itself'],
  ['thread:MainThread size>=1MiB', 'large sites of one thread'],
  ['allocator:mmap count>100', 'many mappings'],
  ['lifetime<10ms -allocator:pymalloc', 'short-lived, not by pymalloc'],
];

const EXAMPLE_WIDTH = Math.max(...FILTER_EXAMPLES.map(([filter]) => filter.length));

/** At most 80 columns wide, without a line break at its end. */
export const FILTER_HELP = `A filter is made of terms and picks the allocations that pass it.

  X              a function or a source file on the stack
  function:X     a function on the stack
  file:X         a source file on the stack
  line:X         a source line on the stack: app.py:31, core/app.py:31
  module:X       a package or library on the stack: numpy, libc.so.6,
                 application, "standard library", "import system"
  library:X      a frame of that library on the stack, by memscope's rules:
                 PyTorch, ATen, numpy, CPython, "C library", application
  category:X     a frame of such a library: framework, package, math, GPU,
                 application, interpreter, "import system", system
  application:X  the line of the application that leads to the allocation:
                 app.py:31, app.py:handle, or app.py:handle:31 where several
                 functions stand on it; what memscope leaks lists
  owner:X        whose memory it is: a library, a category or the function that
                 asked for it, by its whole name, else by a part of it; what
                 memscope table --by library, category and owner list
  thread:X       the thread, by its name or its whole number; worker-* are all
                 threads of a name that differs in numbers alone
  allocator:X    the allocator, by its whole name or its family: malloc (with
                 calloc, realloc and the like), pymalloc, mmap
  size>=1MiB     bytes of an allocation site, in what is being shown
  count>100      allocations of a site, in what is being shown
  lifetime<2s    how long single allocations lived; one that was never freed
                 lived longer than any bound

X is text that is found anywhere in a name, in any case. In "quotes" it may hold
spaces, parentheses, \\" and \\\\, and \\u{1b} for the character of that number.
/X/ is a JavaScript regular expression, /X/i one that ignores case. Text that
begins with / needs quotes.

Numbers are compared with > >= < <= =, without spaces. Units are B, KiB, MiB,
GiB, TiB (or K, M, G, T) in powers of 1024; kB, MB, GB, TB in powers of 1000;
ms, s, min (or m), h.

Terms side by side must all pass. With or between them, one is enough. With -
directly before a term or a parenthesis, it must not pass. What stands side by
side belongs together more closely than what or joins; parentheses change that.

${FILTER_EXAMPLES.map(([filter, meaning]) => `  ${filter.padEnd(EXAMPLE_WIDTH)}  ${meaning}`).join('\n')}`;
