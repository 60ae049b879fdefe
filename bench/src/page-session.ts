/**
 * One reader's way through the page, over and over: every kind of interaction in each round, with windows, words, frames
 * and columns that differ from round to round, so that the page and the server have not kept the answers. Input comes
 * through the browser as from a mouse and a keyboard.
 */
import { randomBelow, seedRandom, type RandomBits } from '@memscope/fixtures';
import type { ElementHandle, Page } from 'playwright-core';

import { BenchError } from './bench-error.js';
import type { InputKind } from './page-probe.js';

/** Milliseconds of each time, by the name of the interaction, in the order of a round. */
export type InteractionTimes = ReadonlyMap<string, readonly number[]>;

const LONGEST_MS = 60_000;
const KEY_GAP_MS = 80;
const REST_POLL_MS = 20;
/** Left and right of the timeline's plot, in its element. */
const PLOT_MARGINS = [72, 12] as const;
/** Frames that a hand can hit, in pixels. */
const LEAST_FRAME_WIDTH = 24;
/** Of those that are not all there is. */
const MOST_FRAME_WIDTH = 600;
const COLUMNS = ['inclusive', 'self', 'name', 'selfCount', 'inclusiveCount'];

export class PageSession {
  readonly #page: Page;
  readonly #random: RandomBits;
  readonly #times = new Map<string, number[]>();
  #words: readonly string[] = [];

  constructor(page: Page, seed: number) {
    this.#page = page;
    this.#random = seedRandom(seed);
  }

  times(): InteractionTimes {
    return this.#times;
  }

  /** Begins and ends in the overview of the whole recording. Throws `BenchError`: `pageFault` */
  async round(turn: number): Promise<void> {
    const page = this.#page;
    if (this.#words.length === 0) await this.#findWords();
    await this.#key('view: timeline', '2');
    await this.#brush('brush: timeline', '.time-chart', PLOT_MARGINS);
    const chart = await this.#boxOf('.time-chart');
    await page.mouse.move(chart.x + chart.width * (0.3 + this.#share() * 0.4), chart.y + 100);
    await this.#time('timeline: zoom in', 'wheel', () => page.mouse.wheel(0, -300));
    await this.#time('timeline: zoom out', 'wheel', () => page.mouse.wheel(0, 200));
    await this.#key(null, 'Escape');

    await this.#key('view: flame graph', '3');
    await this.#clearWindow();
    await this.#brush('brush: flame graph', '.time-strip canvas', [0, 0]);
    await this.#zoomFrame();
    await this.#type('search: frames', `module:${this.#word()}`);
    await this.#key(null, 'Escape');
    await this.#time('measure: flame graph', 'pointerup', () => this.#chooseMeasure());
    await this.#time('flame graph: inverted', 'pointerup', () => this.#choose('Bottom up'));
    await this.#time(null, 'pointerup', () => this.#choose('Top down'));

    await this.#key('view: tables', '4');
    await this.#clearWindow();
    await this.#brush('brush: table', '.time-strip canvas', [0, 0]);
    await this.#sort(turn);
    await this.#type('search: rows', this.#word());
    await this.#key(null, 'Escape');
    await this.#openSandwich();
    await this.#time('measure: table', 'pointerup', () => this.#chooseMeasure());

    await this.#key('view: leaks', '5');
    await this.#key('view: overview', '1');
    await this.#clearWindow();
  }

  async #key(name: string | null, key: string): Promise<void> {
    await this.#page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    await this.#time(name, 'keydown', () => this.#page.keyboard.press(key));
  }

  /** Drags over an element from somewhere to somewhere else. */
  async #brush(name: string, selector: string, [before, after]: readonly [number, number]): Promise<void> {
    const { mouse } = this.#page;
    const box = await this.#boxOf(selector);
    const [left, width] = [box.x + before, box.width - before - after];
    const from = this.#share() * 0.6;
    const to = from + 0.1 + this.#share() * 0.25;
    const y = box.y + Math.min(100, box.height / 2);
    await mouse.move(left + from * width, y);
    await mouse.down();
    for (const share of [0.3, 0.6, 1]) await mouse.move(left + (from + (to - from) * share) * width, y);
    await this.#time(name, 'pointerup', () => mouse.up());
  }

  async #clearWindow(): Promise<void> {
    const button = this.#page.locator('.scope-bar [aria-label="Show the whole recording"]');
    if (await button.isVisible()) await this.#time(null, 'pointerup', () => button.click());
  }

  /** Into a frame of middling width, or where there are few frames a wide one, and back. */
  async #zoomFrame(): Promise<void> {
    const { mouse } = this.#page;
    const inSight = await this.#page.locator('g.frame').evaluateAll(
      (frames, least) =>
        frames.slice(1).flatMap((frame) => {
          const { left, top, width, height } = frame.getBoundingClientRect();
          const isInSight = top > 0 && top + height < innerHeight;
          return isInSight && width >= least ? [{ x: left + width / 2, y: top + height / 2, width }] : [];
        }),
      LEAST_FRAME_WIDTH,
    );
    const middling = inSight.filter(({ width }) => width <= MOST_FRAME_WIDTH);
    const places = middling.length > 0 ? middling : inSight;
    const place = places[randomBelow(this.#random, Math.max(1, places.length))];
    if (place === undefined)
      throw new BenchError('pageFault', 'no frame of the flame graph is wide enough to be clicked');
    await mouse.move(place.x, place.y);
    await this.#time('flame graph: zoom in', 'pointerup', () => mouse.click(place.x, place.y));
    await mouse.move(1, 1);
    await this.#key('flame graph: zoom out', 'Backspace');
  }

  /** The time of the last key; those before it are typed as by a quick hand. */
  async #type(name: string, word: string): Promise<void> {
    const { keyboard } = this.#page;
    await keyboard.press('/');
    await keyboard.type(word.slice(0, -1), { delay: KEY_GAP_MS });
    await this.#page.waitForTimeout(KEY_GAP_MS);
    await this.#time(name, 'input', () => keyboard.type(word.slice(-1)));
  }

  async #sort(turn: number): Promise<void> {
    const column = COLUMNS[turn % COLUMNS.length]!;
    const titles = this.#page.locator('.grid-head .sort-button');
    const count = await titles.count();
    // The columns of the page in turn: which of them stand where is the page's matter.
    const button = titles.nth(COLUMNS.indexOf(column) % Math.max(1, count));
    await this.#time('table: sort', 'pointerup', () => button.click());
  }

  async #openSandwich(): Promise<void> {
    const links = this.#page.locator('.grid-row button');
    const link = links.nth(randomBelow(this.#random, Math.max(1, Math.min(12, await links.count()))));
    await this.#time('sandwich: open', 'pointerup', () => link.click());
    await this.#key('sandwich: close', 'Escape');
  }

  /** Another one of those that the page offers for the window. */
  async #chooseMeasure(): Promise<void> {
    await this.#page.locator('[aria-label="Measure"] label:has(input:enabled:not(:checked))').first().click();
  }

  async #choose(title: string): Promise<void> {
    await this.#page.locator('.segmented label:visible', { hasText: title }).first().click();
  }

  async #time(name: string | null, kind: InputKind, act: () => Promise<void>): Promise<void> {
    await this.#untilRest();
    await this.#page.evaluate((each) => memscopeProbe.arm(each), kind);
    await act();
    const milliseconds = await within(
      LONGEST_MS,
      name ?? kind,
      this.#page.evaluate(() => memscopeProbe.answered()),
    );
    if (name === null) return;
    const known = this.#times.get(name);
    if (known === undefined) this.#times.set(name, [milliseconds]);
    else known.push(milliseconds);
  }

  /** Nobody acts while the page is still drawing what came before; not part of any time. */
  async #untilRest(): Promise<void> {
    while (!(await this.#page.evaluate(() => memscopeProbe.isAtRest()))) await this.#page.waitForTimeout(REST_POLL_MS);
  }

  async #boxOf(selector: string): Promise<NonNullable<Awaited<ReturnType<ElementHandle['boundingBox']>>>> {
    const box = await this.#page.locator(selector).first().boundingBox();
    if (box === null) throw new BenchError('pageFault', `the page has no ${selector}`);
    return box;
  }

  /** Parts of names that the profile has. */
  async #findWords(): Promise<void> {
    await this.#key(null, '4');
    const names = await this.#page.locator('.grid-row [role=rowheader]').allTextContents();
    this.#words = [...new Set(names.flatMap((name) => name.match(/[a-z]{3,}/gi) ?? []))].map((word) =>
      word.slice(0, 6),
    );
    if (this.#words.length === 0) throw new BenchError('pageFault', 'the table of functions names nothing');
    await this.#key(null, '1');
  }

  #word(): string {
    return this.#words[randomBelow(this.#random, this.#words.length)]!;
  }

  #share(): number {
    return randomBelow(this.#random, 1000) / 1000;
  }
}

/** Ends the run instead of waiting for ever. */
async function within<Value>(milliseconds: number, what: string, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BenchError('pageFault', `${what}: the page does not answer within ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
