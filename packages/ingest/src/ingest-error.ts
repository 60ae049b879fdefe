/** Why a capture became no profile. Crosses threads as a plain object (`IngestFault`) and is an error on both sides. */

export type IngestErrorCode =
  | 'notFound'
  | 'cannotRead'
  | 'isDirectory'
  | 'empty'
  | 'notCapture'
  | 'unsupportedVersion'
  | 'stillWriting'
  | 'damagedHeader'
  | 'limit'
  | 'workerDied'
  | 'cannotWrite'
  | 'cancelled'
  | 'internal';

export interface IngestFault {
  readonly code: IngestErrorCode;
  readonly path: string;
  /** What was found, without the path. */
  readonly message: string;
  /** In bytes from the start of the (uncompressed) capture. */
  readonly offset?: number;
}

export class IngestError extends Error {
  readonly code: IngestErrorCode;
  readonly path: string;
  readonly offset?: number;

  constructor(fault: IngestFault, options?: ErrorOptions) {
    super(fault.message, options);
    this.name = 'IngestError';
    this.code = fault.code;
    this.path = fault.path;
    if (fault.offset !== undefined) this.offset = fault.offset;
  }

  toFault(): IngestFault {
    const { code, path, message, offset } = this;
    return offset === undefined ? { code, path, message } : { code, path, message, offset };
  }
}
