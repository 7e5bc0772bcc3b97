// What a job run without a graph asks for: its definition, which names a script, and a way to stop.
import type { EngineWork } from './engine.js';
import type { JobRecord } from './job.js';

export interface ScriptWork extends Omit<EngineWork, 'nodes' | 'bookmark'> {
  job: JobRecord;
}

/** Runs the job's script to its end. Rejects with what is wrong, in words for the run's ErrorMessage. */
export type RunScript = (work: ScriptWork) => Promise<void>;

export const refuseScripts: RunScript = ({ job }) => Promise.reject(new Error(scriptRefusal(job)));

export function scriptRefusal({ Name, Command }: Pick<JobRecord, 'Name' | 'Command'>): string {
  return (
    `Job ${Name} has a ${Command.Name} script (${Command.ScriptLocation ?? 'no ScriptLocation'}) and no ` +
    'CodeGenConfigurationNodes. Scripts cannot be run here yet; define the job by its visual graph, ' +
    'CodeGenConfigurationNodes.'
  );
}
