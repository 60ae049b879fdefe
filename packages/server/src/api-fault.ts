/** What went wrong with a question → the error that the page gets, and its status. */
import { FilterError, ViewError, type ApiError } from '@memscope/model';
import { StoreError } from '@memscope/store';

/** A plain object: it crosses threads. */
export interface ApiFault {
  readonly status: number;
  readonly error: ApiError;
}

export function apiFault(status: number, code: ApiError['code'], message: string): ApiFault {
  return { status, error: { code, message, position: null, length: null } };
}

/** Null for a fault of the program. */
export function faultOf(error: unknown): ApiFault | null {
  if (error instanceof FilterError) {
    const { code, message, position, length } = error;
    return { status: 400, error: { code, message, position, length } };
  }
  if (error instanceof ViewError) {
    return apiFault(error.code === 'cannotAnswer' ? 422 : 400, error.code, error.message);
  }
  if (error instanceof StoreError) return apiFault(500, 'internal', error.message);
  return null;
}
