// Glue's operations on the schema registry.
import type { SchemaId, SchemaVersionNumber } from '@aws-sdk/client-glue';
import type { SchemaRegistry } from '../../catalog/schema-registry/schema-registry.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: lists answer with 25 unless told otherwise, and at most so many. */
const PAGE_DEFAULT = 25;
const PAGE_MAX = 100;
const METADATA_PAGE_MAX = 50;

interface PageInput {
  NextToken?: string | undefined;
  MaxResults?: number | undefined;
}

const page = (operation: string, { NextToken, MaxResults = PAGE_DEFAULT }: PageInput, countMax = PAGE_MAX) =>
  pageOptions(operation, { NextToken, MaxResults }, countMax);

export function schemaRegistryOperations({ schemaRegistry }: { schemaRegistry: SchemaRegistry }) {
  const { registries, metadata } = schemaRegistry;
  return {
    CreateRegistry({ RegistryName, Description, Tags }) {
      const { RegistryArn } = registries.create(RegistryName, Description, Tags);
      return {
        RegistryArn,
        RegistryName,
        ...(Description === undefined ? {} : { Description }),
        ...(Tags === undefined ? {} : { Tags }),
      };
    },
    GetRegistry: ({ RegistryId }) => registries.get(RegistryId),
    ListRegistries(input) {
      const found = registries.list(page('ListRegistries', input));
      return { Registries: found.items, ...nextToken('ListRegistries', found) };
    },
    UpdateRegistry({ RegistryId, Description }) {
      const { RegistryName, RegistryArn } = registries.update(RegistryId, Description);
      return { RegistryName, RegistryArn };
    },
    DeleteRegistry({ RegistryId }) {
      const { RegistryName, RegistryArn } = schemaRegistry.deleteRegistry(RegistryId);
      return { RegistryName, RegistryArn, Status: 'DELETING' };
    },

    CreateSchema: (input) => schemaRegistry.createSchema(input),
    GetSchema: ({ SchemaId }) => schemaRegistry.getSchema(SchemaId),
    ListSchemas(input) {
      const found = schemaRegistry.listSchemas(input.RegistryId, page('ListSchemas', input));
      return {
        Schemas: found.items.map((schema) => ({
          RegistryName: schema.RegistryName,
          SchemaName: schema.SchemaName,
          SchemaArn: schema.SchemaArn,
          ...(schema.Description === undefined ? {} : { Description: schema.Description }),
          SchemaStatus: schema.SchemaStatus,
          CreatedTime: schema.CreatedTime,
          UpdatedTime: schema.UpdatedTime,
        })),
        ...nextToken('ListSchemas', found),
      };
    },
    UpdateSchema({ SchemaId, ...changes }) {
      const { SchemaArn, SchemaName, RegistryName } = schemaRegistry.updateSchema(SchemaId, changes);
      return { SchemaArn, SchemaName, RegistryName };
    },
    DeleteSchema({ SchemaId }) {
      const { SchemaArn, SchemaName } = schemaRegistry.deleteSchema(SchemaId);
      return { SchemaArn, SchemaName, Status: 'DELETING' };
    },

    RegisterSchemaVersion({ SchemaId, SchemaDefinition }) {
      const { version_id, number, status } = schemaRegistry.registerVersion(SchemaId, SchemaDefinition);
      return { SchemaVersionId: version_id, VersionNumber: number, Status: status };
    },
    GetSchemaVersion(input) {
      const { schemaArn, dataFormat, row } = schemaRegistry.getVersion(input);
      return {
        SchemaVersionId: row.version_id,
        SchemaDefinition: row.definition,
        DataFormat: dataFormat,
        SchemaArn: schemaArn,
        VersionNumber: row.number,
        Status: row.status,
        CreatedTime: timeOf(row.created_ms),
      };
    },
    GetSchemaByDefinition({ SchemaId, SchemaDefinition }) {
      const { schemaArn, dataFormat, row } = schemaRegistry.getVersionByDefinition(
        SchemaId,
        SchemaDefinition,
      );
      return {
        SchemaVersionId: row.version_id,
        SchemaArn: schemaArn,
        DataFormat: dataFormat,
        Status: row.status,
        CreatedTime: timeOf(row.created_ms),
      };
    },
    ListSchemaVersions(input) {
      const { schemaArn, page: found } = schemaRegistry.listVersions(
        input.SchemaId,
        page('ListSchemaVersions', input),
      );
      return {
        Schemas: found.items.map((row) => ({
          SchemaArn: schemaArn,
          SchemaVersionId: row.version_id,
          VersionNumber: row.number,
          Status: row.status,
          CreatedTime: timeOf(row.created_ms),
        })),
        ...nextToken('ListSchemaVersions', found),
      };
    },
    DeleteSchemaVersions: ({ SchemaId, Versions }) => ({
      SchemaVersionErrors: schemaRegistry.deleteVersions(SchemaId, Versions),
    }),
    CheckSchemaVersionValidity({ DataFormat, SchemaDefinition }) {
      const error = schemaRegistry.definitionError(DataFormat, SchemaDefinition);
      return error === undefined
        ? { Valid: true }
        : { Valid: false, Error: error.slice(0, ERROR_LENGTH_MAX) };
    },
    GetSchemaVersionsDiff: ({ SchemaId, FirstSchemaVersionNumber, SecondSchemaVersionNumber }) => ({
      Diff: schemaRegistry.diffVersions(SchemaId, FirstSchemaVersionNumber, SecondSchemaVersionNumber),
    }),

    PutSchemaVersionMetadata({ MetadataKeyValue, ...reference }) {
      const { version_id } = schemaRegistry.getVersion(reference).row;
      metadata.put(version_id, MetadataKeyValue);
      return { ...echoOf(reference), SchemaVersionId: version_id, ...MetadataKeyValue };
    },
    RemoveSchemaVersionMetadata({ MetadataKeyValue, ...reference }) {
      const { version_id } = schemaRegistry.getVersion(reference).row;
      metadata.remove(version_id, MetadataKeyValue);
      return { ...echoOf(reference), SchemaVersionId: version_id, ...MetadataKeyValue };
    },
    QuerySchemaVersionMetadata({ MetadataList = [], NextToken, MaxResults, ...reference }) {
      const { version_id } = schemaRegistry.getVersion(reference).row;
      const found = metadata.query(
        version_id,
        MetadataList,
        page('QuerySchemaVersionMetadata', { NextToken, MaxResults }, METADATA_PAGE_MAX),
      );
      return {
        MetadataInfoMap: Object.fromEntries(found.items.map(({ key, info }) => [key, info])),
        SchemaVersionId: version_id,
        ...nextToken('QuerySchemaVersionMetadata', found),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

/** AWS's model: longest `Error` of CheckSchemaVersionValidity. */
const ERROR_LENGTH_MAX = 5000;

const timeOf = (ms: number) => new Date(ms).toISOString();

// Seen: what the caller named the version by, and the zeros of what it did not give.
function echoOf(reference: {
  SchemaId?: SchemaId | undefined;
  SchemaVersionNumber?: SchemaVersionNumber | undefined;
}) {
  const { LatestVersion = false, VersionNumber = 0 } = reference.SchemaVersionNumber ?? {};
  return { ...reference.SchemaId, LatestVersion, VersionNumber };
}
