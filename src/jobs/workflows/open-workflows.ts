// Triggers and workflows as the services use them: definitions, schedules, events, and the chains that follow.
import type { Crawl, CreateTriggerRequest, TriggerUpdate, Workflow, WorkflowRun } from '@aws-sdk/client-glue';
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import { silentLog, type Log } from '../../base/log.js';
import type { Tags } from '../../catalog/tag.js';
import { openScheduleTimers } from '../../events/schedule-timers.js';
import { parseSchedule } from '../../schedules/glue-cron.js';
import type { State } from '../../state/state.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked } from '../../wire/service.js';
import { toJobRun } from '../job-run.js';
import type { Jobs } from '../open-jobs.js';
import { openTriggerTable, type TriggerTable } from '../triggers/trigger-table.js';
import type { TriggerRecord } from '../triggers/trigger.js';
import { chainNodes, type WorkflowCrawlers } from './chain-nodes.js';
import { openChainRunner, type WorkflowStart } from './chain-runner.js';
import { openChainTable, type Chain } from './chain.js';
import { openEventBatches } from './event-batches.js';
import { nodeId, runStatistics, workflowGraph } from './workflow-graph.js';
import { openWorkflowTable, type WorkflowTable } from './workflow-table.js';

/** @throws AwsError EntityNotFoundException where something is named that is not there, and what the method says */
export interface Workflows {
  triggers: Pick<TriggerTable, 'get' | 'find' | 'list'> & {
    /** @throws AwsError AlreadyExistsException, InvalidInputException */
    create(input: Checked<CreateTriggerRequest>): TriggerRecord;
    /** @throws AwsError InvalidInputException */
    update(name: string, update: Checked<TriggerUpdate>): TriggerRecord;
    /** Does nothing when it is not there. */
    delete(name: string): void;
    /** Fires an ON_DEMAND trigger, activates any other. */
    start(name: string): void;
    /** Deactivates it. @throws AwsError InvalidInputException for ON_DEMAND */
    stop(name: string): void;
  };
  definitions: Pick<WorkflowTable, 'create' | 'update' | 'get' | 'find' | 'list'> & {
    /** With its triggers. Does nothing when it is not there. */
    delete(name: string): void;
  };
  describe(name: string, isWithGraph: boolean): Workflow;
  runs: {
    /** @throws AwsError ConcurrentRunsExceededException */
    start(name: string, properties: Record<string, string>): string;
    get(name: string, runId: string, isWithGraph: boolean): WorkflowRun;
    /** Newest first. `next` goes into `before` for the next page. */
    list(
      name: string,
      options: { before?: number; count: number; isWithGraph: boolean },
    ): { runs: WorkflowRun[]; next?: number };
    /** @throws AwsError IllegalWorkflowStateException */
    stop(name: string, runId: string): void;
    /** @throws AwsError IllegalWorkflowStateException, InvalidInputException, ConcurrentRunsExceededException */
    resume(name: string, runId: string, nodeIds: readonly string[]): string;
    properties(name: string, runId: string): Record<string, string>;
    putProperties(name: string, runId: string, properties: Record<string, string>): void;
  };
  /** An event that a rule of EventBridge sends to a workflow. @throws AwsError InvalidInputException */
  notifyEvent(name: string, eventId: string): void;
  close(): void;
}

export interface WorkflowsOptions {
  jobs: Jobs;
  crawlers: WorkflowCrawlers;
  tags: Tags;
  clock: Clock;
  ids: Ids;
  log?: Log;
}

/** `state` must have been opened with documentsSchema. Chains of an earlier process go on. */
export function openWorkflows(state: State, options: WorkflowsOptions): Workflows {
  const { jobs, crawlers, tags, clock, log = silentLog } = options;
  const chains = openChainTable(state);
  const nodes = chainNodes(jobs, crawlers);
  const definitions = openWorkflowTable(state, options);
  const triggers = openTriggerTable(state, {
    tags,
    requireNode: nodes.require,
    requireWorkflow: (name) => void definitions.get(name),
  });
  const runner = openChainRunner(state, { ...options, chains, triggers, nodes });

  const startRun = (name: string, start: Partial<WorkflowStart> = {}, previous?: Chain): WorkflowStart => {
    const { MaxConcurrentRuns, DefaultRunProperties } = definitions.get(name);
    const running = chains.live().filter((chain) => chain.workflowName === name).length;
    if (MaxConcurrentRuns !== undefined && running >= MaxConcurrentRuns) {
      throw new AwsError(
        'ConcurrentRunsExceededException',
        `Concurrent runs exceeded for workflow: ${name}.`,
      );
    }
    return {
      ...start,
      name,
      properties: { ...DefaultRunProperties, ...previous?.properties, ...start.properties },
      triggers: triggers.ofWorkflow(name),
    };
  };
  const startingTrigger = (name: string) =>
    triggers.ofWorkflow(name).find(({ Type }) => Type !== 'CONDITIONAL');
  const fire = (trigger: TriggerRecord, start?: Partial<WorkflowStart>) =>
    trigger.WorkflowName === undefined
      ? runner.begin(trigger)
      : runner.begin(trigger, startRun(trigger.WorkflowName, start));

  const timers = openScheduleTimers('trigger', { clock, log }, (name) => fire(triggers.get(name)));
  const setTimer = ({ Name, Type, State, Schedule }: TriggerRecord) => {
    if (Type === 'SCHEDULED' && State === 'ACTIVATED') timers.set(Name, parseSchedule(Schedule as string));
    else timers.clear(Name);
  };
  const batches = openEventBatches(state, { clock, log }, (name, eventIds, isWindowOver) => {
    const trigger = triggers.find(name);
    if (trigger?.State !== 'ACTIVATED') return;
    const { BatchSize, BatchWindow } = trigger.EventBatchingCondition ?? {};
    fire(trigger, {
      // AWS docs, "Starting a workflow with an EventBridge event": the property that names the events.
      properties: { 'aws:eventIds': JSON.stringify(eventIds) },
      startingEvents: isWindowOver ? { BatchWindow } : { BatchSize },
    });
  });
  triggers.list().forEach(setTimer);
  jobs.onEnd((run, retriedAs) =>
    runner.ended('JOB', run.runId, { state: run.state, errorMessage: run.errorMessage, retriedAs }),
  );
  crawlers.onEnd(({ crawlId, ...end }) => runner.ended('CRAWLER', crawlId, end));
  runner.goOn();

  const requireRun = (name: string, runId: string): Chain => {
    definitions.get(name);
    const chain = chains.get(runId);
    if (chain?.workflowName === name) return chain;
    throw new AwsError('EntityNotFoundException', `Workflow run ${runId} of workflow ${name} not found.`);
  };
  const nodeRuns = {
    jobRuns: (runIds: readonly string[]) =>
      runIds.flatMap((runId) => jobs.runs.find(runId) ?? []).map((run) => toJobRun(run, clock.now())),
    crawls: (crawlIds: readonly string[]): Crawl[] => crawlIds.flatMap((id) => crawlers.crawl(id) ?? []),
  };
  const describeRun = (chain: Chain, isWithGraph: boolean): WorkflowRun => {
    const name = chain.workflowName as string;
    return {
      Name: name,
      WorkflowRunId: chain.chainId,
      ...(chain.previousRunId === undefined ? {} : { PreviousRunId: chain.previousRunId }),
      WorkflowRunProperties: chain.properties,
      StartedOn: chain.startedOn,
      ...(chain.completedOn ? { CompletedOn: chain.completedOn } : {}),
      Status: chain.status,
      Statistics: runStatistics(chain),
      ...(isWithGraph ? { Graph: workflowGraph(name, chain.triggers ?? [], chain, nodeRuns) } : {}),
      ...(chain.startingEvents ? { StartingEventBatchCondition: chain.startingEvents } : {}),
    };
  };
  const setState = (trigger: TriggerRecord, to: 'ACTIVATED' | 'DEACTIVATED') => {
    setTimer(triggers.setState(trigger, to));
    if (to === 'DEACTIVATED') batches.forget(trigger.Name);
  };
  const deleteTrigger = (name: string) => {
    timers.clear(name);
    batches.forget(name);
    triggers.delete(name);
  };

  return {
    triggers: {
      ...triggers,
      create(input) {
        const trigger = triggers.create(input);
        setTimer(trigger);
        return trigger;
      },
      update(name, update) {
        const trigger = triggers.update(name, update);
        setTimer(trigger);
        return trigger;
      },
      delete: deleteTrigger,
      start(name) {
        const trigger = triggers.get(name);
        if (trigger.Type === 'ON_DEMAND') fire(trigger);
        else setState(trigger, 'ACTIVATED');
      },
      stop(name) {
        const trigger = triggers.get(name);
        if (trigger.Type === 'ON_DEMAND') {
          throw invalid(`Trigger ${name} is ON_DEMAND, so it is never active and cannot be stopped.`);
        }
        setState(trigger, 'DEACTIVATED');
      },
    },
    definitions: {
      ...definitions,
      delete: (name) =>
        state.transaction(() => {
          for (const trigger of triggers.ofWorkflow(name)) deleteTrigger(trigger.Name);
          for (const chain of chains.ofWorkflow(name)) chains.delete(chain);
          definitions.delete(name);
        }),
    },
    describe(name, isWithGraph) {
      const workflow = definitions.get(name);
      const [last] = chains.ofWorkflow(name, { count: 1 });
      return {
        ...workflow,
        ...(last ? { LastRun: describeRun(last, isWithGraph) } : {}),
        ...(isWithGraph ? { Graph: workflowGraph(name, triggers.ofWorkflow(name)) } : {}),
      };
    },
    runs: {
      start: (name, properties) =>
        runner.begin(startingTrigger(name), startRun(name, { properties })).chainId,
      get: (name, runId, isWithGraph) => describeRun(requireRun(name, runId), isWithGraph),
      list(name, { isWithGraph, count, ...page }) {
        definitions.get(name);
        const found = chains.ofWorkflow(name, { ...page, count: count + 1 });
        const last = found.length > count ? found[count - 1] : undefined;
        return {
          runs: found.slice(0, count).map((chain) => describeRun(chain, isWithGraph)),
          ...(last ? { next: last.sequence } : {}),
        };
      },
      stop(name, runId) {
        const chain = requireRun(name, runId);
        if (chain.status !== 'RUNNING')
          throw illegal(`Workflow run ${runId} is ${chain.status}, not RUNNING.`);
        runner.stop(chain);
      },
      resume(name, runId, nodeIds) {
        const chain = requireRun(name, runId);
        if (chain.completedOn === undefined) throw illegal(`Workflow run ${runId} is ${chain.status} still.`);
        const again = nodeIds.map((id) => {
          const action = chain.actions.findLast((one) => nodeId(name, one.kind, one.name) === id);
          if (action) return action;
          throw invalid(`${id} is no job or crawler that workflow run ${runId} has started.`);
        });
        const workflow = startRun(name, {}, chain);
        return runner.resume(chain, { ...workflow, triggers: chain.triggers ?? workflow.triggers }, again)
          .chainId;
      },
      properties: (name, runId) => requireRun(name, runId).properties,
      putProperties(name, runId, properties) {
        const chain = requireRun(name, runId);
        if (chain.completedOn !== undefined) throw illegal(`Workflow run ${runId} is ${chain.status}.`);
        state.transaction(() => chains.put({ ...chain, properties: { ...chain.properties, ...properties } }));
      },
    },
    notifyEvent(name, eventId) {
      definitions.get(name);
      const trigger = startingTrigger(name);
      if (trigger?.Type !== 'EVENT') {
        throw invalid(`Workflow ${name} has no EVENT trigger: it is not started by events.`);
      }
      if (trigger.State === 'ACTIVATED') batches.add(trigger, eventId);
    },
    close() {
      timers.close();
      batches.close();
    },
  };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

function illegal(message: string): AwsError {
  return new AwsError('IllegalWorkflowStateException', message);
}
