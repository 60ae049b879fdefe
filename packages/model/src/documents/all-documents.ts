/** Every document that has a schema of its own, for the build that writes them and the tests that check by them. */
import type { TSchema } from 'typebox';

import { AnalysisDocument, AnalysisListDocument } from './analysis.js';
import { CalleesDocument, CallersDocument, ListedNode, TreeDocument } from './call-trees.js';
import { ListDocument } from './list.js';
import { SelectionPart } from './selection.js';
import { SymbolsDocument } from './symbols.js';

export const ALL_DOCUMENTS: readonly (TSchema & { readonly $id?: string })[] = [
  AnalysisDocument,
  AnalysisListDocument,
  SelectionPart,
  ListedNode,
  TreeDocument,
  CallersDocument,
  CalleesDocument,
  ListDocument,
  SymbolsDocument,
];
