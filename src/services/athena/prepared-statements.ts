// Athena's operations on prepared statements.
import type { PreparedStatement, UnprocessedPreparedStatementName } from '@aws-sdk/client-athena';
import { invalidRequest } from '../../query/execution/invalid-request.js';
import type { Queries } from '../../query/execution/open-queries.js';
import type { PreparedStatementRecord } from '../../query/execution/prepared-statements.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

/** AWS's model: ListPreparedStatements answers with at most so many at once. */
const PAGE_MAX = 50;

export function preparedStatementOperations({ queries }: { queries: Queries }) {
  const { prepared, workGroups } = queries;
  const require = (workGroup: string, name: string) => {
    workGroups.get(workGroup);
    const statement = prepared.find(workGroup, name);
    if (statement) return statement;
    throw new AwsError(
      'ResourceNotFoundException',
      `PreparedStatement ${name} was not found in workGroup ${workGroup}`,
      {
        members: { ResourceName: name },
      },
    );
  };
  return {
    CreatePreparedStatement({ StatementName, WorkGroup, QueryStatement, Description }) {
      workGroups.get(WorkGroup);
      if (prepared.find(WorkGroup, StatementName)) {
        throw invalidRequest(`PreparedStatement ${StatementName} already exists in workGroup ${WorkGroup}`);
      }
      prepared.put({
        name: StatementName,
        workGroup: WorkGroup,
        text: QueryStatement,
        description: Description,
      });
      return {};
    },
    GetPreparedStatement: ({ StatementName, WorkGroup }) => ({
      PreparedStatement: toPreparedStatement(require(WorkGroup, StatementName)),
    }),
    BatchGetPreparedStatement({ PreparedStatementNames, WorkGroup }) {
      workGroups.get(WorkGroup);
      const PreparedStatements: PreparedStatement[] = [];
      const UnprocessedPreparedStatementNames: UnprocessedPreparedStatementName[] = [];
      for (const StatementName of PreparedStatementNames) {
        const statement = prepared.find(WorkGroup, StatementName);
        if (statement) PreparedStatements.push(toPreparedStatement(statement));
        else {
          UnprocessedPreparedStatementNames.push({
            StatementName,
            ErrorCode: 'STATEMENT_NOT_FOUND',
            ErrorMessage: `PreparedStatement ${StatementName} was not found in workGroup ${WorkGroup}`,
          });
        }
      }
      return { PreparedStatements, UnprocessedPreparedStatementNames };
    },
    ListPreparedStatements(input) {
      workGroups.get(input.WorkGroup);
      const [page, token] = pageOf(
        input,
        PAGE_MAX,
        (after, count) => prepared.list(input.WorkGroup, { count, ...(after !== undefined && { after }) }),
        ({ name }) => name,
      );
      return {
        PreparedStatements: page.map(({ name, modifiedAt }) => ({
          StatementName: name,
          LastModifiedTime: modifiedAt,
        })),
        ...token,
      };
    },
    UpdatePreparedStatement({ StatementName, WorkGroup, QueryStatement, Description }) {
      const statement = require(WorkGroup, StatementName);
      prepared.put({ ...statement, text: QueryStatement, description: Description ?? statement.description });
      return {};
    },
    DeletePreparedStatement({ StatementName, WorkGroup }) {
      require(WorkGroup, StatementName);
      prepared.delete(WorkGroup, StatementName);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-athena')>;
}

function toPreparedStatement({
  name,
  text,
  workGroup,
  description,
  modifiedAt,
}: PreparedStatementRecord): PreparedStatement {
  return {
    StatementName: name,
    QueryStatement: text,
    WorkGroupName: workGroup,
    Description: description,
    LastModifiedTime: modifiedAt,
  };
}
