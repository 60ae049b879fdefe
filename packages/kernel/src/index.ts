export * from './capture-reader.js';
export { KernelError, type KernelErrorCode } from './error.js';
export { NEWEST_VERSION, OLDEST_VERSION, pythonVersionOf, type CaptureHeader } from './header.js';
export type * from './raw-tables.js';
