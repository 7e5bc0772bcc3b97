// Where the rows of a spec's tables are, by the catalog: places in S3, and connections to databases.
import { paginateGetPartitions, type Table } from '@aws-sdk/client-glue';
import { asGluepotError } from '../../../aws/aws-failure.js';
import { mapConcurrently } from '../../../base/map-concurrently.js';
import type { SurveyTools } from './source-kind.js';

export interface SourcePlaces {
  /** As s3://BUCKET/PREFIX, none below another. */
  sources: string[];
  /** Names of Glue connections. */
  connections: string[];
}

const TABLES_AT_ONCE = 8;

/** Of tables that are in the catalog; partitions may be elsewhere than their table. @throws GluepotError when they cannot be listed */
export async function findPlaces(
  tables: readonly Table[],
  { glue }: Pick<SurveyTools, 'glue'>,
): Promise<SourcePlaces> {
  const read = tables.filter(({ TableType }) => TableType !== 'VIRTUAL_VIEW');
  const connections = read.flatMap(({ Parameters }) => Parameters?.connectionName ?? []);
  const locations = await mapConcurrently(
    read.filter(({ Parameters }) => Parameters?.connectionName === undefined),
    TABLES_AT_ONCE,
    async (table) => [
      table.StorageDescriptor?.Location,
      ...((table.PartitionKeys ?? []).length > 0 ? await partitionLocations(table, glue) : []),
    ],
  );
  return { sources: outermost(locations.flat()), connections: [...new Set(connections)].sort() };
}

async function partitionLocations(
  { DatabaseName, Name: TableName }: Table,
  client: SurveyTools['glue'],
): Promise<(string | undefined)[]> {
  const locations: (string | undefined)[] = [];
  try {
    const pages = paginateGetPartitions({ client }, { DatabaseName, TableName, ExcludeColumnSchema: true });
    for await (const { Partitions = [] } of pages) {
      locations.push(...Partitions.map(({ StorageDescriptor }) => StorageDescriptor?.Location));
    }
  } catch (error) {
    throw asGluepotError(error);
  }
  return locations;
}

/** Places in S3, once each, without those that are below another. */
function outermost(locations: readonly (string | undefined)[]): string[] {
  const places = locations.flatMap((location = '') => {
    const [, place] = /^s3[an]?:\/\/(.+?)\/*$/.exec(location) ?? [];
    return place === undefined ? [] : [place];
  });
  const kept: string[] = [];
  // A place comes before all that is below it, with nothing else between: `/` would not do, for `a-b` sorts before `a/b`.
  for (const place of [...new Set(places)].sort(byFolders)) {
    const last = kept.at(-1);
    if (last === undefined || !place.startsWith(`${last}/`)) kept.push(place);
  }
  return kept.map((place) => `s3://${place}`);
}

function byFolders(one: string, other: string): number {
  const [a, b] = [one.replaceAll('/', '\0'), other.replaceAll('/', '\0')];
  return a < b ? -1 : a > b ? 1 : 0;
}
