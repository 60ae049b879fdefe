/** What the kernel can't read at all. Damage behind a valid header is no error but a part of the result. */

export type KernelErrorCode = 'notCapture' | 'unsupportedVersion' | 'damagedHeader' | 'limit';

export class KernelError extends Error {
  readonly code: KernelErrorCode;
  /** Offset in the (uncompressed) stream. */
  readonly offset: number;

  constructor(code: KernelErrorCode, message: string, offset: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KernelError';
    this.code = code;
    this.offset = offset;
  }
}
