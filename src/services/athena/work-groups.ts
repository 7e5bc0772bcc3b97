// Athena's operations on workgroups.
import type { Queries } from '../../query/execution/open-queries.js';
import { invalidRequest } from '../../query/execution/invalid-request.js';
import { ENGINE_VERSION } from '../../query/execution/work-group.js';
import type { State } from '../../state/state.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';
import { workGroupPath, type AthenaTags } from './tags.js';

/** AWS's model: ListWorkGroups answers with at most so many at once. */
const PAGE_MAX = 50;

export function workGroupOperations({
  state,
  queries,
  tags,
}: {
  state: State;
  queries: Queries;
  tags: AthenaTags;
}) {
  const { workGroups, named, prepared, records } = queries;
  return {
    CreateWorkGroup: (input) =>
      state.transaction(() => {
        workGroups.create(input);
        tags.put(workGroupPath(input.Name), input.Tags ?? []);
        return {};
      }),
    GetWorkGroup: ({ WorkGroup }) => ({ WorkGroup: workGroups.get(WorkGroup) }),
    UpdateWorkGroup(input) {
      workGroups.update(input);
      return {};
    },
    DeleteWorkGroup({ WorkGroup: name, RecursiveDeleteOption }) {
      workGroups.get(name);
      const isUsed =
        named.list(name, { count: 1 }).length > 0 ||
        prepared.list(name, { count: 1 }).length > 0 ||
        records.hasAny(name);
      if (isUsed && RecursiveDeleteOption !== true) throw invalidRequest(`WorkGroup ${name} is not empty`);
      for (const { id } of records.list(name, { count: Number.MAX_SAFE_INTEGER })) queries.stop(id);
      return state.transaction(() => {
        workGroups.delete(name);
        for (const { NamedQueryId } of named.list(name)) named.delete(NamedQueryId);
        for (const statement of prepared.list(name)) prepared.delete(name, statement.name);
        records.deleteWorkGroup(name);
        tags.delete(workGroupPath(name));
        return {};
      });
    },
    ListWorkGroups(input) {
      const [page, token] = pageOf(
        input,
        PAGE_MAX,
        (after, count) => workGroups.list({ count, ...(after !== undefined && { after }) }),
        ({ Name = '' }) => Name,
      );
      const WorkGroups = page.map(({ Name, State, Description, CreationTime, Configuration }) => ({
        Name,
        State,
        Description,
        CreationTime,
        EngineVersion: Configuration?.EngineVersion,
      }));
      return { WorkGroups, ...token };
    },
    ListEngineVersions: () => ({
      EngineVersions: [
        { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: ENGINE_VERSION },
        { SelectedEngineVersion: ENGINE_VERSION, EffectiveEngineVersion: ENGINE_VERSION },
      ],
    }),
  } satisfies Operations<typeof import('@aws-sdk/client-athena')>;
}
