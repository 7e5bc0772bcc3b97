// Metadata of schema versions: keys with one value or more each.
import type { MetadataInfo, MetadataKeyValuePair } from '@aws-sdk/client-glue';
import { AwsError } from '../../wire/aws-error.js';
import type { Page, PageOptions } from '../catalog.js';
import { invalid } from './identity.js';
import type { RegistryContext } from './registry-context.js';

/** AWS docs, quotas of the schema registry: pairs of one version. */
const PAIRS_MAX = 10;

export interface VersionMetadata {
  /** @throws AwsError AlreadyExistsException for a pair that is there, ResourceNumberLimitExceededException */
  put(versionId: string, pair: MetadataKeyValuePair): void;
  /** @throws AwsError EntityNotFoundException */
  remove(versionId: string, pair: MetadataKeyValuePair): void;
  /** Keys in order, each with its newest value and the older ones; of `wanted`, a pair may name a key or a value alone. */
  query(
    versionId: string,
    wanted: readonly MetadataKeyValuePair[],
    options: PageOptions,
  ): Page<{ key: string; info: MetadataInfo }>;
}

interface Row {
  key: string;
  value: string;
  created_ms: number;
}

export function openVersionMetadata({ state, clock }: RegistryContext): VersionMetadata {
  const newestFirst = (versionId: string) =>
    state
      .sql(
        'SELECT key, value, created_ms FROM registry_version_metadata WHERE version_id = ? ORDER BY key, id DESC',
      )
      .all(versionId) as unknown as Row[];

  return {
    put(versionId, given) {
      const { key, value } = wholePair(given);
      const rows = newestFirst(versionId);
      if (rows.some((row) => row.key === key && row.value === value)) {
        throw new AwsError(
          'AlreadyExistsException',
          `Resource already exist for schema version id: ${versionId}, metadata key: ${key}, metadata value: ${value}`,
        );
      }
      if (rows.length >= PAIRS_MAX) {
        throw new AwsError(
          'ResourceNumberLimitExceededException',
          'Your resource limits for Schema Version Metadata have been exceeded.',
        );
      }
      state
        .sql('INSERT INTO registry_version_metadata (version_id, key, value, created_ms) VALUES (?, ?, ?, ?)')
        .run(versionId, key, value, clock.now().getTime());
    },
    remove(versionId, given) {
      const { key, value } = wholePair(given);
      const { changes } = state
        .sql('DELETE FROM registry_version_metadata WHERE version_id = ? AND key = ? AND value = ?')
        .run(versionId, key, value);
      if (changes === 0) {
        // The space at the end is AWS's.
        throw new AwsError(
          'EntityNotFoundException',
          `Metadata is not found for the schema version. SchemaVersionId: ${versionId} `,
        );
      }
    },
    query(versionId, wanted, { after = '', count = PAIRS_MAX }) {
      const isWanted = (row: Row) =>
        wanted.length === 0 ||
        wanted.some(
          ({ MetadataKey = row.key, MetadataValue = row.value }) =>
            MetadataKey === row.key && MetadataValue === row.value,
        );
      const rows = newestFirst(versionId).filter((row) => row.key > after && isWanted(row));
      const keys = [...new Set(rows.map(({ key }) => key))];
      const kept = keys.slice(0, count);
      return {
        items: kept.map((key) => ({ key, info: infoOf(rows.filter((row) => row.key === key)) })),
        ...(keys.length > count ? { next: kept.at(-1) } : {}),
      };
    },
  };
}

function infoOf(newestFirst: Row[]): MetadataInfo {
  const [newest, ...others] = newestFirst.map(({ value, created_ms }) => ({
    MetadataValue: value,
    CreatedTime: new Date(created_ms).toISOString(),
  }));
  return { ...newest, OtherMetadataValueList: others };
}

function wholePair({ MetadataKey, MetadataValue }: MetadataKeyValuePair): { key: string; value: string } {
  if (MetadataKey === undefined || MetadataValue === undefined) {
    const parameter = MetadataKey === undefined ? 'key' : 'value';
    throw invalid(`The resource name contains too many or too few characters. Parameter Name: ${parameter}`);
  }
  return { key: MetadataKey, value: MetadataValue };
}
