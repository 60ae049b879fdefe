/**
 * `addr2line -a -f -i` of GNU binutils (binutils manual): an address a line in; out, for each, the address
 * (`0x0000000000001139`) and two lines for each frame, innermost first: the function, and `file:line`, perhaps with
 * ` (discriminator 3)` behind it.
 */
import { MOST_FRAMES_PER_ADDRESS, textOrNull, type AnsweredFrame, type AnswerReader } from './symbolizer-answers.js';

/** Options for one file, which must be an absolute path. */
export function addr2lineOptions(file: string): string[] {
  return ['-a', '-f', '-i', '-e', file];
}

export class Addr2lineReader implements AnswerReader {
  readonly answers: (readonly AnsweredFrame[])[] = [];
  readonly #addresses: Float64Array;
  #current: AnsweredFrame[] | null = null;
  #functionName: string | null = null;
  #hasFunction = false;

  constructor(addresses: Float64Array) {
    this.#addresses = addresses;
  }

  line(text: string): string | null {
    if (this.#hasFunction) {
      this.#hasFunction = false;
      this.#addFrame(text);
      return null;
    }
    // The next address ends the frames of the one before it.
    const next = this.answers.length + (this.#current === null ? 0 : 1);
    if (text === addressLine(this.#addresses[next])) {
      this.#finish();
      this.#current = [];
      return null;
    }
    if (this.#current === null) return text === '' ? null : 'printed something else than an address';
    this.#functionName = textOrNull(text);
    this.#hasFunction = true;
    return null;
  }

  end(): string | null {
    if (this.#hasFunction) return 'ended within an answer';
    this.#finish();
    return this.answers.length < this.#addresses.length ? 'ended before it had answered everything' : null;
  }

  #addFrame(text: string): void {
    const current = this.#current!;
    if (current.length >= MOST_FRAMES_PER_ADDRESS) return;
    const place = /^(.*):(\d+|\?)(?: \(discriminator \d+\))?$/s.exec(text);
    const file = textOrNull(place?.[1]);
    const line = place?.[2] === undefined || place[2] === '?' ? 0 : Number(place[2]);
    if (file !== null || this.#functionName !== null) {
      current.push({ functionName: this.#functionName, file, line: file === null ? 0 : line });
    }
  }

  #finish(): void {
    if (this.#current !== null) this.answers.push(this.#current);
    this.#current = null;
  }
}

function addressLine(address: number | undefined): string | undefined {
  return address === undefined ? undefined : `0x${address.toString(16).padStart(16, '0')}`;
}
