/** What the kernel can't read at all. Damage behind a valid header is no error but a part of the result. */

import type { StopPoint } from './stop-point.js';

export type KernelErrorCode = 'notCapture' | 'unsupportedVersion' | 'damagedHeader' | 'limit';

export class KernelError extends Error {
  readonly code: KernelErrorCode;
  /** Offset in the (uncompressed) stream. */
  readonly offset: number;
  /** Of a `limit`: up to where the capture can be read. */
  readonly stop: StopPoint;

  constructor(
    code: KernelErrorCode,
    message: string,
    offset: number,
    { stop = {}, ...options }: ErrorOptions & { readonly stop?: StopPoint } = {},
  ) {
    super(message, options);
    this.stop = stop;
    this.name = 'KernelError';
    this.code = code;
    this.offset = offset;
  }
}
