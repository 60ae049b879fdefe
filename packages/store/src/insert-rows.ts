/**
 * Rows → statements of SQL: fifty rows go into one where there are many, which halves the time. What a cell is bound as,
 * so that SQLite keeps it exactly.
 */
import type { Database, Statement } from 'better-sqlite3';

export type Cell = string | number | bigint | null;

const ROWS_PER_STATEMENT = 50;

/** In the place of a row's own number; SQLite counts faster than a number can be handed over. */
export const ID = 'NULL';

/**
 * Inserts `rows` rows. `values` are SQL, `?` for what `fill` writes, in their order, to the cells from `at` on. Where `ID`
 * comes first, a row's id is its number.
 */
export function insertRows(
  database: Database,
  table: string,
  values: readonly string[],
  rows: number,
  fill: (row: number, cells: Cell[], at: number) => void,
): void {
  const columns = values.filter((value) => value === '?').length;
  const prepare = (count: number, row: readonly string[]): Statement<Cell[]> =>
    database.prepare<Cell[]>(
      `INSERT INTO ${table} VALUES ${Array(count)
        .fill(`(${row.join(',')})`)
        .join(',')}`,
    );
  const insert = (statement: Statement<Cell[]>, count: number, from: number): void => {
    const cells = Array<Cell>(count * columns).fill(null);
    for (let i = 0; i < count; i++) fill(from + i, cells, i * columns);
    statement.run(...cells);
  };
  let row = 0;
  // SQLite goes on counting from the first row.
  if (values[0] === ID && rows > 0) insert(prepare(1, ['0', ...values.slice(1)]), 1, row++);
  if (rows - row >= ROWS_PER_STATEMENT) {
    const many = prepare(ROWS_PER_STATEMENT, values);
    for (; row + ROWS_PER_STATEMENT <= rows; row += ROWS_PER_STATEMENT) insert(many, ROWS_PER_STATEMENT, row);
  }
  const one = prepare(1, values);
  for (; row < rows; row++) insert(one, 1, row);
}

export function bound(columns: number): string[] {
  return Array<string>(columns).fill('?');
}

/** Numbers are bound as doubles, of which SQLite turns only those below 2^51 into integers by itself. */
export function exact(value: number | null): Cell {
  return value !== null && Math.abs(value) >= 2 ** 51 && Number.isInteger(value) ? BigInt(value) : value;
}

/** An unsigned 64-bit number as SQLite's signed one with the same bits. */
export function unsigned64(value: bigint): Cell {
  return value < 2n ** 51n ? Number(value) : BigInt.asIntN(64, value);
}

export function flag(value: boolean | null): Cell {
  return value === null ? null : value ? 1 : 0;
}

/** Columns of whole numbers as rows whose ids count from `first` on; null columns are null in each row. */
export function insertColumns(
  database: Database,
  table: string,
  first: number,
  rows: number,
  columns: readonly (Uint32Array | Float64Array | null)[],
): void {
  const known = columns.filter((column) => column !== null);
  const values = columns.map((column) => (column === null ? 'NULL' : '?'));
  insertRows(database, table, ['?', ...values], rows, (row, cells, at) => {
    cells[at] = first + row;
    for (const [index, column] of known.entries()) cells[at + 1 + index] = exact(column[row]!);
  });
}
