// Registries: collections of schemas.
import type { GetRegistryResponse, RegistryId } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';
import type { Page, PageOptions } from '../catalog.js';
import { glueArn } from '../names.js';
import { pageOf } from '../page.js';
import { DEFAULT_REGISTRY, registryKey, registryNotFound, requireLegalName } from './identity.js';
import type { RegistryContext } from './registry-context.js';

/** AWS docs, quotas of the schema registry. */
const REGISTRIES_MAX = 100;

/** A registry as GetRegistry answers it. */
export type Registry = GetRegistryResponse & { RegistryName: string; RegistryArn: string };

export interface Registries {
  /** @throws AwsError AlreadyExistsException, InvalidInputException, ResourceNumberLimitExceededException */
  create(name: string, description?: string, tags?: Record<string, string>): Registry;
  /** This and the methods below: @throws AwsError EntityNotFoundException */
  get(id: RegistryId): Registry;
  update(id: RegistryId, description: string): Registry;
  /** Forgets the registry alone: its schemas are deleted before. */
  delete(id: RegistryId): Registry;
  list(options: PageOptions): Page<Registry>;
  /** The name of the registry that new schemas go to; the default one is made when it is missing. */
  nameForSchema(id: RegistryId | undefined): string;
  /** For operations on schemas, whose message differs. */
  requireName(name: string): void;
  arn(name: string): string;
}

interface Row {
  name: string;
  description: string | null;
  created_ms: number;
  updated_ms: number;
}

export function openRegistries({ state, clock, accountId, region, tags }: RegistryContext): Registries {
  const arn = (name: string) => glueArn(region, accountId, `registry/${name}`);

  const find = (name: string) =>
    state.sql('SELECT * FROM registries WHERE name = ?').get(name) as Row | undefined;

  const registryOf = (row: Row): Registry => ({
    RegistryName: row.name,
    RegistryArn: arn(row.name),
    ...(row.description === null ? {} : { Description: row.description }),
    Status: 'AVAILABLE',
    CreatedTime: new Date(row.created_ms).toISOString(),
    UpdatedTime: new Date(row.updated_ms).toISOString(),
  });

  const requireRow = (id: RegistryId): Row => {
    const key = registryKey(id, accountId);
    const row = find(key.name);
    if (row) return row;
    const { RegistryName = null, RegistryArn = null } = id;
    throw new AwsError(
      'EntityNotFoundException',
      `Registry is not found. RegistryName: ${RegistryName}, RegistryArn: ${RegistryArn}`,
    );
  };

  const create = (name: string, description?: string, given?: Record<string, string>) =>
    state.transaction(() => {
      requireLegalName(name, 'registryName');
      if (find(name)) {
        throw new AwsError('AlreadyExistsException', `Registry already exists. RegistryName: ${name}`);
      }
      const { count } = state.sql('SELECT count(*) AS count FROM registries').get() as { count: number };
      if (count >= REGISTRIES_MAX) {
        throw new AwsError(
          'ResourceNumberLimitExceededException',
          'More registries cannot be created. The maximum limit has been reached.',
        );
      }
      const nowMs = clock.now().getTime();
      state.sql('INSERT INTO registries VALUES (?, ?, ?, ?)').run(name, description ?? null, nowMs, nowMs);
      tags.create(`registry/${name}`, given);
      return registryOf({ name, description: description ?? null, created_ms: nowMs, updated_ms: nowMs });
    });

  return {
    create,
    get: (id) => registryOf(requireRow(id)),
    update: (id, description) =>
      state.transaction(() => {
        const { name } = requireRow(id);
        state
          .sql('UPDATE registries SET description = ?, updated_ms = ? WHERE name = ?')
          .run(description, clock.now().getTime(), name);
        return registryOf(find(name) as Row);
      }),
    delete: (id) =>
      state.transaction(() => {
        const row = requireRow(id);
        state.sql('DELETE FROM registries WHERE name = ?').run(row.name);
        tags.delete(`registry/${row.name}`);
        return registryOf(row);
      }),
    list: (options) =>
      pageOf(
        options,
        (after = '', limit) =>
          state
            .sql('SELECT * FROM registries WHERE name > ? ORDER BY name LIMIT ?')
            .all(after, limit) as unknown as Row[],
        ({ name }) => name,
        registryOf,
      ),
    nameForSchema(id = {}) {
      if (id.RegistryName === undefined && id.RegistryArn === undefined) {
        if (!find(DEFAULT_REGISTRY)) create(DEFAULT_REGISTRY);
        return DEFAULT_REGISTRY;
      }
      const { name } = registryKey(id, accountId);
      if (name === DEFAULT_REGISTRY && !find(name)) create(name);
      if (!find(name)) throw registryNotFound(name);
      return name;
    },
    requireName(name) {
      if (!find(name)) throw registryNotFound(name);
    },
    arn,
  };
}
