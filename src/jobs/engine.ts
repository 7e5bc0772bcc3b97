// What a job run asks of an engine: the graph, the arguments, and a way to stop.
import type { CodeGenConfigurationNode } from '@aws-sdk/client-glue';

export interface EngineWork {
  jobName: string;
  runId: string;
  nodes: Record<string, CodeGenConfigurationNode>;
  /** Default arguments with the run's overrides applied. */
  arguments: Record<string, string>;
  /** ARN under which tables made by the run are recorded. */
  callerArn: string;
  signal: AbortSignal;
  /** A line for the run's log stream. */
  log(line: string): void;
}

/** Runs the graph to its end. Rejects with what is wrong, in words for the run's ErrorMessage; nothing half-written stays. */
export type Engine = (work: EngineWork) => Promise<void>;
