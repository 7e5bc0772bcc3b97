// A stack's database in the Data Catalog; its members are AWS's DatabaseInput.
import {
  CreateDatabaseCommand,
  DeleteDatabaseCommand,
  GetDatabaseCommand,
  UpdateDatabaseCommand,
  type DatabaseInput,
} from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { glueOwnership, tagAsAdopted } from './glue-tags.js';
import { ownershipTags } from './ownership.js';
import type { ResourceHandler } from './resource.js';
import type { ResourceScope } from './stack-scope.js';

export function databaseHandler(scope: ResourceScope<'glue'>): ResourceHandler {
  const { glue } = scope.clients;
  const abortSignal = scope.signal;
  return {
    async observe(name) {
      try {
        const { Database } = await glue.send(new GetDatabaseCommand({ Name: name }), { abortSignal });
        const ownership = await glueOwnership(scope, 'database', name);
        return { kind: 'database', name, members: { ...Database }, ownership };
      } catch (error) {
        if (isAwsError(error, 'EntityNotFoundException')) return undefined;
        throw error;
      }
    },
    async create({ members }) {
      const DatabaseInput = members as unknown as DatabaseInput;
      await glue.send(new CreateDatabaseCommand({ DatabaseInput, Tags: ownershipTags(scope) }), {
        abortSignal,
      });
    },
    async update({ name, members }) {
      const DatabaseInput = members as unknown as DatabaseInput;
      await glue.send(new UpdateDatabaseCommand({ Name: name, DatabaseInput }), { abortSignal });
    },
    adopt: (name) => tagAsAdopted(scope, 'database', name),
    async delete(name) {
      try {
        await glue.send(new DeleteDatabaseCommand({ Name: name }), { abortSignal });
      } catch (error) {
        if (!isAwsError(error, 'EntityNotFoundException')) throw error;
      }
    },
  };
}
