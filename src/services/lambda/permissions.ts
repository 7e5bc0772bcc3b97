// Lambda operations on resource policies and tags.
import { parseFunctionReference } from '../../functions/function-name.js';
import type { Functions } from '../../functions/open-functions.js';
import type { Operations } from '../../wire/service.js';

export function permissionOperations({ policies, table }: Functions) {
  const recordOf = (resource: string) => table.get(parseFunctionReference(resource).name);
  return {
    AddPermission(input) {
      return { Statement: policies.add(parseFunctionReference(input.FunctionName, input.Qualifier), input) };
    },
    GetPolicy({ FunctionName, Qualifier }) {
      return policies.get(parseFunctionReference(FunctionName, Qualifier));
    },
    RemovePermission({ FunctionName, Qualifier, StatementId }) {
      policies.remove(parseFunctionReference(FunctionName, Qualifier), StatementId);
      return {};
    },
    ListTags({ Resource }) {
      return { Tags: recordOf(Resource).tags };
    },
    TagResource({ Resource, Tags }) {
      const record = recordOf(Resource);
      table.put({ ...record, tags: { ...record.tags, ...Tags } });
      return {};
    },
    UntagResource({ Resource, TagKeys }) {
      const record = recordOf(Resource);
      const kept = Object.entries(record.tags).filter(([key]) => !TagKeys.includes(key));
      table.put({ ...record, tags: Object.fromEntries(kept) });
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-lambda')>;
}
