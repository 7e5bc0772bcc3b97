// What happens in a chain: triggers fire, jobs and crawlers start and end, until nothing is left to wait for.
import type { Action } from '@aws-sdk/client-glue';
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { State } from '../../state/state.js';
import { AwsError } from '../../wire/aws-error.js';
import { isSatisfied } from '../triggers/predicate.js';
import type { TriggerTable } from '../triggers/trigger-table.js';
import { nodeOfAction, type NodeKind, type NodeName, type TriggerRecord } from '../triggers/trigger.js';
import type { Chain, ChainAction, ChainTable } from './chain.js';

/** How jobs and crawlers are started, looked at and stopped. */
export interface ChainNodes {
  /** Starts it and gives the id of the run or crawl. @throws AwsError why it does not start */
  start(
    node: NodeName,
    options: { trigger: string; action: Action; arguments: Record<string, string> },
  ): string;
  /** The state in which it ended, undefined while it goes on. */
  endOf(node: NodeName, runId: string): NodeEnd | undefined;
  stop(node: NodeName, runId: string): void;
}

export interface NodeEnd {
  state: string;
  errorMessage?: string | undefined;
  /** Id of the run that tries again. */
  retriedAs?: string | undefined;
}

export interface ChainRunner {
  /** Begins a chain by firing `trigger`; without one nothing is started. */
  begin(trigger: TriggerRecord | undefined, workflow?: WorkflowStart): Chain;
  /** Begins a chain that did what `previous` did but for `again`, which is started instead. */
  resume(previous: Chain, workflow: WorkflowStart, again: readonly ChainAction[]): Chain;
  /** To be called within the transaction that records the end. */
  ended(kind: NodeKind, runId: string, end: NodeEnd): void;
  /** No further trigger fires; what runs is stopped. */
  stop(chain: Chain): void;
  /** Goes on with the chains of an earlier process: what it left running has ended. */
  goOn(): void;
}

export interface WorkflowStart {
  name: string;
  properties: Record<string, string>;
  triggers: TriggerRecord[];
  startingEvents?: Chain['startingEvents'];
}

export interface ChainRunnerOptions {
  chains: ChainTable;
  triggers: TriggerTable;
  nodes: ChainNodes;
  clock: Clock;
  ids: Ids;
}

export function openChainRunner(state: State, options: ChainRunnerOptions): ChainRunner {
  const { chains, triggers, nodes, clock, ids } = options;

  const create = (workflow: WorkflowStart | undefined): Chain => ({
    chainId: workflow ? `wr_${ids.hex(32)}` : `tr_${ids.hex(32)}`,
    sequence: chains.nextSequence(),
    status: 'RUNNING',
    startedOn: clock.now(),
    properties: workflow?.properties ?? {},
    ...(workflow ? { workflowName: workflow.name, triggers: workflow.triggers } : {}),
    ...(workflow?.startingEvents ? { startingEvents: workflow.startingEvents } : {}),
    fired: [],
    actions: [],
  });

  const startAction = (chain: Chain, trigger: string, action: Action) => {
    const node = nodeOfAction(action);
    const entry: ChainAction = { ...node, trigger, runIds: [], state: 'RUNNING' };
    chain.actions.push(entry);
    try {
      entry.runIds.push(
        nodes.start(node, {
          trigger,
          action,
          // AWS docs, "Getting and setting workflow run properties": jobs get both as arguments.
          arguments:
            chain.workflowName === undefined
              ? {}
              : { '--WORKFLOW_NAME': chain.workflowName, '--WORKFLOW_RUN_ID': chain.chainId },
        }),
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // The others go on: the chain tells what could not be started, and why.
      entry.state = 'ERROR';
      entry.errorMessage = `${error.name}: ${error.message}`;
    }
  };

  const fire = (chain: Chain, trigger: TriggerRecord) => {
    chain.fired.push(trigger.Name);
    for (const action of trigger.Actions) startAction(chain, trigger.Name, action);
  };

  // Triggers of a workflow are those its run began with; others are looked up as they are now.
  const followers = (chain: Chain) =>
    (chain.triggers ?? triggers.ofWorkflow(undefined)).filter(
      ({ Name, Type, State }) =>
        Type === 'CONDITIONAL' && State === 'ACTIVATED' && !chain.fired.includes(Name),
    );

  const goFurther = (chain: Chain) => {
    if (chain.status === 'RUNNING') {
      const endOf = (kind: NodeKind, name: string) =>
        chain.actions.findLast((action) => action.kind === kind && action.name === name)?.state;
      for (const trigger of followers(chain)) {
        if (isSatisfied(trigger.Predicate ?? {}, endOf)) fire(chain, trigger);
      }
    }
    if (!chain.actions.some((action) => action.state === 'RUNNING')) {
      chain.status = chain.status === 'STOPPING' ? 'STOPPED' : 'COMPLETED';
      chain.completedOn = clock.now();
    }
    chains.put(chain);
  };

  const settle = (chain: Chain, action: ChainAction, { state: end, errorMessage, retriedAs }: NodeEnd) => {
    if (retriedAs !== undefined && chain.status === 'RUNNING') action.runIds.push(retriedAs);
    else {
      action.state = end;
      if (errorMessage !== undefined) action.errorMessage = errorMessage;
    }
  };

  return {
    begin: (trigger, workflow) =>
      state.transaction(() => {
        const chain = create(workflow);
        if (trigger) fire(chain, trigger);
        goFurther(chain);
        return chain;
      }),
    resume: (previous, workflow, again) =>
      state.transaction(() => {
        const chain: Chain = { ...create(workflow), previousRunId: previous.chainId };
        const isAgain = new Set(again);
        const redone = [...again];
        // What followed from a node that is started again is to follow again.
        const forgotten = new Set<string>();
        for (let node = redone.shift(); node; node = redone.shift()) {
          const { kind, name } = node;
          for (const trigger of workflow.triggers) {
            const watches = trigger.Predicate?.Conditions?.some((condition) =>
              kind === 'JOB' ? condition.JobName === name : condition.CrawlerName === name,
            );
            if (!watches || forgotten.has(trigger.Name)) continue;
            forgotten.add(trigger.Name);
            redone.push(...previous.actions.filter((action) => action.trigger === trigger.Name));
          }
        }
        chain.fired = previous.fired.filter((name) => !forgotten.has(name));
        for (const action of previous.actions) {
          if (isAgain.has(action)) {
            const owner = workflow.triggers.find(({ Name }) => Name === action.trigger);
            const definition = owner?.Actions.find((one) => isSameNode(nodeOfAction(one), action));
            const own = action.kind === 'JOB' ? { JobName: action.name } : { CrawlerName: action.name };
            startAction(chain, action.trigger, definition ?? own);
          } else if (!forgotten.has(action.trigger)) chain.actions.push({ ...action });
        }
        goFurther(chain);
        return chain;
      }),
    ended(kind, runId, end) {
      for (const chain of chains.live()) {
        const action = chain.actions.find((one) => one.kind === kind && one.runIds.at(-1) === runId);
        if (!action) continue;
        settle(chain, action, end);
        goFurther(chain);
      }
    },
    stop(chain) {
      const stopping: Chain = { ...chain, status: 'STOPPING' };
      state.transaction(() => chains.put(stopping));
      for (const action of chain.actions) {
        const runId = action.runIds.at(-1);
        if (action.state === 'RUNNING' && runId !== undefined) nodes.stop(action, runId);
      }
    },
    goOn: () =>
      state.transaction(() => {
        for (const chain of chains.live()) {
          for (const action of chain.actions) {
            const end = action.state === 'RUNNING' && nodes.endOf(action, action.runIds.at(-1) as string);
            if (end) settle(chain, action, end);
          }
          goFurther(chain);
        }
      }),
  };
}

function isSameNode(a: NodeName, b: NodeName): boolean {
  return a.kind === b.kind && a.name === b.name;
}
