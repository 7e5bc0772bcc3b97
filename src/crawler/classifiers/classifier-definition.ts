// A custom classifier: its definition as it is kept, and what it makes of files.
import type {
  CreateClassifierRequest,
  CsvClassifier,
  GrokClassifier,
  JsonClassifier,
  UpdateClassifierRequest,
  XMLClassifier,
} from '@aws-sdk/client-glue';
import type { Classifier } from '../../tabular/classifier.js';
import { csvClassifierOf } from '../../tabular/csv.js';
import { grokClassifier } from '../../tabular/grok-classifier.js';
import { primitive, type HiveType } from '../../tabular/hive-type.js';
import { jsonPathClassifier } from '../../tabular/json-path-classifier.js';
import { xmlClassifier } from '../../tabular/xml.js';
import { AwsError } from '../../wire/aws-error.js';

const KINDS = ['GrokClassifier', 'XMLClassifier', 'JsonClassifier', 'CsvClassifier'] as const;
export type ClassifierKind = (typeof KINDS)[number];

/** One kind's own members, without those that the table adds: CreationTime, LastUpdated, Version. */
export interface ClassifierRecord {
  kind: ClassifierKind;
  name: string;
  members: Record<string, unknown>;
}

/** AWS docs: CsvClassifier, CustomDatatypes. How wide a DECIMAL is, is a guess: Hive's own default. */
const DATATYPES: Readonly<Record<string, string>> = {
  BINARY: 'binary',
  BOOLEAN: 'boolean',
  DATE: 'date',
  DECIMAL: 'decimal(10,0)',
  DOUBLE: 'double',
  FLOAT: 'float',
  INT: 'int',
  LONG: 'bigint',
  SHORT: 'smallint',
  STRING: 'string',
  TIMESTAMP: 'timestamp',
};

/** @throws AwsError InvalidInputException unless exactly one kind is given */
export function readClassifierInput(
  input: CreateClassifierRequest | UpdateClassifierRequest,
): ClassifierRecord {
  const given = KINDS.filter((kind) => input[kind] !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    throw invalid(
      `Exactly one of ${KINDS.join(', ')} must be given, not ${given.length === 0 ? 'none' : given.join(' and ')}.`,
    );
  }
  const { Name, ...members } = withoutUndefined(input[kind] as unknown as Record<string, unknown>);
  return { kind, name: Name as string, members };
}

/** What a classifier has that its definition leaves out. Source: AWS docs, CsvClassifier. */
export function withDefaults(record: ClassifierRecord): ClassifierRecord {
  if (record.kind !== 'CsvClassifier') return record;
  return {
    ...record,
    members: {
      ContainsHeader: 'UNKNOWN',
      DisableValueTrimming: true,
      AllowSingleColumn: false,
      ...record.members,
    },
  };
}

/** @throws AwsError InvalidInputException that says what of the definition cannot be used */
export function buildClassifier({ kind, name, members }: ClassifierRecord): Classifier {
  const definition = members as unknown as GrokClassifier & XMLClassifier & JsonClassifier & CsvClassifier;
  try {
    switch (kind) {
      case 'GrokClassifier':
        return grokClassifier({
          classification: definition.Classification as string,
          grokPattern: definition.GrokPattern as string,
          customPatterns: definition.CustomPatterns,
        });
      case 'XMLClassifier':
        return xmlClassifier({
          classification: definition.Classification as string,
          rowTag: definition.RowTag,
        });
      case 'JsonClassifier':
        return jsonPathClassifier(definition.JsonPath as string);
      case 'CsvClassifier':
        return buildCsvClassifier(definition);
    }
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError(
      'InvalidInputException',
      `${kind} ${name} cannot be used: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

function buildCsvClassifier(definition: CsvClassifier): Classifier {
  const { Delimiter, QuoteSymbol, ContainsHeader, Header, CustomDatatypes, Serde } = definition;
  if (QuoteSymbol !== undefined && QuoteSymbol === (Delimiter ?? ',')) {
    throw new Error(`its QuoteSymbol and its Delimiter are both ${JSON.stringify(QuoteSymbol)}`);
  }
  const types =
    definition.CustomDatatypeConfigured === true ? (CustomDatatypes ?? []).map(customType) : undefined;
  if (types && Header && Header.length !== types.length) {
    throw new Error(`it has ${Header.length} names in Header and ${types.length} CustomDatatypes`);
  }
  return csvClassifierOf({
    delimiter: Delimiter,
    quoteSymbol: QuoteSymbol,
    hasHeader: ContainsHeader === 'PRESENT' ? true : ContainsHeader === 'ABSENT' ? false : undefined,
    names: Header && Header.length > 0 ? Header : undefined,
    areValuesTrimmed: definition.DisableValueTrimming === false,
    allowsSingleColumn: definition.AllowSingleColumn,
    serde: Serde === 'None' ? undefined : Serde,
    types,
  });
}

function customType(word: string): HiveType {
  const name = DATATYPES[word.toUpperCase()];
  if (name === undefined) {
    throw new Error(`${word} is none of the CustomDatatypes ${Object.keys(DATATYPES).join(', ')}`);
  }
  return primitive(name);
}

function withoutUndefined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}
