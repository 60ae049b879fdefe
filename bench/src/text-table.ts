/** Rows of cells to aligned lines of plain text: the first column to the left, numbers to the right, words to the left. */

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

const INDENT = '  ';
const GAP = '  ';

export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, place) => Math.max(...lines.map((cells) => (cells[place] ?? '').length)));
  return lines.map((cells) => {
    const padded = columns.map(({ align }, place) => {
      const cell = cells[place] ?? '';
      return align === 'left' ? cell.padEnd(widths[place]!) : cell.padStart(widths[place]!);
    });
    return `${INDENT}${padded.join(GAP)}`.trimEnd();
  });
}
