// What a file format brings: a test whether a file is of it, which is at once the reading of its schema.
import type { FileHead } from './file-head.js';
import type { FileSchema } from './file-schema.js';

export interface Classifier {
  /** The `classification` that a table of this format gets. */
  classification: string;
  /** The schema of a file of this format; of any other, why it is not one. */
  classify(head: FileHead): FileSchema | NotThisFormat;
}

export interface NotThisFormat {
  /** Completes "not json: ...". */
  notBecause: string;
  /** It is meant to be of this format, and broken. */
  isDamaged?: boolean;
}

export const isSchema = (outcome: FileSchema | NotThisFormat): outcome is FileSchema =>
  'classification' in outcome;
