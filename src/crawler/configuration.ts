// A crawler's Configuration: JSON text that changes how tables are grouped and merged.
import { AwsError } from '../wire/aws-error.js';

export interface CrawlerConfiguration {
  /** Partitions take columns, formats and SerDe from their table. */
  arePartitionsInherited: boolean;
  /** Tables only gain columns. */
  isMergingNewColumns: boolean;
  /** The crawl fails when it finds more tables than this. */
  tableCountMax: number | undefined;
  /** Compatible schemas make one table, however little they have in common. */
  isCombiningCompatibleSchemas: boolean;
  /** Level at which tables are made, the bucket being level 1. */
  tableLevel: number | undefined;
  /** AWS's default since 2023. */
  isCreatingPartitionIndex: boolean;
}

type Json = Record<string, unknown>;

/**
 * Reads the text; undefined and '' are the defaults. Version may be 1, 1.0 or "1.0". Keys: AWS docs, "Setting crawler
 * configuration options".
 * @throws AwsError InvalidInputException for anything else than the documented keys and values
 */
export function parseConfiguration(text: string | undefined): CrawlerConfiguration {
  const root = text ? parseObject(text) : { Version: 1 };
  const refuse = (path: string, value: unknown, allowed: string): never => {
    throw new AwsError(
      'InvalidInputException',
      `Configuration: ${path} ${value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`}; ${allowed}.`,
    );
  };
  const object = (path: string, value: unknown, keys: string[]): Json => {
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse(path, value, 'it must be a JSON object');
    }
    for (const key of Object.keys(value)) {
      if (!keys.includes(key))
        refuse(`${path}.${key}`, (value as Json)[key], `${path} knows ${keys.join(', ')}`);
    }
    return value as Json;
  };
  const choice = (path: string, value: unknown, only: string): boolean =>
    value === undefined ? false : value === only || refuse(path, value, `it must be "${only}"`);
  const count = (path: string, value: unknown): number | undefined =>
    value === undefined
      ? undefined
      : Number.isInteger(value) && (value as number) > 0
        ? (value as number)
        : refuse(path, value, 'it must be a whole number above 0');

  object('$', root, ['Version', 'CrawlerOutput', 'Grouping', 'CreatePartitionIndex']);
  if (Number(root.Version ?? NaN) !== 1) refuse('Version', root.Version, 'it must be 1.0');
  const output = object('CrawlerOutput', root.CrawlerOutput, ['Partitions', 'Tables']);
  const partitions = object('CrawlerOutput.Partitions', output.Partitions, ['AddOrUpdateBehavior']);
  const tables = object('CrawlerOutput.Tables', output.Tables, ['AddOrUpdateBehavior', 'TableThreshold']);
  const grouping = object('Grouping', root.Grouping, ['TableGroupingPolicy', 'TableLevelConfiguration']);
  const index = root.CreatePartitionIndex;
  if (index !== undefined && typeof index !== 'boolean') {
    refuse('CreatePartitionIndex', index, 'it must be true or false');
  }
  return {
    arePartitionsInherited: choice(
      'CrawlerOutput.Partitions.AddOrUpdateBehavior',
      partitions.AddOrUpdateBehavior,
      'InheritFromTable',
    ),
    isMergingNewColumns: choice(
      'CrawlerOutput.Tables.AddOrUpdateBehavior',
      tables.AddOrUpdateBehavior,
      'MergeNewColumns',
    ),
    tableCountMax: count('CrawlerOutput.Tables.TableThreshold', tables.TableThreshold),
    isCombiningCompatibleSchemas: choice(
      'Grouping.TableGroupingPolicy',
      grouping.TableGroupingPolicy,
      'CombineCompatibleSchemas',
    ),
    tableLevel: count('Grouping.TableLevelConfiguration', grouping.TableLevelConfiguration),
    isCreatingPartitionIndex: index !== false,
  };
}

function parseObject(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch (error) {
    throw new AwsError('InvalidInputException', `Configuration is not JSON: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  throw new AwsError('InvalidInputException', `Configuration is not a JSON object: ${text}.`);
}
