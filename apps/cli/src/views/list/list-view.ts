/** `memscope list`: the lines of functions with what was allocated in each, and their source where it is at hand. */
import { formatIsoTime, originOf, type CsvTable, type ListDocument } from '@memscope/model';
import { selectionPart, weighLines, type OpenRun } from '@memscope/query';

import { memscopeVersion } from '../../beside-program.js';
import { findSources } from '../../reading/find-sources.js';
import { chooseFunctions, documentChosen, readFunction } from '../choose-functions.js';
import type { View } from '../run-view.js';
import { viewOf } from '../selection-request.js';
import type { ViewFlags } from '../view-options.js';
import { annotate, type AnnotatedLine } from './annotated-function.js';
import { drawList, type ListAnswer } from './list-lines.js';

const DEFAULT_COUNT = 5;
/** Functions whose source is looked for: a hostile capture must not make a document of any size. */
const MOST_SOURCES = 100;
/** UTF-16 units of a line that programs get. */
const LONGEST_TEXT = 1_000;

export interface ListFlags extends ViewFlags {
  /** Folders in which sources may be read. */
  readonly source: readonly string[];
}

/** Throws `UsageError`. */
export function listView(name: string, flags: ListFlags): View<ListAnswer> {
  const pattern = readFunction(name);
  const finder = findSources(flags.source);
  const view = viewOf(flags);
  return {
    defaultCount: DEFAULT_COUNT,
    tellsLines: true,
    ask(run: OpenRun): ListAnswer {
      const { profile } = run;
      const chosen = chooseFunctions(run, view, name, pattern);
      const selection = run.select(view);
      const lines = weighLines(run, view, chosen.functions);
      const recorded = profile.sourceLines();
      return {
        capturePath: profile.capture.path,
        startMs: originOf(profile.capture),
        selection,
        chosen,
        annotated(position) {
          const called = selection.groups.functions[chosen.functions[position]!]!;
          const found = position < MOST_SOURCES ? finder : null;
          return annotate(called.name, called.file, lines[position]!, found, recorded.get(called.file ?? ''));
        },
      };
    },
    lines: (answer, style) => drawList(answer, view, style),
    document: ({ capturePath, startMs, selection, chosen, annotated }, count): ListDocument => ({
      schema: 'memscope.list/1',
      memscopeVersion: memscopeVersion(),
      capture: { path: capturePath },
      selection: selectionPart(selection, view),
      pattern: name,
      functionCount: chosen.functions.length,
      functions: documentChosen(chosen, selection)
        .slice(0, count ?? undefined)
        .map((columns, position) => {
          const { source, definition, lines } = annotated(position);
          return {
            ...columns,
            source:
              typeof source === 'string'
                ? null
                : {
                    path: source.path,
                    modifiedTime: formatIsoTime(source.modifiedMs),
                    changedSinceStart: source.modifiedMs > startMs,
                    definitionLine: definition,
                  },
            missing: typeof source === 'string' ? source : null,
            lines: lines.map(describeLine),
          };
        }),
    }),
    table: (answer, count) => tabulate(answer, count),
  };
}

function describeLine({
  line,
  text,
  base,
  ...numbers
}: AnnotatedLine): ListDocument['functions'][number]['lines'][number] {
  return {
    line: line === 0 ? null : line,
    text: text?.slice(0, LONGEST_TEXT) ?? null,
    ...numbers,
    ...(base === null
      ? {}
      : {
          baseBytes: base.bytes,
          baseCount: base.count,
          baseSelfBytes: base.selfBytes,
          baseSelfCount: base.selfCount,
        }),
  };
}

function tabulate({ selection, chosen, annotated }: ListAnswer, count: number | null): CsvTable {
  const ofBase = ['base_self_bytes', 'base_self_count', 'base_bytes', 'base_count'];
  const isCompared = chosen.base !== null;
  return {
    columns: [
      'function',
      'file',
      'line',
      'self_bytes',
      'self_count',
      'bytes',
      'count',
      ...(isCompared ? ofBase : []),
      'text',
    ],
    rows: documentChosen(chosen, selection)
      .slice(0, count ?? undefined)
      .flatMap((called, position) =>
        annotated(position).lines.map(({ line, text, selfBytes, selfCount, bytes, count: allocations, base }) => [
          called.function,
          called.file,
          line === 0 ? null : line,
          selfBytes,
          selfCount,
          bytes,
          allocations,
          ...(base === null ? [] : [base.selfBytes, base.selfCount, base.bytes, base.count]),
          text?.slice(0, LONGEST_TEXT) ?? null,
        ]),
      ),
  };
}
