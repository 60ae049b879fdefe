import { ByteSink, encodeCapture, EncoderV12, parseCapture } from '@memscope/fixtures';
import { describe, expect, it } from 'vitest';
import { siteKeys, summarizeRead } from './capture-summary.js';
import { ALL_VERSIONS, expectText } from './expect-reference.js';
import { type CaptureRead, readCapture } from './read-capture.js';

/** The Python stack of each site, innermost frame last, "FUNCTION:LINE" each. */
function stacksOf(read: CaptureRead): string[] {
  return siteKeys(read.decoded).map((key) => {
    const [, , , ...frames] = JSON.parse(key) as [string, string, number, ...string[]];
    return frames.map((frame) => frame.replace(/ .*:/u, ':')).join(' ');
  });
}

function nest(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `push f${level % 7} a.py:${1 + (level % 90)}`).join('\n');
}

describe('Python stacks', () => {
  it('are kept for each thread by itself while threads take turns', () => {
    const read = expectText(`
      thread 1 "main"
      push a a.py:1
      thread 2 "two"
      push b a.py:2
      thread 1
      push c a.py:3
      thread 2
      malloc 0x1000 1
      push d a.py:4
      thread 1
      malloc 0x2000 1
      pop 2
      malloc 0x3000 1
      thread 2
      pop
      malloc 0x4000 1
      thread 3
      malloc 0x5000 1
    `);
    expect(stacksOf(read)).toEqual(['b:2', 'a:1 c:3', '', '']);
  });

  it('of a thread number that comes back in version 8 go on where they stopped', () => {
    const text =
      'thread 0x7f66dae566c0 "first"\npush a a.py:1\nmalloc 8 1\nthread 7\nmalloc 16 1\nthread 0x7f66dae566c0 "second"\nmalloc 24 1';
    const read = expectText(text, [6, 7, 8]);
    expect(summarizeRead(read).threadNames).toEqual({ [String(0x7f66dae566c0)]: 'second' });
    expect(stacksOf(read)).toEqual(['a:1', '']);
  });

  it("leave out the tracker's frames on the main thread, from version 9 on", () => {
    const text = `
      capture skip=2 main_tid=5
      thread 5
      malloc 0x1000 1
      push tracker a.py:1
      malloc 0x2000 1
      push runpy a.py:2
      malloc 0x3000 1
      push app a.py:3
      malloc 0x4000 1
      pop 2
      push app a.py:4
      malloc 0x5000 1
      push app a.py:5
      malloc 0x6000 1
      thread 6
      push worker a.py:6
      malloc 0x7000 1
    `;
    const since9 = ['', 'app:3', 'app:5', 'worker:6'];
    expect(stacksOf(expectText(text, [9, 10, 11, 12, 13]))).toEqual(since9);
    expect(stacksOf(expectText(text, [6, 7, 8]))[2]).toBe('tracker:1 runpy:2');
  });

  it('may be left empty by more skipped frames than there ever are', () => {
    const read = expectText(
      'capture skip=1000\nthread 1\npush a a.py:1\nmalloc 8 1\npush b a.py:1\nmalloc 16 1',
      [9, 13],
    );
    expect(stacksOf(read)).toEqual(['']);
  });

  it('are popped 16 frames at a time, and more', () => {
    const read = expectText(`
      thread 1
      ${nest(300)}
      malloc 0x1000 1
      pop 16
      malloc 0x2000 1
      pop 17
      malloc 0x3000 1
      pop 256
      malloc 0x4000 1
      pop 11
      malloc 0x5000 1
    `);
    expect(stacksOf(read).map((stack) => stack.split(' ').length)).toEqual([300, 284, 267, 11, 1]);
  });

  it('may be a hundred thousand frames deep', () => {
    for (const version of [6, 13]) {
      const script = parseCapture(`thread 1\n${nest(100_000)}\nmalloc 8 1\npop 99999\nmalloc 16 1`, { version });
      const { decoded } = readCapture(encodeCapture(script, { compression: 'lz4' }));
      expect(decoded.damage).toBeNull();
      expect(decoded.stacks.length).toBe(100_001);
      expect([...decoded.sites.pythonStack]).toEqual([100_000, 1]);
    }
  });

  it('that read the same are one, also from frames that the capture tells apart', () => {
    const text = 'thread 1\npush a a.py:1 entry\nmalloc 8 1\npop\npush a a.py:1\nmalloc 16 1';
    expect(expectText(text).decoded.frames.length).toBe(1);
  });

  it('keep entry frames apart in captures with native stacks, which need them to be joined', () => {
    const text = 'capture native=yes\nthread 1\npush a a.py:1 entry\nmalloc 8 1\npop\npush a a.py:1\nmalloc 16 1';
    for (const version of [8, 9, 10, 11, 12, 13]) {
      const { decoded } = expectText(text, [version]);
      expect([...decoded.frames.entry]).toEqual([1, 0]);
    }
    // Version 6 and 7 say nothing: every frame may be one.
    for (const version of [6, 7]) expect([...expectText(text, [version]).decoded.frames.entry]).toEqual([1]);
  });

  it('take in code objects whatever 64 bits number them', () => {
    const header = parseCapture('capture killed=yes').header;
    const sink = new ByteSink();
    sink.raw(encodeCapture({ header, records: [] }));
    const encoder = new EncoderV12(sink, false);
    const ids = [
      0n,
      1n,
      0x7fffffffn,
      0x80000000n,
      0x80000001n,
      0xffffffffn,
      0x1_0000_0000n,
      0x1_0000_0001n,
      0xffffffff_ffffffffn,
    ];
    ids.forEach((id, index) => encoder.code(id, `f${index}`, 'a.py', 10 * index, Uint8Array.of(0xe8, 2)));
    for (const entry of [false, true]) {
      ids.forEach((id, index) => {
        encoder.push(id, 0, entry);
        encoder.allocation('malloc', 8 * index, 1, 0);
        encoder.pop(1);
      });
    }
    encoder.trailer();
    const read = readCapture(sink.bytes());
    expect(read.decoded.damage).toBeNull();
    expect(stacksOf(read)).toEqual(ids.map((_, index) => `f${index}:${10 * index + 1}`));
  });
});

describe('object records', () => {
  it('are counted, and share the addresses that allocations remember', () => {
    const lines = ['capture native=yes objects=yes', 'thread 1', 'native ip=0x10'];
    for (let round = 0; round < 60; round++) {
      const address = 0x1000 + 8 * (round % 20);
      lines.push(`object ${round % 3 === 0 ? 'destroyed' : 'created'} ${address}${round % 3 === 0 ? '' : ' native=1'}`);
      lines.push(`malloc ${address + 16} ${round}`, `free ${address}`);
    }
    const { decoded } = expectText(lines.join('\n'), [12, 13]);
    expect(decoded.objects).toMatchObject({ created: 40, destroyed: 20 });
  });
});

describe('names', () => {
  const names = (read: CaptureRead): string[] => [...read.decoded.strings].sort();

  it('may be empty', () => {
    expectText('thread 1 ""\npush "" "":3\nmalloc 8 1');
  });

  it('are cut at 64 KiB, in chunks of any size', () => {
    const name = 'n'.repeat(100_000);
    const text = `thread 1 "t${name}"\npush "f${name}" "p${name}":3\nmalloc 8 1`;
    const kept = name.slice(0, 65_535);
    for (const version of ALL_VERSIONS) {
      const bytes = encodeCapture(parseCapture(text, { version }), { compression: { blockBytes: 100 } });
      for (const chunkBytes of [11, 4096]) {
        const read = readCapture(bytes, { chunkBytes });
        expect(read.decoded.damage).toBeNull();
        expect(names(read)).toEqual(['', `f${kept}`, `p${kept}`, `t${kept}`]);
        expect(read.decoded.cutNames).toBe(3);
      }
    }
  });

  it('are cut between characters, and not at all at their bound', () => {
    for (const [name, kept] of [
      ['n'.repeat(65_536), 65_536],
      ['n'.repeat(65_537), 65_536],
      [`${'n'.repeat(65_535)}é`, 65_535],
      [`${'n'.repeat(65_533)}\u{1F600}`, 65_533],
      [`${'n'.repeat(65_532)}\u{1F600}n`, 65_534],
    ] as const) {
      const read = readCapture(encodeCapture(parseCapture(`thread 1\npush "${name}" a.py:3\nmalloc 8 1`)));
      expect(names(read)).toEqual(['', 'a.py', name.slice(0, kept)].sort());
    }
  });

  it('that come to more than 64 MiB are cut at 1 KiB', () => {
    const lines = ['thread 1'];
    for (let row = 0; row < 1100; row++) lines.push(`push "${row} ${'n'.repeat(64_000)}" a.py:3\npop 1`);
    const read = readCapture(encodeCapture(parseCapture(lines.join('\n'))));
    const lengths = names(read).map(({ length }) => length);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(2 ** 26 + 2 ** 18);
    expect(Math.min(...lengths.filter((length) => length > 4))).toBe(1024);
  });

  it('may hold control characters, line ends and other scripts', () => {
    expectText('thread 1 "\\e[31m\\n"\npush "a\\r\\nb" "\\u{202e}/tmp/\\u{1F600}.py":7\nmalloc 8 1');
  });

  it('that are no UTF-8 keep what can be read, and a byte order mark stays', () => {
    for (const version of ALL_VERSIONS) {
      const script = parseCapture('thread 1 "\\xff"\npush "f\\xc3" "\\u{feff}x.py":7\nmalloc 8 1', { version });
      expect(names(readCapture(encodeCapture(script)))).toEqual(['', 'f\ufffd', '\ufeffx.py', '\ufffd']);
    }
  });

  it('that are equal are kept once', () => {
    const { decoded } = expectText('thread 1 "same"\npush same same:1\nmalloc 8 1\nthread 2 "same"');
    expect(decoded.strings).toEqual(['', 'same']);
  });
});
