/**
 * One small capture of each family of versions, as scripts and as bytes, with all kinds of records of that family:
 * small enough to be cut at every byte and to have every byte changed.
 */
import { type BuildOptions, type CaptureScript, encodeCapture, parseCapture } from '@memscope/fixtures';

export interface SmallCapture {
  readonly name: string;
  readonly script: CaptureScript;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const HEADER = 'command=a libdest=l site_packages=s sys_path=p pid=258 skip=1 trace_python_allocators=yes';

/** Each function has one line, so that a part of these records is written with the same bytes as the whole. */
const ALL = `
  thread 1 "main"
  push tracker t.py:1
  push a a.py:3 entry
  malloc 0x1000 300
  push b b.py:70
  calloc 0x2008 17
  memory t=1 rss=4097
  thread 2 "w"
  push c a.py:9
  posix_memalign 0x3000 1
  mmap 0x7f0000100000 0x5000
  munmap 0x7f0000101000 0x1000
  memory t=300 rss=70000
  thread 1
  free 0x1000
  realloc 0x1000 90
  pop 2
  v7+: pymalloc_malloc 0x4000 65
  v7+: pymalloc_free 0x4000
  free 0x3000
  v12+: object created 0x5000
  v12+: object destroyed 0x5000
  munmap 0x7f0000100000 0x1001
`;

const NATIVE = `
  maps
  segments /lib/c.so load=0x7f0000000000 0:0x1000 0x2000:0x501
  native 1 ip=0x7f0000000010
  native 2 ip=0x7f0000002020 parent=1
  thread 1 "main"
  push tracker t.py:1
  push a a.py:3 entry
  malloc 0x1000 300 native=2
  mmap 0x7f0000100000 0x5001 native=1
  v12+: object created 0x5008 native=2
  maps
  segments /lib/d.so load=0x7e0000000000 0x40:0x1001
  native 3 ip=0x7e0000000041 parent=1
  malloc 0x2000 1 native=3
  memory t=5 rss=70001
  free 0x1000
  munmap 0x7f0000101000 0x1001
`;

const AGGREGATED = `
  snapshot t=1 rss=4097 heap=259
  snapshot t=5 rss=70001 heap=300
  maps
  segments /lib/c.so load=0x7f0000000000 0:0x1000
  native 1 ip=0x7f0000000010
  thread 1 "main"
  push tracker t.py:1
  push a a.py:3 entry
  site malloc native=1 peak=2:300 leaked=1:17
  thread 2 "w"
  push b b.py:70
  site mmap peak=1:4097
  v12+: surviving 0x5008 native=1
`;

function small(name: string, text: string, version: number, fields: string, options: BuildOptions = {}): SmallCapture {
  const script = parseCapture(`capture ${HEADER} ${fields}\n${text}`, { version });
  return { name, script, bytes: encodeCapture(script, options) };
}

const IN_SMALL_BLOCKS: BuildOptions = { compression: { blockBytes: 60, blockChecksum: true, contentChecksum: true } };

export const SMALL_CAPTURES: readonly SmallCapture[] = [
  small('version 6', ALL, 6, ''),
  small('version 7', ALL, 7, ''),
  small('version 8', ALL, 8, ''),
  small('version 11 with native stacks', NATIVE, 11, 'native=yes'),
  small('version 13', ALL, 13, ''),
  small('version 13 with native stacks', NATIVE, 13, 'native=yes'),
  small('aggregated, version 11', AGGREGATED, 11, 'layout=aggregated native=yes'),
  small('aggregated, version 13', AGGREGATED, 13, 'layout=aggregated native=yes'),
  small('version 13, compressed', ALL, 13, '', { compression: 'lz4' }),
  small('version 9, in small compressed blocks', ALL, 9, '', IN_SMALL_BLOCKS),
];
