// Which databases a crawler writes into.
import type { Crawler } from '@aws-sdk/client-glue';

/** Its own, and those of the tables that it is to keep up (catalog targets); in lower case, as AWS keeps names. */
export function databasesWritten({ DatabaseName, Targets }: Crawler): string[] {
  const ofTables = (Targets?.CatalogTargets ?? []).map((target) => target.DatabaseName);
  const names = [DatabaseName, ...ofTables].flatMap((name) => name?.toLowerCase() || []);
  return [...new Set(names)];
}
