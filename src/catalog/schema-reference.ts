// Columns of tables that leave them to a schema of the registry.
import type { Column, SchemaReference, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';

/** The columns of the schema version that is referred to. @throws AwsError EntityNotFoundException, InvalidInputException */
export type ColumnsOf = (reference: SchemaReference) => Column[];

/**
 * @throws AwsError when the descriptor leaves its columns to a schema that cannot give any, or has columns beside it: in AWS's
 *   words (seen in hashicorp/terraform-provider-aws#19739)
 */
export function requireSchema(descriptor: StorageDescriptor | undefined, columnsOf: ColumnsOf): void {
  if (descriptor?.SchemaReference && descriptor.Columns?.length) {
    throw new AwsError(
      'InvalidInputException',
      'Both SchemaReference and Columns are populated, only one of them should be populated.',
    );
  }
  const reference = referenceOf(descriptor);
  if (reference) columnsOf(reference);
}

/**
 * A table's document with the columns that its schema has now: without a version number, the latest one's. A schema that
 * is gone leaves the table without columns, for a table outlives its schema.
 */
export function withSchemaColumns(document: string, columnsOf: ColumnsOf): string {
  if (!document.includes('"SchemaReference"')) return document;
  const table = JSON.parse(document) as Table;
  const reference = referenceOf(table.StorageDescriptor);
  if (!reference) return document;
  try {
    const StorageDescriptor = { ...table.StorageDescriptor, Columns: columnsOf(reference) };
    return JSON.stringify({ ...table, StorageDescriptor });
  } catch (error) {
    if (error instanceof AwsError) return document;
    throw error;
  }
}

function referenceOf(descriptor: StorageDescriptor | undefined): SchemaReference | undefined {
  return descriptor?.Columns?.length ? undefined : descriptor?.SchemaReference;
}
