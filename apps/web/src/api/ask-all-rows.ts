/** A question for a page of rows → all rows, however many, in as few pages as the server gives. */

/** The most that the server gives at once. */
const PAGE_ROWS = 2_000;
/** Beyond it no spreadsheet opens the file. */
const MOST_ROWS = 1_000_000;

interface RowsPage<Row> {
  readonly rowCount: number;
  readonly rows: readonly Row[];
}

/**
 * Ends with the last row there is, as a report may hold fewer than it counts. Rejects as `askPage` does, and with a
 * `RangeError` beyond `MOST_ROWS`.
 */
export async function askAllRows<Row>(
  askPage: (offset: number, limit: number) => Promise<RowsPage<Row>>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const { rowCount, rows } = await askPage(all.length, PAGE_ROWS);
    if (rowCount > MOST_ROWS) throw new RangeError('too many rows');
    for (const row of rows) all.push(row);
    if (rows.length === 0 || all.length >= rowCount) return all;
  }
}
