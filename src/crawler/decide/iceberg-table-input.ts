// Decide: the table that a crawler writes for an Iceberg table.
import { formatHiveType } from '../../tabular/hive-type.js';
import { icebergColumnParameters } from '../../tabular/iceberg/iceberg-columns.js';
import type { FoundIcebergTable } from '../observe/find-iceberg-tables.js';
import { filelessTable } from './fileless-table-input.js';
import { identityParameters, type CrawledTable, type CrawlIdentity } from './table-input.js';

/**
 * What engines need to open it is documented (AWS docs: Iceberg crawlers register the latest metadata location): `table_type`
 * and `metadata_location`. No table that AWS's crawlers made is published: columns are as Iceberg's own Glue catalog writes
 * them, that there are no formats and no partition keys too.
 */
export function crawledIcebergTable(
  { metadataUrl, table }: FoundIcebergTable,
  name: string,
  identity: CrawlIdentity,
): CrawledTable {
  const parameters = {
    ...identityParameters(identity),
    classification: 'iceberg',
    table_type: 'ICEBERG',
    metadata_location: metadataUrl,
  };
  return filelessTable({
    name,
    columns: table.columns.map((column) => ({
      Name: column.name.toLowerCase(),
      Type: formatHiveType(column.type),
      ...(column.comment === undefined ? {} : { Comment: column.comment }),
      Parameters: icebergColumnParameters({ id: column.id, required: !column.isOptional }),
    })),
    location: table.location,
    parameters,
    reason: `${metadataUrl} is the newest metadata of the Iceberg table, with ${table.columns.length} columns.`,
  });
}
