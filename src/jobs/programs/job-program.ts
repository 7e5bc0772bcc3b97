// Jobs whose script is gluepot's launcher: the Node.js program that it names, run as a process of this machine.
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../../base/errors.js';
import type { ProgramSessions } from '../../identity/program-sessions.js';
import { startLocalProcess } from '../../processes/local-process.js';
import { awsEnvironment, inheritedEnvironment } from '../../processes/process-environment.js';
import type { ProcessRecords } from '../../processes/process-records.js';
import type { State } from '../../state/state.js';
import { authorizedStorage } from '../../storage/authorized-storage.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import { GLUE_PRINCIPAL, JOB_SESSION_NAME, jobArn } from '../job.js';
import { scriptRefusal, type RunScript, type ScriptWork } from '../script.js';

/** The first line of bin/run-job-program.py. What it does on AWS after finding Node.js and DuckDB is done here. */
const LAUNCHER = /^# gluepot job launcher 1:/;
const PROGRAM_ARGUMENT = '--gluepot_program';

export interface JobProgramOptions {
  storage: ObjectStorage;
  sessions: ProgramSessions;
  processes: ProcessRecords;
  /** Where the embedded AWS listens for this machine's programs. */
  endpoint: () => Promise<string>;
  region: string;
  accountId: string;
  dataDir: string;
}

/** Runs of jobs whose script is any other are refused: it would need Spark, or Python's libraries of Glue. */
export function openJobPrograms(state: State, options: JobProgramOptions): RunScript {
  const workFolder = resolve(options.dataDir, 'job-programs');
  // What a gluepot that died left: its programs are ended by now.
  rmSync(workFolder, { recursive: true, force: true });
  return async (work) => {
    const storage = authorizedStorage(options.storage, work.session.require);
    const { job } = work;
    const { ScriptLocation } = job.Command;
    const script = ScriptLocation && placeOf(ScriptLocation);
    const isThere =
      script && options.storage.hasBucket(script.bucket) && options.storage.head(script.bucket, script.key);
    if (!isThere) throw new Error(scriptRefusal(job));
    if (!LAUNCHER.test(readFileSync(pathOf(storage, ScriptLocation), 'utf8')))
      throw new Error(scriptRefusal(job));
    const program = work.arguments[PROGRAM_ARGUMENT];
    if (program === undefined) {
      throw new Error(`Job ${job.Name} has no ${PROGRAM_ARGUMENT}, which its script needs: s3://BUCKET/KEY.`);
    }
    const folder = join(workFolder, work.runId);
    await mkdir(folder, { recursive: true });
    try {
      await copyFile(pathOf(storage, program), join(folder, 'program.cjs'));
      offerDuckdb(folder);
      await runProgram(work, folder, options, state);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}

async function runProgram(
  work: ScriptWork,
  folder: string,
  { sessions, endpoint, region, accountId, processes }: JobProgramOptions,
  state: State,
): Promise<void> {
  const { job, signal, log } = work;
  const credentials = sessions.credentialsFor({
    roleArn: job.Role,
    servicePrincipal: GLUE_PRINCIPAL,
    sourceArn: jobArn({ region, accountId }, job.Name),
    sessionName: JOB_SESSION_NAME,
  });
  const environment = {
    ...inheritedEnvironment(),
    ...awsEnvironment({ endpoint: await endpoint(), region, credentials }),
    // As for the gluepot command, see bin/process-settings.cjs.
    UV_THREADPOOL_SIZE: '16',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    TMPDIR: folder,
  };
  signal.throwIfAborted();
  let lastLine = 'it wrote nothing';
  const words = [
    '--JOB_NAME',
    job.Name,
    '--JOB_RUN_ID',
    work.runId,
    ...Object.entries(work.arguments).flat(),
  ];
  const program = startLocalProcess({
    command: [process.execPath, join(folder, 'program.cjs'), ...words],
    environment,
    workingDirectory: folder,
    onLine(line) {
      lastLine = line;
      log(line);
    },
  });
  const { pid } = program;
  const stop = () => program.stop(0);
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (pid !== undefined) state.transaction(() => processes.add(pid));
    const { exitCode } = await program.ended;
    signal.throwIfAborted();
    if (exitCode !== 0) throw new Error(`The program ended with exit code ${exitCode}: ${lastLine}`);
  } finally {
    signal.removeEventListener('abort', stop);
    program.stop(0);
    if (pid !== undefined) state.transaction(() => processes.remove(pid));
  }
}

function pathOf(storage: ObjectStorage, uri: string): string {
  const place = placeOf(uri);
  try {
    if (!place) throw new Error('it is no s3:// address');
    return storage.path(place.bucket, place.key);
  } catch (error) {
    throw new Error(`${uri} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function placeOf(uri: string): { bucket: string; key: string } | undefined {
  const [, bucket, key] = /^s3[an]?:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

/** On AWS the launcher has npm install it beside the program. */
function offerDuckdb(folder: string): void {
  const api = createRequire(import.meta.url).resolve('@duckdb/node-api/package.json');
  symlinkSync(dirname(dirname(dirname(api))), join(folder, 'node_modules'), 'junction');
}
