// Schemas: a data format, a compatibility mode, and the versions that came of it.
import type { Compatibility, DataFormat, GetSchemaResponse, SchemaId } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';
import type { Page, PageOptions } from '../catalog.js';
import { glueArn } from '../names.js';
import { pageOf } from '../page.js';
import { describeSchema, requireLegalName, schemaKey, type SchemaKey } from './identity.js';
import type { RegistryContext } from './registry-context.js';
import type { Registries } from './registry.js';

/** A schema as GetSchema answers it. */
export type Schema = GetSchemaResponse & { RegistryName: string; SchemaName: string; SchemaArn: string };

/** What CreateSchema and GetSchema have in common. */
export type SchemaDescription = Omit<Schema, 'CreatedTime' | 'UpdatedTime'>;

/** A schema as it is stored. */
export interface SchemaRow {
  id: number;
  registry: string;
  name: string;
  data_format: DataFormat;
  compatibility: Compatibility;
  description: string | null;
  checkpoint: number;
  next_number: number;
  created_ms: number;
  updated_ms: number;
}

export interface NewSchema {
  registry: string;
  name: string;
  dataFormat: DataFormat;
  compatibility: Compatibility;
  description?: string;
  tags?: Record<string, string>;
}

export interface Schemas {
  /** Without a version yet. @throws AwsError AlreadyExistsException, InvalidInputException */
  create(schema: NewSchema): SchemaRow;
  /** @throws AwsError EntityNotFoundException for a missing registry or schema */
  require(id: SchemaId | undefined): { key: SchemaKey; row: SchemaRow };
  update(
    id: number,
    changes: { compatibility?: Compatibility; description?: string; checkpoint?: number },
  ): void;
  /** The number for a new version, which is then taken. */
  takeNumber(id: number): number;
  /** Forgets the schema alone: its versions are deleted before. */
  delete(row: SchemaRow): void;
  /** Of one registry, or of all. */
  list(registry: string | undefined, options: PageOptions): Page<Schema>;
  inRegistry(registry: string): SchemaRow[];
  describe(row: SchemaRow): SchemaDescription;
  answerOf(row: SchemaRow): Schema;
  arn(row: Pick<SchemaRow, 'registry' | 'name'>): string;
}

export function openSchemas(context: RegistryContext, registries: Registries): Schemas {
  const { state, clock, accountId, region, tags } = context;
  const nowMs = () => clock.now().getTime();
  const arn = ({ registry, name }: Pick<SchemaRow, 'registry' | 'name'>) =>
    glueArn(region, accountId, `schema/${registry}/${name}`);

  const find = (registry: string, name: string) =>
    state.sql('SELECT * FROM registry_schemas WHERE registry = ? AND name = ?').get(registry, name) as
      SchemaRow | undefined;

  const describe = (row: SchemaRow): SchemaDescription => ({
    RegistryName: row.registry,
    RegistryArn: registries.arn(row.registry),
    SchemaName: row.name,
    SchemaArn: arn(row),
    ...(row.description === null ? {} : { Description: row.description }),
    DataFormat: row.data_format,
    Compatibility: row.compatibility,
    SchemaCheckpoint: row.checkpoint,
    // Seen: a version that failed counts as well.
    LatestSchemaVersion: row.next_number - 1,
    NextSchemaVersion: row.next_number,
    SchemaStatus: 'AVAILABLE',
  });

  const answerOf = (row: SchemaRow): Schema => ({
    ...describe(row),
    CreatedTime: new Date(row.created_ms).toISOString(),
    UpdatedTime: new Date(row.updated_ms).toISOString(),
  });

  return {
    create({ registry, name, dataFormat, compatibility, description, tags: given }) {
      requireLegalName(name, 'schemaName');
      if (find(registry, name)) {
        throw new AwsError('AlreadyExistsException', `Schema already exists. SchemaName: ${name}`);
      }
      state
        .sql(
          `INSERT INTO registry_schemas
             (registry, name, data_format, compatibility, description, checkpoint, next_number, created_ms, updated_ms)
           VALUES (?, ?, ?, ?, ?, 1, 1, ?, ?)`,
        )
        .run(registry, name, dataFormat, compatibility, description ?? null, nowMs(), nowMs());
      tags.create(`schema/${registry}/${name}`, given);
      return find(registry, name) as SchemaRow;
    },
    require(id) {
      const key = schemaKey(id, accountId);
      const row = find(key.registry, key.name);
      if (row) return { key, row };
      registries.requireName(key.registry);
      throw new AwsError('EntityNotFoundException', `Schema is not found. ${describeSchema(key)}`);
    },
    update(id, { compatibility, description, checkpoint }) {
      state
        .sql(
          `UPDATE registry_schemas
           SET compatibility = coalesce(?, compatibility), description = coalesce(?, description),
             checkpoint = coalesce(?, checkpoint), updated_ms = ?
           WHERE id = ?`,
        )
        .run(compatibility ?? null, description ?? null, checkpoint ?? null, nowMs(), id);
    },
    takeNumber(id) {
      const { number } = state
        .sql(
          `UPDATE registry_schemas SET next_number = next_number + 1, updated_ms = ? WHERE id = ?
           RETURNING next_number - 1 AS number`,
        )
        .get(nowMs(), id) as { number: number };
      return number;
    },
    delete(row) {
      state.sql('DELETE FROM registry_schemas WHERE id = ?').run(row.id);
      tags.delete(`schema/${row.registry}/${row.name}`);
    },
    list: (registry, options) =>
      pageOf(
        options,
        (after = '/', limit) => {
          const [afterRegistry, afterName] = after.split('/') as [string, string];
          return state
            .sql(
              `SELECT * FROM registry_schemas
               WHERE (?1 IS NULL OR registry = ?1) AND (registry, name) > (?2, ?3)
               ORDER BY registry, name LIMIT ?4`,
            )
            .all(registry ?? null, afterRegistry, afterName, limit) as unknown as SchemaRow[];
        },
        (row) => `${row.registry}/${row.name}`,
        answerOf,
      ),
    inRegistry: (registry) =>
      state.sql('SELECT * FROM registry_schemas WHERE registry = ?').all(registry) as unknown as SchemaRow[],
    describe,
    answerOf,
    arn,
  };
}
