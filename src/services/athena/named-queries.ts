// Athena's operations on named queries.
import type { NamedQuery, UnprocessedNamedQueryId } from '@aws-sdk/client-athena';
import type { NamedQueryRecord } from '../../query/execution/named-queries.js';
import type { Queries } from '../../query/execution/open-queries.js';
import { invalidRequest } from '../../query/execution/invalid-request.js';
import { PRIMARY } from '../../query/execution/work-group.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

/** AWS's model: ListNamedQueries answers with at most so many at once. */
const PAGE_MAX = 50;

export function namedQueryOperations({ queries }: { queries: Queries }) {
  const { named, workGroups } = queries;
  const require = (id: string) => {
    const query = named.find(id);
    if (!query) throw invalidRequest(`NamedQuery ${id} was not found`);
    return query;
  };
  return {
    CreateNamedQuery({ Name, Description, Database, QueryString, ClientRequestToken, WorkGroup = PRIMARY }) {
      workGroups.get(WorkGroup);
      const known = ClientRequestToken === undefined ? undefined : named.findByToken(ClientRequestToken);
      if (known) {
        const isSame =
          known.Name === Name &&
          known.QueryString === QueryString &&
          known.Database === Database &&
          known.WorkGroup === WorkGroup;
        if (!isSame) throw invalidRequest('Idempotent parameters do not match');
        return { NamedQueryId: known.NamedQueryId };
      }
      return {
        NamedQueryId: named.create({
          Name,
          Description,
          Database,
          QueryString,
          WorkGroup,
          token: ClientRequestToken,
        }),
      };
    },
    GetNamedQuery: ({ NamedQueryId }) => ({ NamedQuery: toNamedQuery(require(NamedQueryId)) }),
    BatchGetNamedQuery({ NamedQueryIds }) {
      const NamedQueries: NamedQuery[] = [];
      const UnprocessedNamedQueryIds: UnprocessedNamedQueryId[] = [];
      for (const NamedQueryId of NamedQueryIds) {
        const query = named.find(NamedQueryId);
        if (query) NamedQueries.push(toNamedQuery(query));
        else {
          UnprocessedNamedQueryIds.push({
            NamedQueryId,
            ErrorCode: 'INVALID_INPUT',
            ErrorMessage: `NamedQuery ${NamedQueryId} was not found`,
          });
        }
      }
      return { NamedQueries, UnprocessedNamedQueryIds };
    },
    ListNamedQueries(input) {
      const { Name } = workGroups.get(input.WorkGroup ?? PRIMARY);
      const [page, token] = pageOf(
        input,
        PAGE_MAX,
        (after, count) => named.list(Name as string, { count, ...(after !== undefined && { after }) }),
        ({ NamedQueryId }) => NamedQueryId,
      );
      return { NamedQueryIds: page.map(({ NamedQueryId }) => NamedQueryId), ...token };
    },
    UpdateNamedQuery({ NamedQueryId, Name, Description, QueryString }) {
      const query = require(NamedQueryId);
      named.put({ ...query, Name, QueryString, Description: Description ?? query.Description });
      return {};
    },
    DeleteNamedQuery({ NamedQueryId = '' }) {
      require(NamedQueryId);
      named.delete(NamedQueryId);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-athena')>;
}

function toNamedQuery({
  Name,
  Description,
  Database,
  QueryString,
  NamedQueryId,
  WorkGroup,
}: NamedQueryRecord): NamedQuery {
  return { Name, Description, Database, QueryString, NamedQueryId, WorkGroup };
}
