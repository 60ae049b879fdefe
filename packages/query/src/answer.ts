/**
 * What a thread hands back: the bytes of an answer, ready to be sent, as JSON or as columns and a head: one Arrow IPC
 * stream, the head as JSON in the metadata of its schema. Arrow takes 300 ms to load: only threads that answer do, on
 * their first answer or when they make themselves ready.
 */
import { markRounded } from '@memscope/model';
import type * as Arrow from 'apache-arrow';
import type { ApiFault } from './api-fault.js';

export interface Answer {
  readonly status: number;
  readonly type: 'application/json; charset=utf-8' | 'application/vnd.apache.arrow.stream';
  /** Transferred to whoever gets it. */
  readonly body: Uint8Array<ArrayBuffer>;
}

export function jsonAnswer(value: object, status = 200): Answer {
  return {
    status,
    type: 'application/json; charset=utf-8',
    body: new TextEncoder().encode(JSON.stringify(markRounded(value))),
  };
}

export function faultAnswer({ status, error }: ApiFault): Answer {
  return jsonAnswer({ error }, status);
}

export type Columns = Readonly<Record<string, Float64Array | Uint32Array>>;

/** All columns have the same length. */
export async function arrowAnswer(columns: Columns, head: object): Promise<Answer> {
  const arrow = await loadArrow();
  const data = Object.entries(columns).map(([name, values]) => {
    const { data: chunks } = arrow.makeVector(values);
    return { field: new arrow.Field(name, chunks[0]!.type, false), chunk: chunks[0]! };
  });
  const schema = new arrow.Schema(
    data.map(({ field }) => field),
    new Map([['head', JSON.stringify(markRounded(head, columns))]]),
  );
  const length = Object.values(columns)[0]?.length ?? 0;
  const rows = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length,
    nullCount: 0,
    children: data.map(({ chunk }) => chunk),
  });
  const bytes = arrow.tableToIPC(new arrow.Table(schema, new arrow.RecordBatch(schema, rows)), 'stream');
  return { status: 200, type: 'application/vnd.apache.arrow.stream', body: new Uint8Array(bytes) };
}

let arrow: Promise<typeof Arrow> | null = null;

export function loadArrow(): Promise<typeof Arrow> {
  return (arrow ??= import('apache-arrow'));
}
