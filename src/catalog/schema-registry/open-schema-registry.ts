// Opens the schema registry over the state: its parts, and what needs several of them.
import type { DataFormat, SchemaVersionNumber } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';
import { columnsOfSchema } from './columns/columns-of-schema.js';
import { DefinitionError } from './definition/definition-error.js';
import { parseDefinition } from './definition/schema-definition.js';
import { describeSchema, invalid } from './identity.js';
import { openRegistries } from './registry.js';
import type { RegistryContext } from './registry-context.js';
import { schemaDiff } from './schema-diff.js';
import type { SchemaRegistry, SchemaVersion, VersionReference } from './schema-registry.js';
import { openSchemas, type SchemaRow } from './schema.js';
import { openSchemaVersions, type SchemaVersionRow } from './schema-version.js';
import { openVersionMetadata } from './version-metadata.js';

export function openSchemaRegistry(
  state: RegistryContext['state'],
  settings: Omit<RegistryContext, 'state'>,
): SchemaRegistry {
  const context: RegistryContext = { state, ...settings };
  const { tags } = context;
  const registries = openRegistries(context);
  const schemas = openSchemas(context, registries);
  const versions = openSchemaVersions(context, schemas);
  const metadata = openVersionMetadata(context);

  tags.registerKind('registry', (name) => exists(() => registries.get({ RegistryName: name })));
  tags.registerKind('schema', (path) => {
    const [RegistryName, SchemaName, ...others] = path.split('/');
    return (
      others.length === 0 &&
      RegistryName !== undefined &&
      SchemaName !== undefined &&
      exists(() => schemas.require({ RegistryName, SchemaName }))
    );
  });

  const versionOf = (schema: SchemaRow, row: SchemaVersionRow): SchemaVersion => ({
    schemaArn: schemas.arn(schema),
    dataFormat: schema.data_format,
    row,
  });

  const removeSchema = (row: SchemaRow) => {
    versions.deleteAll(row);
    schemas.delete(row);
  };

  const getVersion = ({
    SchemaId,
    SchemaVersionId,
    SchemaVersionNumber,
  }: VersionReference): SchemaVersion => {
    if (SchemaVersionId === undefined) {
      const { key, row } = schemas.require(SchemaId);
      return versionOf(row, versions.require(key, row, SchemaVersionNumber));
    }
    if (SchemaId !== undefined || SchemaVersionNumber !== undefined) {
      throw invalid('No other input parameters can be specified when fetching by SchemaVersionId.');
    }
    const found = versions.find(SchemaVersionId);
    if (!found) {
      throw new AwsError(
        'EntityNotFoundException',
        `Schema version is not found. SchemaVersionId: ${SchemaVersionId}`,
      );
    }
    return versionOf(found.schema, found.version);
  };

  return {
    registries,
    deleteRegistry: (id) =>
      state.transaction(() => {
        const { RegistryName } = registries.get(id);
        schemas.inRegistry(RegistryName).forEach(removeSchema);
        return registries.delete({ RegistryName });
      }),

    createSchema: (input) =>
      state.transaction(() => {
        const { SchemaName, DataFormat, Compatibility, Description, Tags, SchemaDefinition } = input;
        // AWS's model has both optional, and AWS refuses without either (seen).
        if (Compatibility === undefined) throw invalid('Compatibility is not valid.');
        if (SchemaDefinition === undefined) {
          throw invalid(
            'The resource name contains too many or too few characters. Parameter Name: schemaDefinition',
          );
        }
        const created = schemas.create({
          registry: registries.nameForSchema(input.RegistryId),
          name: SchemaName,
          dataFormat: DataFormat,
          compatibility: Compatibility,
          ...(Description === undefined ? {} : { description: Description }),
          ...(Tags === undefined ? {} : { tags: Tags }),
        });
        const version = readable(DataFormat, () => versions.add(created, SchemaDefinition));
        return {
          ...schemas.describe({ ...created, next_number: version.number + 1 }),
          ...(Tags === undefined ? {} : { Tags }),
          SchemaVersionId: version.version_id,
          SchemaVersionStatus: version.status,
        };
      }),

    getSchema: (id) => schemas.answerOf(schemas.require(id).row),

    listSchemas: (registry, options) =>
      schemas.list(registry && registries.get(registry).RegistryName, options),

    updateSchema: (id, { Compatibility, SchemaVersionNumber, Description }) =>
      state.transaction(() => {
        const { key, row } = schemas.require(id);
        if (SchemaVersionNumber === undefined && (Compatibility !== undefined || Description === undefined)) {
          throw invalid('Schema version checkpoint is missing.');
        }
        const checkpoint = SchemaVersionNumber && versions.require(key, row, SchemaVersionNumber);
        if (checkpoint && checkpoint.status !== 'AVAILABLE') {
          throw invalid(
            `Version ${checkpoint.number} cannot be the checkpoint: its status is ${checkpoint.status}, not AVAILABLE.`,
          );
        }
        schemas.update(row.id, {
          ...(Compatibility === undefined ? {} : { compatibility: Compatibility }),
          ...(Description === undefined ? {} : { description: Description }),
          ...(checkpoint === undefined ? {} : { checkpoint: checkpoint.number }),
        });
        return schemas.answerOf(schemas.require(id).row);
      }),

    deleteSchema: (id) =>
      state.transaction(() => {
        const { row } = schemas.require(id);
        removeSchema(row);
        return schemas.answerOf(row);
      }),

    registerVersion: (id, definition) =>
      state.transaction(() => {
        const { key, row } = schemas.require(id);
        if (row.compatibility === 'DISABLED') {
          const { SchemaArn = null, SchemaName = null, RegistryName = null } = key.given;
          throw invalid(
            'Compatibility DISABLED does not allow versioning. SchemaId: ' +
              `SchemaId(schemaArn=${SchemaArn}, schemaName=${SchemaName}, registryName=${RegistryName})`,
          );
        }
        return readable(
          row.data_format,
          () => versions.findByDefinition(row, definition) ?? versions.add(row, definition),
        );
      }),

    getVersion,

    getVersionByDefinition(id, definition) {
      const { key, row } = schemas.require(id);
      const version = readable(row.data_format, () => versions.findByDefinition(row, definition));
      if (version) return versionOf(row, version);
      // AWS's client libraries look for the first sentence before they register the definition themselves.
      throw new AwsError('EntityNotFoundException', `Schema version is not found. ${describeSchema(key)}`);
    },

    listVersions(id, options) {
      const { row } = schemas.require(id);
      return { schemaArn: schemas.arn(row), page: versions.list(row, options) };
    },

    deleteVersions: (id, range) => state.transaction(() => versions.delete(schemas.require(id).row, range)),

    diffVersions(id, first, second) {
      const { key, row } = schemas.require(id);
      const definition = (number: SchemaVersionNumber) => versions.require(key, row, number).definition;
      return schemaDiff(row.data_format, definition(first), definition(second));
    },

    definitionError(dataFormat, definition) {
      try {
        parseDefinition(dataFormat, definition);
        return undefined;
      } catch (error) {
        if (error instanceof DefinitionError) return error.message;
        throw error;
      }
    },

    metadata,

    resolveSchemaReference({ SchemaId, SchemaVersionId, SchemaVersionNumber }) {
      const { dataFormat, row } = getVersion(
        SchemaVersionId === undefined
          ? {
              SchemaId,
              SchemaVersionNumber:
                SchemaVersionNumber === undefined
                  ? { LatestVersion: true }
                  : { VersionNumber: SchemaVersionNumber },
            }
          : { SchemaVersionId },
      );
      return readable(dataFormat, () => columnsOfSchema(dataFormat, row.definition));
    },
  };
}

function exists(get: () => unknown): boolean {
  try {
    get();
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.name === 'EntityNotFoundException') return false;
    throw error;
  }
}

// What a definition fails with, in AWS's words.
function readable<T>(dataFormat: DataFormat, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new AwsError(
      'InvalidInputException',
      `Schema definition of ${dataFormat} data format is invalid: ${error.message}`,
      { cause: error },
    );
  }
}
