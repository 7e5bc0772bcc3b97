// Trigger definitions: created, replaced, read, deleted.
import type { CreateTriggerRequest, TriggerUpdate } from '@aws-sdk/client-glue';
import type { Tags } from '../../catalog/tag.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked } from '../../wire/service.js';
import {
  defineTrigger,
  nodeOfAction,
  redefineTrigger,
  type NodeName,
  type TriggerRecord,
} from './trigger.js';

export interface TriggerTable {
  /** @throws AwsError AlreadyExistsException, EntityNotFoundException for what it starts, InvalidInputException */
  create(input: Checked<CreateTriggerRequest>): TriggerRecord;
  /** @throws AwsError EntityNotFoundException, InvalidInputException */
  update(name: string, update: Checked<TriggerUpdate>): TriggerRecord;
  /** @throws AwsError EntityNotFoundException */
  get(name: string): TriggerRecord;
  find(name: string): TriggerRecord | undefined;
  /** In name order, those after `after`. */
  list(options?: { after?: string; count?: number }): TriggerRecord[];
  ofWorkflow(name: string | undefined): TriggerRecord[];
  setState(trigger: TriggerRecord, state: TriggerRecord['State']): TriggerRecord;
  /** Does nothing when it is not there. */
  delete(name: string): void;
}

export interface TriggerTableOptions {
  tags: Tags;
  /** @throws AwsError EntityNotFoundException when there is no such job, crawler or workflow */
  requireNode(node: NodeName): void;
  requireWorkflow(name: string): void;
}

export function openTriggerTable(state: State, options: TriggerTableOptions): TriggerTable {
  const { tags, requireNode, requireWorkflow } = options;
  const records = openDocuments<TriggerRecord>(state, 'glue-trigger');
  const find = (name: string) => records.get(name);
  const get = (name: string) => {
    const trigger = find(name);
    if (!trigger) throw new AwsError('EntityNotFoundException', `Trigger ${name} not found.`);
    return trigger;
  };
  const list = (page?: { after?: string; count?: number }) =>
    records.list(page).map(({ document }) => document);
  const ofWorkflow = (name: string | undefined) => list().filter((one) => one.WorkflowName === name);
  const put = (trigger: TriggerRecord) => {
    records.put(trigger.Name, trigger);
    return trigger;
  };
  tags.registerKind('trigger', (name) => find(name) !== undefined);

  // AWS docs: a workflow has one trigger that starts it.
  const requireOnlyStart = ({ Name, Type, WorkflowName }: TriggerRecord) => {
    if (WorkflowName === undefined || Type === 'CONDITIONAL') return;
    const other = ofWorkflow(WorkflowName).find((one) => one.Type !== 'CONDITIONAL' && one.Name !== Name);
    if (!other) return;
    throw new AwsError(
      'InvalidInputException',
      `Workflow ${WorkflowName} is started by trigger ${other.Name} (${other.Type}) already: ${Name} must be CONDITIONAL.`,
    );
  };

  return {
    create: (input) =>
      state.transaction(() => {
        const trigger = defineTrigger(input);
        if (find(trigger.Name)) {
          throw new AwsError('AlreadyExistsException', `Trigger ${trigger.Name} already exists.`);
        }
        if (trigger.WorkflowName !== undefined) requireWorkflow(trigger.WorkflowName);
        trigger.Actions.map(nodeOfAction).forEach(requireNode);
        requireOnlyStart(trigger);
        tags.create(`trigger/${trigger.Name}`, input.Tags);
        return put(trigger);
      }),
    update: (name, update) =>
      state.transaction(() => {
        const trigger = redefineTrigger(get(name), update);
        trigger.Actions.map(nodeOfAction).forEach(requireNode);
        return put(trigger);
      }),
    get,
    find,
    list,
    ofWorkflow,
    setState: (trigger, State) => put({ ...trigger, State }),
    delete: (name) =>
      state.transaction(() => {
        tags.delete(`trigger/${name}`);
        records.delete(name);
      }),
  };
}
