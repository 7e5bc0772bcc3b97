// What the schema registry offers: registries, schemas, their versions and metadata, and the columns that tables take from there.
import type {
  Column,
  Compatibility,
  CreateSchemaResponse,
  DataFormat,
  RegistryId,
  SchemaId,
  SchemaReference,
  SchemaVersionErrorItem,
  SchemaVersionNumber,
} from '@aws-sdk/client-glue';
import type { Page, PageOptions } from '../catalog.js';
import type { Registries, Registry } from './registry.js';
import type { Schema } from './schema.js';
import type { SchemaVersionRow } from './schema-version.js';
import type { VersionMetadata } from './version-metadata.js';

/** How callers name a version: by its id alone, or by its schema and number. */
export interface VersionReference {
  SchemaId?: SchemaId | undefined;
  SchemaVersionId?: string | undefined;
  SchemaVersionNumber?: SchemaVersionNumber | undefined;
}

/** A version with what it is a version of. */
export interface SchemaVersion {
  schemaArn: string;
  dataFormat: DataFormat;
  row: SchemaVersionRow;
}

export interface NewSchemaInput {
  RegistryId?: RegistryId | undefined;
  SchemaName: string;
  DataFormat: DataFormat;
  Compatibility?: Compatibility | undefined;
  Description?: string | undefined;
  Tags?: Record<string, string> | undefined;
  SchemaDefinition?: string | undefined;
}

/** What cannot be found throws EntityNotFoundException, what cannot be read InvalidInputException, each an AwsError. */
export interface SchemaRegistry {
  registries: Omit<Registries, 'delete' | 'nameForSchema' | 'requireName' | 'arn'>;
  /** With all its schemas. */
  deleteRegistry(id: RegistryId): Registry;

  createSchema(input: NewSchemaInput): CreateSchemaResponse;
  getSchema(id: SchemaId): Schema;
  listSchemas(registry: RegistryId | undefined, options: PageOptions): Page<Schema>;
  updateSchema(
    id: SchemaId,
    changes: {
      Compatibility?: Compatibility | undefined;
      SchemaVersionNumber?: SchemaVersionNumber | undefined;
      Description?: string | undefined;
    },
  ): Schema;
  /** With all its versions. */
  deleteSchema(id: SchemaId): Schema;

  /** The version that has this definition already, or a new one: FAILURE when it is not compatible. */
  registerVersion(id: SchemaId, definition: string): SchemaVersionRow;
  getVersion(reference: VersionReference): SchemaVersion;
  getVersionByDefinition(id: SchemaId, definition: string): SchemaVersion;
  listVersions(id: SchemaId, options: PageOptions): { schemaArn: string; page: Page<SchemaVersionRow> };
  deleteVersions(id: SchemaId, range: string): SchemaVersionErrorItem[];
  /** A JSON Patch from the first to the second. */
  diffVersions(id: SchemaId, first: SchemaVersionNumber, second: SchemaVersionNumber): string;
  /** Why the text is no definition in this format; undefined when it is one. */
  definitionError(dataFormat: DataFormat, definition: string): string | undefined;

  metadata: VersionMetadata;

  /**
   * The columns of the version that a table's StorageDescriptor refers to; without a number the last available one.
   * @throws AwsError EntityNotFoundException, InvalidInputException
   */
  resolveSchemaReference(reference: SchemaReference): Column[];
}
