// A chain: one firing of a trigger that starts things, and all that follows from it. A run of a workflow is one too.
import type { WorkflowRun } from '@aws-sdk/client-glue';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import type { NodeKind, TriggerRecord } from '../triggers/trigger.js';

/** A job run or crawl that a trigger of the chain has started, or could not start. */
export interface ChainAction {
  kind: NodeKind;
  name: string;
  trigger: string;
  /** Of job runs the newest try last; of a crawl its id; none when it could not be started. */
  runIds: string[];
  /** AWS's word for the end of a job run or crawl; RUNNING until then; ERROR when it could not be started. */
  state: string;
  errorMessage?: string;
}

export interface Chain {
  chainId: string;
  /** Grows with every chain. */
  sequence: number;
  workflowName?: string;
  previousRunId?: string;
  status: Exclude<WorkflowRun['Status'], undefined>;
  startedOn: Date;
  completedOn?: Date;
  properties: Record<string, string>;
  startingEvents?: WorkflowRun['StartingEventBatchCondition'];
  /** A workflow's triggers as they were when its run began. */
  triggers?: TriggerRecord[];
  /** Names of the triggers that have fired: each fires once in a chain. */
  fired: string[];
  actions: ChainAction[];
}

export interface ChainTable {
  put(chain: Chain): void;
  get(chainId: string): Chain | undefined;
  /** Chains that have not ended. */
  live(): Chain[];
  /** Runs of a workflow, newest first, those before `before`. */
  ofWorkflow(name: string, options?: { before?: number; count?: number }): Chain[];
  /** What belongs to no workflow is not kept when it has ended. */
  delete(chain: Chain): void;
  nextSequence(): number;
}

/** Keys sort runs newest first. */
const SEQUENCE_MAX = 10 ** 12;

export function openChainTable(state: State): ChainTable {
  const live = openDocuments<Chain>(state, 'glue-chain-live');
  const runs = openDocuments<Chain>(state, 'glue-workflow-run');
  const keys = openDocuments<string>(state, 'glue-workflow-run-key');
  const sequence = openDocuments<number>(state, 'glue-chain-sequence');
  const keyAt = (name: string, number: number) =>
    `${name}\n${String(SEQUENCE_MAX - number).padStart(13, '0')}`;
  const hasEnded = ({ status }: Chain) => status !== 'RUNNING' && status !== 'STOPPING';
  return {
    put(chain) {
      if (hasEnded(chain)) live.delete(chain.chainId);
      else live.put(chain.chainId, chain);
      if (chain.workflowName === undefined) return;
      const key = keyAt(chain.workflowName, chain.sequence);
      runs.put(key, chain);
      keys.put(chain.chainId, key);
    },
    get(chainId) {
      const key = keys.get(chainId);
      return key === undefined ? live.get(chainId) : runs.get(key);
    },
    live: () => live.list().map(({ document }) => document),
    ofWorkflow: (name, { before, count } = {}) =>
      runs
        .list({
          prefix: `${name}\n`,
          ...(before === undefined ? {} : { after: keyAt(name, before) }),
          ...(count === undefined ? {} : { count }),
        })
        .map(({ document }) => document),
    delete(chain) {
      live.delete(chain.chainId);
      if (chain.workflowName === undefined) return;
      runs.delete(keyAt(chain.workflowName, chain.sequence));
      keys.delete(chain.chainId);
    },
    nextSequence() {
      const next = (sequence.get('last') ?? 0) + 1;
      sequence.put('last', next);
      return next;
    },
  };
}
