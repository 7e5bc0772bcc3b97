// One look at one file: which format it is of, and the schema that follows.
import { avroClassifier } from './avro.js';
import { isSchema, type Classifier } from './classifier.js';
import { csvClassifier } from './csv.js';
import { withFileHead, type FileHead, type TableFile } from './file-head.js';
import type { FileSchema } from './file-schema.js';
import { jsonClassifier } from './json.js';
import { LOG_CLASSIFIERS } from './log-classifiers.js';
import { orcClassifier } from './orc.js';
import { parquetClassifier } from './parquet.js';
import { isUnpackable } from './unpack-head.js';
import { bsonClassifier, ionClassifier } from './unread-formats.js';
import { builtInXmlClassifier } from './xml.js';

/** The formats of AWS's built-in classifiers that are known, in AWS's order (AWS docs: built-in classifiers). */
export const BUILT_IN_CLASSIFIERS: readonly Classifier[] = [
  avroClassifier,
  orcClassifier,
  parquetClassifier,
  jsonClassifier,
  bsonClassifier,
  builtInXmlClassifier,
  ionClassifier,
  ...LOG_CLASSIFIERS,
  csvClassifier,
];

export interface ClassifyOptions {
  /** Asked in turn; the first that knows the file decides. */
  classifiers?: readonly Classifier[];
}

/**
 * The schema of one file, as AWS's crawler infers it from the first 1,000 records or 1,048,576 bytes. A file of no known
 * format, an empty one and one whose compression is not read are `UNKNOWN`, without columns, and `reasons` tells why. Throws
 * an Error that names the file when it cannot be read.
 */
export function classifyFile(file: TableFile, options: ClassifyOptions = {}): FileSchema {
  const { classifiers = BUILT_IN_CLASSIFIERS } = options;
  if (file.size === 0) return unknown(0, 'none', ['The file is empty, so it has no schema.']);
  return withFileHead(file, (head) => classifyHead(head, classifiers));
}

function classifyHead(head: FileHead, classifiers: readonly Classifier[]): FileSchema {
  const { compressionType } = head;
  if (!isUnpackable(compressionType)) {
    return unknown(head.sizeBytes, compressionType, [`Its ${compressionType} compression is not read.`]);
  }
  const compressionDamage = compressionType === 'none' ? undefined : head.text().damage;
  if (compressionDamage !== undefined && head.text().bytes.length === 0) {
    return unknown(head.sizeBytes, compressionType, [], compressionDamage);
  }

  let damage = compressionDamage;
  const reasons: string[] = [];
  for (const classifier of classifiers) {
    const outcome = classifier.classify(head);
    if (isSchema(outcome)) return withDamage(outcome, compressionDamage ?? outcome.damage);
    damage ??= outcome.isDamaged ? `as ${classifier.classification}, ${outcome.notBecause}` : undefined;
    reasons.push(`Not ${classifier.classification}: ${outcome.notBecause}.`);
  }
  return unknown(head.sizeBytes, compressionType, reasons, damage);
}

function withDamage(schema: FileSchema, damage: string | undefined): FileSchema {
  if (damage === undefined) return schema;
  return { ...schema, damage, reasons: [...schema.reasons, `Damaged: ${damage}.`] };
}

function unknown(sizeKey: number, compressionType: string, reasons: string[], damage?: string): FileSchema {
  const schema = {
    classification: 'UNKNOWN',
    compressionType,
    columns: [],
    recordCount: 0,
    averageRecordSize: 0,
    sizeKey,
    format: undefined,
    serdeParameters: {},
    formatParameters: {},
    compatibilityKey: `UNKNOWN|${compressionType}`,
    sourceNames: [],
    reasons,
  };
  return withDamage(schema, damage);
}
