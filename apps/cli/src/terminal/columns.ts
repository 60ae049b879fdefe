/**
 * How wide lines may be: what COLUMNS says, as git and Python take it, else what the terminal has, else 80 columns, so
 * that what is piped does not change with the window that it was piped from.
 */

const USUAL_COLUMNS = 80;
const COUNT = /^[1-9]\d{0,3}$/;

export function columnsOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): number {
  const asked = env['COLUMNS'] ?? '';
  if (COUNT.test(asked)) return Number(asked);
  return (stream.isTTY === true && stream.columns) || USUAL_COLUMNS;
}
