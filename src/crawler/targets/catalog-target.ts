// Catalog targets: tables that are there already, kept up to date and never made.
import type { CatalogTarget, CrawlerTargets } from '@aws-sdk/client-glue';
import { catalogName } from '../../catalog/names.js';

export interface CatalogTable {
  database: string;
  table: string;
}

/** The tables that the targets name, each once, in their order. */
export function parseCatalogTargets(targets: readonly CatalogTarget[]): CatalogTable[] {
  const tables = new Map<string, CatalogTable>();
  for (const { DatabaseName, Tables } of targets) {
    // The model asks for both.
    const database = catalogName(DatabaseName as string);
    for (const name of Tables ?? []) {
      const one = { database, table: catalogName(name) };
      tables.set(JSON.stringify(one), one);
    }
  }
  return [...tables.values()];
}

/** A crawler of catalog targets has no others. */
export function hasCatalogTargets({ Targets }: { Targets: CrawlerTargets }): boolean {
  return (Targets.CatalogTargets?.length ?? 0) > 0;
}
