/** The address follows the state: at once for a step, a moment later for what is none, and never in the way. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { keepStateInUrl, type StateKeeper } from '../../src/state/location.js';
import { FIRST_STATE, type PageState } from '../../src/state/page-state.js';

/** What the page knows of its browser: entries of the history, and how often they may be changed in ten seconds. */
class FakeBrowser extends EventTarget {
  readonly entries = ['/'];
  at = 0;
  changes = 0;
  most = Infinity;
  readonly history = {
    pushState: (_: unknown, __: string, url: string): void => {
      this.#count();
      this.entries.splice(++this.at, Infinity, url);
    },
    replaceState: (_: unknown, __: string, url: string): void => {
      this.#count();
      this.entries[this.at] = url;
    },
  };

  get address(): string {
    return this.entries[this.at]!;
  }

  get location(): { pathname: string; search: string; hash: string } {
    const { pathname, search, hash } = new URL(this.address, 'http://localhost/');
    return { pathname, search, hash };
  }

  back(): void {
    this.at--;
    this.dispatchEvent(new Event('popstate'));
  }

  #count(): void {
    if (++this.changes > this.most) throw new DOMException('The operation is insecure.', 'SecurityError');
  }
}

let browser: FakeBrowser;
let keeper: StateKeeper;
let drawn: PageState[];

const searching = (search: string): PageState => ({
  ...FIRST_STATE,
  view: 'flame',
  flame: { ...FIRST_STATE.flame, search },
});

beforeEach(() => {
  vi.useFakeTimers();
  browser = new FakeBrowser();
  vi.stubGlobal('document', { documentElement: { dataset: {} } });
  vi.stubGlobal('history', browser.history);
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  Object.defineProperty(globalThis, 'location', { get: () => browser.location, configurable: true });
  drawn = [];
  keeper = keepStateInUrl(null, (state) => drawn.push(state));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, 'location');
});

describe('a state that changes a hundred times a second', () => {
  test('is drawn each time, and in the address a few times a second', () => {
    for (let i = 1; i <= 1000; i++) {
      keeper.change(searching(`x${i}`), 'replace');
      vi.advanceTimersByTime(10);
    }
    expect(drawn).toHaveLength(1000);
    expect(browser.changes).toBeLessThanOrEqual(40);
    vi.advanceTimersByTime(1000);
    expect(browser.address).toBe('/?view=flame&search=x1000');
    expect(browser.entries).toHaveLength(1);
  });

  test('is drawn each time also where the browser refuses, and in the address once it does not', () => {
    browser.most = 0;
    for (let i = 1; i <= 300; i++) keeper.change(searching(`x${i}`), i % 3 === 0 ? 'push' : 'replace');
    expect(drawn).toHaveLength(300);
    expect(keeper.read().flame.search).toBe('x300');
    browser.most = Infinity;
    vi.advanceTimersByTime(5000);
    expect(browser.address).toBe('/?view=flame&search=x300');
  });
});

test('a step is in the address at once, behind what was last shown before it', () => {
  keeper.change(searching('a'), 'replace');
  keeper.change(searching('b'));
  expect(browser.entries).toEqual(['/?view=flame&search=a', '/?view=flame&search=b']);
  vi.advanceTimersByTime(1000);
  expect(browser.entries).toEqual(['/?view=flame&search=a', '/?view=flame&search=b']);
});

test('going back is not undone by what was about to be in the address', () => {
  keeper.change(searching('a'));
  keeper.change(searching('b'), 'replace');
  browser.back();
  vi.advanceTimersByTime(1000);
  expect([browser.address, keeper.read()]).toEqual(['/', FIRST_STATE]);
});

test('who leaves the page finds what was there last when coming back', () => {
  keeper.change(searching('a'), 'replace');
  browser.dispatchEvent(new Event('pagehide'));
  expect(browser.address).toBe('/?view=flame&search=a');
});

test('the same state changes nothing', () => {
  keeper.change(FIRST_STATE);
  expect([drawn.length, browser.changes]).toEqual([0, 0]);
});
