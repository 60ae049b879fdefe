/** Options of memray that `memscope run` passes on. */

export interface MemrayFlag {
  readonly flag: string;
  readonly help: string;
  /** pytest-memray has it, too. */
  readonly isOfPlugin: boolean;
}

/** By memray's own names (memray/commands/run.py). */
export const MEMRAY_FLAGS: readonly MemrayFlag[] = [
  { flag: '--native', help: 'record native stacks, too', isOfPlugin: true },
  {
    flag: '--trace-python-allocators',
    help: "record every small object, not the arenas of Python's allocator",
    isOfPlugin: true,
  },
  { flag: '--follow-fork', help: 'record forked children, too; all processes are one run', isOfPlugin: false },
  { flag: '--aggregate', help: 'keep sums alone: a small file, without times', isOfPlugin: false },
  { flag: '--compress-on-exit', help: 'compress the capture at the end', isOfPlugin: false },
  { flag: '--no-compress', help: 'leave it as it was written', isOfPlugin: false },
  { flag: '--buffered-file-io', help: 'write the capture without mapping the file', isOfPlugin: false },
];
