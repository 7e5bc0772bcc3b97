// gluepot dynamodb policy TABLE
import { GluepotError } from '../../base/errors.js';
import { planPolicy } from '../../toolkit/dynamodb-catalog/index.js';
import type { CommandContext } from '../command.js';
import { withDynamodbCatalog } from '../dynamodb-session.js';
import type { Outcome } from '../output.js';

export async function dynamodbPolicy(
  context: CommandContext,
  TableName: string,
  options: { database: string },
): Promise<Outcome> {
  return withDynamodbCatalog(context, options, async ({ scope, settings }) => {
    const found = await planPolicy(scope, settings, TableName);
    if (!found) {
      throw new GluepotError(
        'usage',
        `There is no DynamoDB table ${TableName} in account ${scope.accountId}, ${scope.region}.`,
      );
    }
    context.output.print(JSON.stringify(found, undefined, 2));
    return { result: found };
  });
}
