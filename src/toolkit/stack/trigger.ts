// A stack's triggers, by which its jobs run on a schedule; their members are those of AWS's CreateTrigger.
import {
  CreateTriggerCommand,
  DeleteTriggerCommand,
  GetTriggerCommand,
  UpdateTriggerCommand,
  type CreateTriggerRequest,
} from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { glueOwnership, tagAsAdopted } from './glue-tags.js';
import { ownershipTags } from './ownership.js';
import type { ResourceHandler } from './resource.js';
import type { StackScope } from './stack-scope.js';

/** A trigger that somebody has stopped stays stopped. */
export function triggerHandler(scope: StackScope): ResourceHandler {
  const { glue } = scope.clients;
  const abortSignal = scope.signal;
  return {
    async observe(name) {
      try {
        const { Trigger } = await glue.send(new GetTriggerCommand({ Name: name }), { abortSignal });
        const ownership = await glueOwnership(scope, 'trigger', name);
        return { kind: 'trigger', name, members: { ...Trigger }, ownership };
      } catch (error) {
        if (isAwsError(error, 'EntityNotFoundException')) return undefined;
        throw error;
      }
    },
    async create({ members }) {
      const request = members as unknown as CreateTriggerRequest;
      await glue.send(
        new CreateTriggerCommand({ ...request, StartOnCreation: true, Tags: ownershipTags(scope) }),
        { abortSignal },
      );
    },
    async update({ name, members }) {
      const { Schedule, Actions } = members as unknown as CreateTriggerRequest;
      await glue.send(new UpdateTriggerCommand({ Name: name, TriggerUpdate: { Schedule, Actions } }), {
        abortSignal,
      });
    },
    adopt: (name) => tagAsAdopted(scope, 'trigger', name),
    // DeleteTrigger answers a trigger that is not there as deleted.
    async delete(name) {
      await glue.send(new DeleteTriggerCommand({ Name: name }), { abortSignal });
    },
  };
}
