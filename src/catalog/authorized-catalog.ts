// The catalog as a role may read and write it, for what jobs ask of it.
import type { Catalog } from './catalog.js';
import { catalogName, glueArn } from './names.js';

/** Returns when it may be done. @throws AwsError AccessDeniedException */
export type RequireAccess = (action: string, resources: readonly string[]) => void;

export interface CatalogPlace {
  accountId: string;
  region: string;
}

/** AWS docs: "Specifying AWS Glue resource ARNs": an operation needs its object and all that it lies in. */
export function catalogResources(
  { accountId, region }: CatalogPlace,
  database?: string,
  table?: string,
): string[] {
  const arn = (path: string) => glueArn(region, accountId, path);
  return [
    arn('catalog'),
    ...(database === undefined ? [] : [arn(`database/${catalogName(database)}`)]),
    ...(database === undefined || table === undefined
      ? []
      : [arn(`table/${catalogName(database)}/${catalogName(table)}`)]),
  ];
}

export function authorizedCatalog(catalog: Catalog, require: RequireAccess, place: CatalogPlace): Catalog {
  const ask = (action: string, database: string, table?: string) =>
    require(`glue:${action}`, catalogResources(place, database, table));
  return {
    ...catalog,
    getDatabase(name) {
      ask('GetDatabase', name);
      return catalog.getDatabase(name);
    },
    findTable(database, name) {
      ask('GetTable', database, name);
      return catalog.findTable(database, name);
    },
    getTable(database, name) {
      ask('GetTable', database, name);
      return catalog.getTable(database, name);
    },
    listPartitions(database, table, ...rest) {
      ask('GetPartitions', database, table);
      return catalog.listPartitions(database, table, ...rest);
    },
    createTable(database, input, ...rest) {
      ask('CreateTable', database, input.Name);
      return catalog.createTable(database, input, ...rest);
    },
    updateTable(database, input, ...rest) {
      ask('UpdateTable', database, input.Name);
      return catalog.updateTable(database, input, ...rest);
    },
    createPartitions(database, table, ...rest) {
      ask('BatchCreatePartition', database, table);
      return catalog.createPartitions(database, table, ...rest);
    },
  };
}
