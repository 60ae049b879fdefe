/** What went wrong with a question → the error that the page gets, and its status. */
import { FilterError, LibraryRuleError, ViewError, type ApiError } from '@memscope/model';

/** A plain object: it crosses threads. */
export interface ApiFault {
  readonly status: number;
  readonly error: ApiError;
}

export function apiFault(status: number, code: ApiError['code'], message: string): ApiFault {
  return { status, error: { code, message, position: null, length: null } };
}

/** Null for what is no fault of the question. */
export function faultOf(error: unknown): ApiFault | null {
  if (error instanceof FilterError) {
    const { code, message, position, length } = error;
    return { status: 400, error: { code, message, position, length } };
  }
  if (error instanceof LibraryRuleError) return apiFault(400, 'syntax', error.message);
  if (error instanceof ViewError) {
    return apiFault(error.code === 'cannotAnswer' ? 422 : 400, error.code, error.message);
  }
  return null;
}
