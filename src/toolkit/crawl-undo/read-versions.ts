// The versions of a table that AWS keeps, newest first.
import { GetTableVersionsCommand } from '@aws-sdk/client-glue';
import { unlessAbsent, type CatalogAccess } from '../../change/catalog-access.js';
import type { ObjectOf } from '../../change/index.js';
import { tableObject } from '../../change/observed-object.js';

type Table = ObjectOf<'table'>;

/** @param isEnough of what was read so far: ends the reading of pages */
export async function readVersions(
  { glue, CatalogId, signal }: CatalogAccess,
  { DatabaseName, TableName }: Table['key'],
  isEnough: (versions: readonly Table[]) => boolean,
): Promise<Table[]> {
  const versions: Table[] = [];
  let NextToken: string | undefined;
  do {
    const input = { CatalogId, DatabaseName, TableName, NextToken, MaxResults: 100 };
    const answer = await unlessAbsent(glue.send(new GetTableVersionsCommand(input), { abortSignal: signal }));
    for (const { Table: table, VersionId } of answer?.TableVersions ?? []) {
      if (table)
        versions.push(tableObject(DatabaseName, { ...table, VersionId: VersionId ?? table.VersionId }));
    }
    NextToken = answer?.NextToken;
  } while (NextToken && !isEnough(versions));
  // AWS answers the newest first, and others do not.
  const numberOf = ({ provenance: { VersionId } }: Table) => Number(VersionId);
  return versions.sort((one, other) => numberOf(other) - numberOf(one) || 0);
}
