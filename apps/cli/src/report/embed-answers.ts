/**
 * Answers of the server → the form in which a report holds them: labels as positions in one table, columns as lists of
 * numbers, what is not known as null.
 */
import type {
  BandsHead,
  EmbeddedAnswer,
  EmbeddedColumns,
  EmbeddedTree,
  FlameHead,
  LeaksPage,
  SandwichAnswer,
  SmallTree,
  TablePage,
  TimelineHead,
} from '@memscope/model';

import type { LabelTable } from './label-table.js';

export interface AnswerColumns<Head> {
  readonly columns: Readonly<Record<string, Float64Array | Uint32Array>>;
  readonly head: Head;
}

export function embedTimeline(answer: AnswerColumns<TimelineHead>): EmbeddedAnswer {
  return { timeline: embedColumns(answer) };
}

export function embedBands(answer: AnswerColumns<BandsHead>): EmbeddedAnswer {
  return { bands: embedColumns(answer) };
}

export function embedFlame({ head, columns }: AnswerColumns<FlameHead>, table: LabelTable): EmbeddedAnswer {
  const { labels, path: _, ...rest } = head;
  return {
    flame: embedColumns({ columns, head: { ...rest, labels: labels.map((label) => table.positionOf(label)) } }),
  };
}

export function embedTable(page: TablePage, table: LabelTable): EmbeddedAnswer {
  return { table: { ...page, rows: page.rows.map((row) => ({ ...row, label: table.positionOrNull(row.label) })) } };
}

export function embedLeaks(page: LeaksPage, table: LabelTable): EmbeddedAnswer {
  const rows = page.rows.map((row) => ({
    ...row,
    label: table.positionOrNull(row.label),
    innermost: table.positionOrNull(row.innermost),
    stack: row.stack.map((label) => table.positionOf(label)),
  }));
  return { leaks: { ...page, rows } };
}

export function embedSandwich(answer: SandwichAnswer, table: LabelTable): EmbeddedAnswer {
  const embed = (tree: SmallTree): EmbeddedTree => ({
    ...tree,
    label: tree.label.map((label) => table.positionOf(label)),
  });
  return {
    sandwich: {
      ...answer,
      function: table.positionOf(answer.function),
      callers: embed(answer.callers),
      callees: embed(answer.callees),
    },
  };
}

function embedColumns<Head>({ columns, head }: AnswerColumns<Head>): EmbeddedColumns<Head> {
  return {
    head,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
      ]),
    ),
  };
}
