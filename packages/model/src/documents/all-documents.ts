/** Every document that has a schema of its own, for the build that writes them and the tests that check by them. */
import type { Static, TSchema } from 'typebox';

import { AnalysisTogetherDocument } from './analysis-together.js';
import { AnalysisDocument, AnalysisListDocument } from './analysis.js';
import { ApiAnswers } from './api-answers.js';
import { BaselineDocument, BaselineTestsDocument } from './baseline.js';
import { CalleesDocument, CallersDocument, ListedNode, TreeDocument } from './call-trees.js';
import { CheckConfig } from './check-config.js';
import { CheckTestsDocument } from './check-tests.js';
import { CheckDocument } from './check.js';
import { FlameLabel } from './labels.js';
import { DiffDocument } from './diff.js';
import { LeaksDocument } from './leaks.js';
import { HistoryDocument } from './history.js';
import { ListDocument } from './list.js';
import { EmbeddedReport } from './report.js';
import { SelectionPart } from './selection.js';
import { SymbolsDocument } from './symbols.js';
import { TableDocument } from './table.js';
import { TimelineDocument } from './timeline.js';

export const ALL_DOCUMENTS = [
  AnalysisDocument,
  AnalysisListDocument,
  AnalysisTogetherDocument,
  SelectionPart,
  ListedNode,
  TreeDocument,
  CallersDocument,
  CalleesDocument,
  TableDocument,
  ListDocument,
  TimelineDocument,
  LeaksDocument,
  DiffDocument,
  CheckDocument,
  CheckTestsDocument,
  CheckConfig,
  BaselineDocument,
  BaselineTestsDocument,
  HistoryDocument,
  SymbolsDocument,
  FlameLabel,
  ApiAnswers,
  EmbeddedReport,
] as const satisfies readonly TSchema[];

/** `memscope.tree/1` and its like: what a document says it is in `schema`. */
export type DocumentName = Extract<Static<(typeof ALL_DOCUMENTS)[number]>, { schema: string }>['schema'];
