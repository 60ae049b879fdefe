/** Wrong usage that only shows once the parameters are looked at: one line for standard error, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
