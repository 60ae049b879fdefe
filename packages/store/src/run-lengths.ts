/**
 * A column of small numbers ↔ text of its runs, `VALUE*ROWS` with commas between (`0*12,3*1,0*7`). Such a column stands
 * in `meta`; what is read is a stranger's, and counts only if its runs fill the column exactly.
 */

export function packRuns(column: Uint8Array): string {
  const runs: string[] = [];
  for (let start = 0, end = 0; start < column.length; start = end) {
    while (end < column.length && column[end] === column[start]) end++;
    runs.push(`${column[start]}*${end - start}`);
  }
  return runs.join(',');
}

/** `length` values below `limit`; null where the text is anything else. */
export function unpackRuns(text: string, length: number, limit: number): Uint8Array | null {
  const column = new Uint8Array(length);
  const run = /(\d{1,3})\*(\d{1,10})(,|$)/y;
  let row = 0;
  while (run.lastIndex < text.length) {
    const match = run.exec(text);
    if (match === null) return null;
    const value = Number(match[1]);
    const rows = Number(match[2]);
    if (value >= limit || rows === 0 || rows > length - row) return null;
    column.fill(value, row, row + rows);
    row += rows;
    if (match[3] === ',' && run.lastIndex === text.length) return null;
  }
  return row === length ? column : null;
}
