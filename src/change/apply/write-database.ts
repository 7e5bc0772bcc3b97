// Makes, updates and removes a database.
import {
  CreateDatabaseCommand,
  DeleteDatabaseCommand,
  GetTablesCommand,
  UpdateDatabaseCommand,
  type DatabaseInput,
} from '@aws-sdk/client-glue';
import { sentOnce } from '../../aws/sent-once.js';
import type { WriteObjects } from './object-writer.js';

/** One at a time. A database with tables is not removed: they would go with it, whosever they are. */
export const writeDatabase: WriteObjects = async ({ glue, CatalogId }, items) => {
  for (const { change, found } of items) {
    const Name = change.key.DatabaseName;
    if (change.wanted) {
      const DatabaseInput = change.wanted as DatabaseInput;
      if (found) await glue.send(sentOnce(new UpdateDatabaseCommand({ CatalogId, Name, DatabaseInput })));
      else await glue.send(new CreateDatabaseCommand({ CatalogId, DatabaseInput }));
      continue;
    }
    const { TableList = [] } = await glue.send(
      new GetTablesCommand({ CatalogId, DatabaseName: Name, MaxResults: 1 }),
    );
    if (TableList.length > 0) {
      const message = `It still has tables, e.g. ${TableList[0]?.Name}, which would be removed with it.`;
      return [{ message, looksMax: 0, isRefused: true, isOthersDoing: false }];
    }
    await glue.send(sentOnce(new DeleteDatabaseCommand({ CatalogId, Name })));
  }
  return items.map(() => undefined);
};
