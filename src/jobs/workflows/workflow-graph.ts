// A workflow drawn as AWS draws it: triggers, jobs and crawlers as nodes, "starts" and "is watched by" as edges.
import { createHash } from 'node:crypto';
import type { Crawl, Edge, JobRun, Node, WorkflowGraph, WorkflowRunStatistics } from '@aws-sdk/client-glue';
import { nodeOfAction, nodeOfCondition, type NodeKind, type TriggerRecord } from '../triggers/trigger.js';
import type { Chain } from './chain.js';

/** What is known of the runs of a node; empty lists where nothing ran. */
export interface NodeRuns {
  jobRuns(runIds: readonly string[]): JobRun[];
  crawls(crawlIds: readonly string[]): Crawl[];
}

/** Identifies a node of a workflow: the same in every run. The form is AWS's, what it is made of is our own. */
export function nodeId(workflow: string, type: NodeKind | 'TRIGGER', name: string): string {
  const text = [workflow, type, name].join('\u0000');
  return `wnode_${createHash('sha256').update(text).digest('hex')}`;
}

/** @param chain whose runs the nodes show; a definition's graph shows none */
export function workflowGraph(
  workflow: string,
  triggers: readonly TriggerRecord[],
  chain?: Chain,
  runs?: NodeRuns,
): WorkflowGraph {
  const nodes = new Map<string, Node>();
  const edges: Edge[] = [];
  const addNode = (Type: NodeKind | 'TRIGGER', Name: string, details: Partial<Node>): string => {
    const UniqueId = nodeId(workflow, Type, Name);
    if (!nodes.has(UniqueId)) nodes.set(UniqueId, { Type, Name, UniqueId, ...details });
    return UniqueId;
  };
  const addRunnable = ({ kind, name }: { kind: NodeKind; name: string }): string => {
    const own = chain?.actions.filter((action) => action.kind === kind && action.name === name) ?? [];
    const runIds = own.flatMap((action) => action.runIds);
    return addNode(
      kind,
      name,
      kind === 'JOB'
        ? { JobDetails: runs ? { JobRuns: runs.jobRuns(runIds) } : {} }
        : { CrawlerDetails: runs ? { Crawls: runs.crawls(runIds) } : {} },
    );
  };
  for (const trigger of triggers) {
    const id = addNode('TRIGGER', trigger.Name, { TriggerDetails: { Trigger: trigger } });
    for (const condition of trigger.Predicate?.Conditions ?? []) {
      edges.push({ SourceId: addRunnable(nodeOfCondition(condition)), DestinationId: id });
    }
    for (const action of trigger.Actions) {
      edges.push({ SourceId: id, DestinationId: addRunnable(nodeOfAction(action)) });
    }
  }
  return { Nodes: [...nodes.values()], Edges: edges };
}

const COUNTED: readonly [state: string, member: keyof WorkflowRunStatistics][] = [
  ['TIMEOUT', 'TimeoutActions'],
  ['FAILED', 'FailedActions'],
  ['STOPPED', 'StoppedActions'],
  ['CANCELLED', 'StoppedActions'],
  ['SUCCEEDED', 'SucceededActions'],
  ['RUNNING', 'RunningActions'],
  ['ERROR', 'ErroredActions'],
];

/** TotalActions counts what the run has started so far: whether AWS counts what is still to come is not documented. */
export function runStatistics({ actions }: Chain): WorkflowRunStatistics {
  const statistics: Required<WorkflowRunStatistics> = {
    TotalActions: actions.length,
    TimeoutActions: 0,
    FailedActions: 0,
    StoppedActions: 0,
    SucceededActions: 0,
    RunningActions: 0,
    ErroredActions: 0,
    WaitingActions: 0,
  };
  for (const action of actions) {
    const member = COUNTED.find(([state]) => state === action.state)?.[1];
    if (member) statistics[member] = (statistics[member] ?? 0) + 1;
  }
  return statistics;
}
