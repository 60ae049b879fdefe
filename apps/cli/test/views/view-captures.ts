/** Small captures that views are tried on, in the capture language. */
import { HOSTILE_NAMES } from '../hostile-profile.js';

/** Starts 2026-01-02 03:04:05 UTC. */
export const CAPTURE_START_MS = 1_767_323_045_000;

/**
 * A shop: orders are loaded on the main thread and by a worker, through a package and the import system, `total` calls
 * itself; something is allocated before any frame. At the peak, of 10,801,700 bytes, everything is live.
 */
export const SHOP = `
capture v13 start=${CAPTURE_START_MS} end=${CAPTURE_START_MS + 2000} command="shop.py" main_tid=1
thread 1 "MainThread"
memory t=0 rss=1000000
malloc 0x1000 1000
push main /srv/shop/app/shop.py:20 entry
mmap 0x100000 4000000
push load /srv/shop/app/orders.py:8
malloc 0x2000 2000000
calloc 0x3000 500000
push read_csv /usr/lib/python3.13/site-packages/pandas/io/parsers.py:912
malloc 0x4000 3000000
push _find_and_load "<frozen importlib._bootstrap>:1371"
malloc 0x5000 250000
pop 3
memory t=500 rss=9000000
push total /srv/shop/app/orders.py:20
malloc 0x6000 100
push total /srv/shop/app/orders.py:22
malloc 0x7000 200
push total /srv/shop/app/orders.py:22
malloc 0x8000 400
pop 3
pop 1
thread 2 "worker-1"
push work /srv/shop/app/worker.py:5 entry
push load /srv/shop/app/orders.py:8
malloc 0x9000 700000
pop 1
push load /srv/shop/app/orders.py:9
malloc 0xa000 300000
malloc 0xb000 50000
free 0xb000
pop 2
memory t=1000 rss=12000000
thread 1
free 0x4000
free 0x1000
memory t=1500 rss=11000000
`;

/** The shop with a cache that holds 600,000 bytes more. */
export const LARGER_SHOP = SHOP.replace('malloc 0x2000 2000000', 'malloc 0x2000 2600000');

/** Every name is an attack on the terminal. */
export const HOSTILE = `
capture v13 start=${CAPTURE_START_MS}
thread 1 ${quote(HOSTILE_NAMES[0])}
memory t=0 rss=1000000
${HOSTILE_NAMES.slice(0, 10)
  .map((name, index) =>
    [
      `push ${quote(short(name))} ${quote(`/srv/${short(name)}/${short(name)}.py:${index + 1}`)}${index === 0 ? ' entry' : ''}`,
      `malloc ${(index + 1) * 0x1000} ${(index + 1) * 1_000_000}`,
    ].join('\n'),
  )
  .join('\n')}
memory t=10 rss=1000000
`;

/** A capture cannot hold a lone surrogate, and need not be megabytes. */
function short(name: string): string {
  return name.replaceAll(/\p{Cs}/gu, '').slice(0, 5_000);
}

function quote(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };
  return `"${text.replaceAll(/[\n\r\t"\\]/g, (character) => escapes[character]!)}"`;
}
