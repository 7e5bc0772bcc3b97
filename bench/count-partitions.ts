// How many partitions a table has, asked for page by page.
import type { EmbeddedClients } from '../src/embedded.js';

export async function countPartitions(
  { glue }: Pick<EmbeddedClients, 'glue'>,
  database: string,
  table: string,
): Promise<number> {
  let count = 0;
  let NextToken: string | undefined;
  do {
    const page = await glue.getPartitions({
      DatabaseName: database,
      TableName: table,
      ExcludeColumnSchema: true,
      NextToken,
    });
    count += page.Partitions?.length ?? 0;
    ({ NextToken } = page);
  } while (NextToken);
  return count;
}
