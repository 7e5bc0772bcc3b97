// What a job run asks of an engine: the graph, the arguments, and a way to stop.
import type { CodeGenConfigurationNode } from '@aws-sdk/client-glue';
import type { RoleSession } from '../identity/role-session.js';
import type { RunBookmark } from './bookmarks/run-bookmark.js';

export interface EngineWork {
  jobName: string;
  runId: string;
  nodes: Record<string, CodeGenConfigurationNode>;
  /** Default arguments with the run's overrides applied. */
  arguments: Record<string, string>;
  /** The role's session, in whose name and with whose permissions the run works. */
  session: RoleSession;
  /** Which files are new to the run; undefined when it reads all. */
  bookmark?: RunBookmark | undefined;
  signal: AbortSignal;
  /** A line for the run's log stream. */
  log(line: string): void;
}

/** Runs the graph to its end. Rejects with what is wrong, in words for the run's ErrorMessage; nothing half-written stays. */
export type Engine = (work: EngineWork) => Promise<void>;
