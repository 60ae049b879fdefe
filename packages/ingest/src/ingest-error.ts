/** Why a capture became no profile. Crosses threads as a plain object (`IngestFault`) and is an error on both sides. */
import { resolve } from 'node:path';
import type { StopPoint } from '@memscope/kernel';
import type { StoreError } from '@memscope/store';

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
  | 'memory'
  | 'workerDied'
  | 'cannotWrite'
  | 'notProfile'
  | 'schemaVersion'
  | 'noSqlite'
  | 'brokenSqlite'
  | 'corrupt'
  | 'cancelled'
  | 'internal';

export interface IngestFault {
  readonly code: IngestErrorCode;
  readonly path: string;
  /** What was found, without the path. */
  readonly message: string;
  /** In bytes from the start of the (uncompressed) capture. */
  readonly offset?: number;
  /** Of a `limit`: up to where the capture can be read. */
  readonly stop?: StopPoint;
}

export class IngestError extends Error {
  readonly code: IngestErrorCode;
  readonly path: string;
  readonly offset?: number;
  readonly stop?: StopPoint;

  constructor(fault: IngestFault, options?: ErrorOptions) {
    super(fault.message, options);
    this.name = 'IngestError';
    this.code = fault.code;
    this.path = fault.path;
    if (fault.offset !== undefined) this.offset = fault.offset;
    if (fault.stop !== undefined) this.stop = fault.stop;
  }

  toFault(): IngestFault {
    const { code, path, message, offset, stop } = this;
    return {
      code,
      path,
      message,
      ...(offset === undefined ? {} : { offset }),
      ...(stop === undefined ? {} : { stop }),
    };
  }
}

/** What the store complains of while the capture or profile at `path` is dealt with. */
export function fromStoreError(path: string, cause: StoreError): IngestError {
  const own = `${resolve(path)}: `;
  const message = cause.message.startsWith(own) ? cause.message.slice(own.length) : cause.message;
  return new IngestError({ code: cause.code === 'closed' ? 'internal' : cause.code, path, message }, { cause });
}

/** Needs nothing that would have to be loaded first. */
export function memoryRanOut(path: string, cause: unknown): IngestError {
  return new IngestError({ code: 'memory', path, message: 'there is not enough memory to read it' }, { cause });
}

/** The file system's own words, without call and path. */
export function wordsOfSystem(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/^[A-Z0-9]+: /, '').replace(/, [a-z]+( '.*)?$/s, '');
}
