// Workflow definitions: created, changed, read, deleted.
import type { CreateWorkflowRequest, UpdateWorkflowRequest, Workflow } from '@aws-sdk/client-glue';
import type { Clock } from '../../base/clock.js';
import type { Tags } from '../../catalog/tag.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked } from '../../wire/service.js';

export type WorkflowRecord = Omit<Workflow, 'LastRun' | 'Graph'> & { Name: string };

export interface WorkflowTable {
  /** @throws AwsError AlreadyExistsException */
  create(input: Checked<CreateWorkflowRequest>): void;
  /** What the input leaves out stays. @throws AwsError EntityNotFoundException */
  update(input: Checked<UpdateWorkflowRequest>): void;
  /** @throws AwsError EntityNotFoundException */
  get(name: string): WorkflowRecord;
  find(name: string): WorkflowRecord | undefined;
  /** In name order, those after `after`. */
  list(options?: { after?: string; count?: number }): WorkflowRecord[];
  /** Does nothing when it is not there. */
  delete(name: string): void;
}

export function openWorkflowTable(
  state: State,
  { clock, tags }: { clock: Clock; tags: Tags },
): WorkflowTable {
  const records = openDocuments<WorkflowRecord>(state, 'glue-workflow');
  const find = (name: string) => records.get(name);
  const get = (name: string) => {
    const workflow = find(name);
    if (!workflow) throw new AwsError('EntityNotFoundException', `Workflow ${name} not found.`);
    return workflow;
  };
  tags.registerKind('workflow', (name) => find(name) !== undefined);
  return {
    create: ({ Tags: newTags, ...members }) =>
      state.transaction(() => {
        if (find(members.Name)) {
          throw new AwsError('AlreadyExistsException', `Workflow ${members.Name} already exists.`);
        }
        const now = clock.now();
        tags.create(`workflow/${members.Name}`, newTags);
        records.put(members.Name, { ...members, CreatedOn: now, LastModifiedOn: now });
      }),
    update: (input) =>
      state.transaction(() => {
        const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
        records.put(input.Name, { ...get(input.Name), ...given, LastModifiedOn: clock.now() });
      }),
    get,
    find,
    list: (page) => records.list(page).map(({ document }) => document),
    delete: (name) =>
      state.transaction(() => {
        tags.delete(`workflow/${name}`);
        records.delete(name);
      }),
  };
}
