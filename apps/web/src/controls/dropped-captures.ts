/**
 * Captures that the reader drops on the page, or chooses: each is sent, with how much has gone, and the first one of
 * them is opened. What the server does not take says why.
 */
import { BUNDLE_SUFFIX, formatBytes, formatShare, type Run } from '@memscope/model';

import { sendCapture } from '../api/send-capture.js';
import { element } from '../dom/element.js';
import { visible } from '../dom/visible-text.js';
import { withRun } from '../state/change.js';
import type { Page } from '../views/view.js';

const LONGEST_NAME = 80;

export interface DropUses {
  /** Whether the server takes captures. */
  areTaken(): boolean;
  /** Before the page shows it. */
  onTaken(run: Run): void;
}

export class DroppedCaptures {
  readonly #page: Page;
  readonly #uses: DropUses;
  /** What is on its way, and what was not taken. */
  readonly root = element('section', { class: 'sent-captures', 'aria-label': 'Captures on their way' });
  /** Shown while files are held over the page. */
  readonly target = element('div', { class: 'drop-target', hidden: true });

  constructor(page: Page, uses: DropUses) {
    this.#page = page;
    this.#uses = uses;
    addEventListener('dragover', (event) => this.#onOver(event));
    addEventListener('dragleave', (event) => {
      // The pointer has left the window, not only an element of it.
      if (event.relatedTarget === null) this.target.hidden = true;
    });
    addEventListener('drop', (event) => this.#onDrop(event));
  }

  /** Opens the browser's own dialog for files. */
  choose(): void {
    const input = element('input', { type: 'file', multiple: true });
    input.addEventListener('change', () => void this.#send([...(input.files ?? [])]));
    input.click();
  }

  #onOver(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    // Else the browser would leave the page for the file.
    event.preventDefault();
    const areTaken = this.#uses.areTaken();
    event.dataTransfer.dropEffect = areTaken ? 'copy' : 'none';
    if (!this.target.hidden) return;
    this.target.textContent = areTaken
      ? 'Drop captures to analyse them'
      : 'This server takes no captures: start it with --uploads FOLDER';
    this.target.hidden = false;
  }

  #onDrop(event: DragEvent): void {
    this.target.hidden = true;
    const { dataTransfer } = event;
    if (dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    if (!this.#uses.areTaken()) return;
    const entries = [...dataTransfer.items].map((item) => item.webkitGetAsEntry());
    const folder = entries.find((entry) => entry?.isDirectory === true);
    if (folder) this.#refuse(folder.name, 'a folder cannot be dropped; name it: memscope serve FOLDER');
    void this.#send([...dataTransfer.files].filter((_, at) => entries[at]?.isDirectory !== true));
  }

  /** One after the other; bundles first, so that each capture finds its own. */
  async #send(files: readonly File[]): Promise<void> {
    const drop = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(36)).join('');
    const isBundle = ({ name }: File): boolean => name.endsWith(BUNDLE_SUFFIX);
    let isFirst = true;
    for (const file of [...files].sort((a, b) => Number(isBundle(b)) - Number(isBundle(a)))) {
      const run = await this.#sendOne(drop, file);
      if (run === null) continue;
      this.#uses.onTaken(run);
      if (isFirst) this.#page.change((state) => withRun(state, run.id));
      isFirst = false;
    }
  }

  /** Null for a bundle, and for what did not get there. */
  async #sendOne(drop: string, file: File): Promise<Run | null> {
    const name = visible(file.name, LONGEST_NAME);
    const cancel = new AbortController();
    const bar = element('progress', { max: file.size, value: 0, 'aria-label': `Sent of ${name}` });
    const amount = element('span', { class: 'quiet' });
    const row = element(
      'p',
      {},
      element('strong', {}, name),
      bar,
      amount,
      element('button', { type: 'button', class: 'button', onclick: () => cancel.abort() }, 'Cancel'),
    );
    this.root.append(row);
    this.#page.announce(`${name} is being sent`);
    const onSent = (bytes: number): void => {
      bar.value = bytes;
      amount.textContent = `${formatBytes(bytes)} of ${formatBytes(file.size)}, ${formatShare(bytes, file.size)}`;
    };
    try {
      return await sendCapture({ drop, file, onSent, signal: cancel.signal });
    } catch (error) {
      if (!cancel.signal.aborted) this.#refuse(file.name, error instanceof Error ? error.message : String(error));
      return null;
    } finally {
      row.remove();
    }
  }

  #refuse(name: string, reason: string): void {
    const row = element(
      'p',
      { class: 'refused', role: 'alert' },
      element('strong', {}, visible(name, LONGEST_NAME)),
      element('span', {}, `was not taken: ${visible(reason, 300)}`),
      element('button', { type: 'button', class: 'button', onclick: () => row.remove() }, 'Close'),
    );
    this.root.append(row);
  }
}
