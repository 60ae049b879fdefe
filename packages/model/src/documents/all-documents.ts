/** Every document that has a schema of its own, for the build that writes them and the tests that check by them. */
import type { TSchema } from 'typebox';

import { AnalysisDocument, AnalysisListDocument } from './analysis.js';

export const ALL_DOCUMENTS: readonly (TSchema & { readonly $id?: string })[] = [AnalysisDocument, AnalysisListDocument];
