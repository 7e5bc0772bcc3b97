// Versions of a schema: stored with their definitions, numbered from 1, found by id, number or definition.
import { createHash } from 'node:crypto';
import type {
  DataFormat,
  SchemaVersionErrorItem,
  SchemaVersionNumber,
  SchemaVersionStatus,
} from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';
import type { Page, PageOptions } from '../catalog.js';
import { pageOf } from '../page.js';
import { isCompatible } from './compatibility/compatibility.js';
import {
  canonicalDefinition,
  parseDefinition,
  type SchemaDefinition,
} from './definition/schema-definition.js';
import { describeSchema, invalid, type SchemaKey } from './identity.js';
import type { RegistryContext } from './registry-context.js';
import type { SchemaRow, Schemas } from './schema.js';

/** AWS docs, quotas of the schema registry: of all schemas together. */
const VERSIONS_MAX = 10_000;
/** AWS's model: greatest number of a version. */
const NUMBER_MAX = 100_000;

/** A version as it is stored. */
export interface SchemaVersionRow {
  schema_id: number;
  number: number;
  version_id: string;
  status: SchemaVersionStatus;
  definition: string;
  created_ms: number;
}

export interface SchemaVersions {
  /** AVAILABLE, or FAILURE when it is not compatible. @throws AwsError ResourceNumberLimitExceededException; DefinitionError */
  add(schema: SchemaRow, definition: string): SchemaVersionRow;
  find(versionId: string): { schema: SchemaRow; version: SchemaVersionRow } | undefined;
  /** @throws DefinitionError */
  findByDefinition(schema: SchemaRow, definition: string): SchemaVersionRow | undefined;
  /** By number, or the last that is available. @throws AwsError EntityNotFoundException */
  require(key: SchemaKey, schema: SchemaRow, number: SchemaVersionNumber | undefined): SchemaVersionRow;
  /** Available ones first, each group newest first, as AWS lists them (seen in ListSchemaVersions answers). */
  list(schema: SchemaRow, options: PageOptions): Page<SchemaVersionRow>;
  /** `range`: `5` or `5-8`. @throws AwsError InvalidInputException when it includes the checkpoint or the first version */
  delete(schema: SchemaRow, range: string): SchemaVersionErrorItem[];
  deleteAll(schema: SchemaRow): void;
}

const COLUMNS = 'schema_id, number, version_id, status, definition, created_ms';

export function openSchemaVersions({ state, clock, ids }: RegistryContext, schemas: Schemas): SchemaVersions {
  const newestFirst = (schema: SchemaRow): Iterable<SchemaVersionRow> =>
    state
      .sql(
        `SELECT ${COLUMNS} FROM registry_schema_versions
         WHERE schema_id = ? AND status = 'AVAILABLE' AND number >= ? ORDER BY number DESC`,
      )
      .iterate(schema.id, schema.checkpoint) as unknown as Iterable<SchemaVersionRow>;

  const olderDefinitions = function* (schema: SchemaRow): Generator<SchemaDefinition> {
    for (const { definition } of newestFirst(schema)) yield parseDefinition(schema.data_format, definition);
  };

  const remove = (schema: SchemaRow, number: number): boolean => {
    const removed = state
      .sql('DELETE FROM registry_schema_versions WHERE schema_id = ? AND number = ? RETURNING version_id')
      .get(schema.id, number) as { version_id: string } | undefined;
    if (removed)
      state.sql('DELETE FROM registry_version_metadata WHERE version_id = ?').run(removed.version_id);
    return removed !== undefined;
  };

  return {
    add(schema, text) {
      const definition = parseDefinition(schema.data_format, text);
      const { count } = state.sql('SELECT count(*) AS count FROM registry_schema_versions').get() as {
        count: number;
      };
      if (count >= VERSIONS_MAX || schema.next_number > NUMBER_MAX) {
        throw new AwsError(
          'ResourceNumberLimitExceededException',
          'More schema versions cannot be created. The maximum limit has been reached.',
        );
      }
      const version: SchemaVersionRow = {
        schema_id: schema.id,
        status: isCompatible(schema.compatibility, definition, olderDefinitions(schema))
          ? 'AVAILABLE'
          : 'FAILURE',
        number: schemas.takeNumber(schema.id),
        version_id: ids.uuid(),
        definition: text,
        created_ms: clock.now().getTime(),
      };
      state
        .sql(`INSERT INTO registry_schema_versions (${COLUMNS}, digest) VALUES (?, ?, ?, ?, ?, ?, ?)`)
        .run(
          version.schema_id,
          version.number,
          version.version_id,
          version.status,
          version.definition,
          version.created_ms,
          digestOf(schema.data_format, text),
        );
      return version;
    },

    find(versionId) {
      const version = state
        .sql(`SELECT ${COLUMNS} FROM registry_schema_versions WHERE version_id = ?`)
        .get(versionId) as SchemaVersionRow | undefined;
      if (!version) return undefined;
      const schema = state.sql('SELECT * FROM registry_schemas WHERE id = ?').get(version.schema_id);
      return { schema: schema as SchemaRow, version };
    },

    findByDefinition: (schema, definition) =>
      state
        .sql(
          `SELECT ${COLUMNS} FROM registry_schema_versions WHERE schema_id = ? AND digest = ? ORDER BY number LIMIT 1`,
        )
        .get(schema.id, digestOf(schema.data_format, definition)) as SchemaVersionRow | undefined,

    require(key, schema, number) {
      const { VersionNumber, LatestVersion = false } = number ?? {};
      if (LatestVersion && VersionNumber !== undefined) {
        throw invalid('Only one of VersionNumber or LatestVersion is required.');
      }
      if (!LatestVersion && VersionNumber === undefined) {
        throw invalid('One of version number (or) latest version is required.');
      }
      const version = (
        LatestVersion
          ? state
              .sql(
                `SELECT ${COLUMNS} FROM registry_schema_versions
                 WHERE schema_id = ? AND status = 'AVAILABLE' ORDER BY number DESC LIMIT 1`,
              )
              .get(schema.id)
          : state
              .sql(`SELECT ${COLUMNS} FROM registry_schema_versions WHERE schema_id = ? AND number = ?`)
              .get(schema.id, VersionNumber as number)
      ) as SchemaVersionRow | undefined;
      if (version) return version;
      throw new AwsError(
        'EntityNotFoundException',
        `Schema version is not found. ${describeSchema(key)}, VersionNumber: ${VersionNumber ?? null}, ` +
          `isLatestVersion: ${LatestVersion}`,
      );
    },

    list: (schema, options) =>
      pageOf(
        options,
        (after = ' ', limit) => {
          const [status, number] = after.split(' ') as [string, string];
          return state
            .sql(
              `SELECT ${COLUMNS} FROM registry_schema_versions
               WHERE schema_id = ? AND (status, -number) > (?, ?) ORDER BY status, number DESC LIMIT ?`,
            )
            .all(schema.id, status, -Number(number), limit) as unknown as SchemaVersionRow[];
        },
        ({ status, number }) => `${status} ${number}`,
        (version) => version,
      ),

    delete(schema, range) {
      const [first, last] = numbersOf(range);
      if (first <= schema.checkpoint && schema.checkpoint <= last) {
        throw invalid('Cannot delete checkpoint version.');
      }
      if (first === 1)
        throw invalid('Cannot delete the first version: DeleteSchema deletes it with all others.');
      const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      return numbers
        .filter((number) => !remove(schema, number))
        .map((VersionNumber) => ({
          VersionNumber,
          ErrorDetails: { ErrorCode: 'ResourceNotFoundException', ErrorMessage: 'Version number not found' },
        }));
    },

    deleteAll(schema) {
      const numbers = state
        .sql('SELECT number FROM registry_schema_versions WHERE schema_id = ?')
        .all(schema.id) as { number: number }[];
      for (const { number } of numbers) remove(schema, number);
    },
  };
}

function digestOf(dataFormat: DataFormat, definition: string): string {
  return createHash('sha256').update(canonicalDefinition(dataFormat, definition)).digest('hex');
}

function numbersOf(range: string): [first: number, last: number] {
  const [first = NaN, last = first] = range.split('-').map(Number);
  if (first >= 1 && first <= last && last <= NUMBER_MAX) return [first, last];
  throw invalid(
    `Versions '${range}' is not a version or a range of them: it is like 5, or 5-8, up to ${NUMBER_MAX}.`,
  );
}
