// Glue's operations on triggers.
import type { Tags } from '../../catalog/tag.js';
import { glueArn } from '../../catalog/names.js';
import { nodeOfAction, type TriggerRecord } from '../../jobs/triggers/trigger.js';
import type { Workflows } from '../../jobs/workflows/open-workflows.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: GetTriggers and ListTriggers answer with at most so many at once. */
const PAGE_MAX = 200;

export function triggerOperations({ workflows, tags }: { workflows: Workflows; tags: Tags }) {
  const { triggers } = workflows;
  const pageOf = (
    operation: string,
    input: Parameters<typeof pageOptions>[1] & { DependentJobName?: string | undefined },
    isWanted: (trigger: TriggerRecord) => boolean = () => true,
  ) => {
    const { after, count } = pageOptions(operation, input, PAGE_MAX);
    const { DependentJobName: job } = input;
    const starts = ({ Actions }: TriggerRecord) =>
      job === undefined || Actions.map(nodeOfAction).some(({ kind, name }) => kind === 'JOB' && name === job);
    const found = triggers
      .list(after === undefined ? {} : { after })
      .filter((trigger) => starts(trigger) && isWanted(trigger));
    const items = found.slice(0, count);
    const last = items.at(-1);
    return { items, ...(found.length > count && last ? { next: last.Name } : {}) };
  };
  return {
    CreateTrigger: (input) => ({ Name: triggers.create(input).Name }),
    GetTrigger: ({ Name }) => ({ Trigger: triggers.get(Name) }),
    GetTriggers(input) {
      const page = pageOf('GetTriggers', input);
      return { Triggers: page.items, ...nextToken('GetTriggers', page) };
    },
    BatchGetTriggers({ TriggerNames }) {
      const found = TriggerNames.map((name) => ({ name, trigger: triggers.find(name) }));
      return {
        Triggers: found.flatMap(({ trigger }) => trigger ?? []),
        TriggersNotFound: found.flatMap(({ name, trigger }) => (trigger ? [] : [name])),
      };
    },
    ListTriggers(input, { region, accountId }) {
      const wanted = Object.entries(input.Tags ?? {});
      const page = pageOf('ListTriggers', input, ({ Name }) => {
        const own = wanted.length > 0 ? tags.get(glueArn(region, accountId, `trigger/${Name}`)) : {};
        return wanted.every(([key, value]) => own[key] === value);
      });
      return { TriggerNames: page.items.map(({ Name }) => Name), ...nextToken('ListTriggers', page) };
    },
    UpdateTrigger: ({ Name, TriggerUpdate }) => ({ Trigger: triggers.update(Name, TriggerUpdate) }),
    DeleteTrigger({ Name }) {
      triggers.delete(Name);
      return { Name };
    },
    StartTrigger({ Name }) {
      triggers.start(Name);
      return { Name };
    },
    StopTrigger({ Name }) {
      triggers.stop(Name);
      return { Name };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}
