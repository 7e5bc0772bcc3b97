// Invokes functions: a warm worker or a new one, its output into the log, its outcome as Lambda answers it.
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import type { Log } from '../base/log.js';
import type { ProgramSessions } from '../identity/program-sessions.js';
import { openLineLog, type LineLog } from '../logs/line-log.js';
import type { LogGroups } from '../logs/log-groups.js';
import type { ProcessRecords } from '../processes/process-records.js';
import type { State } from '../state/state.js';
import { folderFingerprint } from './folder-fingerprint.js';
import { LIBRARY_FOLDER, type CodeStore } from './function-code.js';
import { functionArn, type FunctionReference, type FunctionScope } from './function-name.js';
import type { FunctionTable } from './function-table.js';
import { logGroupOf, type FunctionVersion } from './function-version.js';
import { lambdaError } from './lambda-error.js';
import { LogTail } from './log-tail.js';
import { workerEnvironment } from './worker-environment.js';
import { openWorkerPool, type PooledWorker } from './worker-pool.js';
import { startWorker, type HandlerError, type WorkerResult } from './worker.js';

/** AWS docs: Lambda quotas, invocation payload, for an answer. */
const RESPONSE_BYTES_MAX = 6 * 1024 * 1024 + 100;

export interface Invocation {
  reference: FunctionReference;
  requestId: string;
  /** JSON text. */
  payload: string;
  clientContext?: string;
}

export interface InvocationResult {
  /** JSON text. */
  payload: string;
  isError: boolean;
  executedVersion: string;
  /** The end of what the invocation logged, at most 4 KB. */
  logTail: string;
}

export interface FunctionInvoker {
  /** @throws AwsError ResourceNotFoundException, TooManyRequestsException, InvalidParameterValueException */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** Has the function's next invocation in a new worker. */
  retire(name: string): void;
  close(): Promise<void>;
}

export interface InvokerOptions extends FunctionScope {
  functions: FunctionTable;
  codes: CodeStore;
  sessions: ProgramSessions;
  logs: LogGroups;
  processes: ProcessRecords;
  /** Where the embedded AWS listens for this machine's programs. */
  endpoint: () => Promise<string>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Workers have their temporary folders in it. */
  folder: string;
}

interface LoggingWorker extends PooledWorker {
  lines: LineLog;
  /** What the present invocation has logged; between invocations nobody listens. */
  tail: LogTail | undefined;
}

export function openFunctionInvoker(state: State, options: InvokerOptions): FunctionInvoker {
  const { functions, codes, clock, ids } = options;
  const pool = openWorkerPool<LoggingWorker>();
  let isClosing = false;

  const start = (version: FunctionVersion, key: string, codeFolder: string, endpoint: string) => {
    pool.makeRoom();
    const date = clock.now().toISOString().slice(0, 10).replaceAll('-', '/');
    const stream = `${date}/[${version.version}]${ids.hex(16)}`;
    const lines = openLineLog({ ...options, group: logGroupOf(version), stream });
    const worker = startWorker({
      codeFolder,
      temporaryFolder: join(options.folder, `tmp-${ids.hex(8)}`),
      memoryMb: version.memoryMb,
      environment: workerEnvironment(version, {
        ...options,
        codeFolder,
        libraryFolder: join(options.folder, LIBRARY_FOLDER),
        logStream: stream,
        endpoint,
      }),
      onOutput: (message) => write(pooled, message),
    });
    const pooled: LoggingWorker = {
      worker,
      key,
      functionName: version.name,
      startedMs: performance.now(),
      lines,
      tail: undefined,
    };
    pool.add(pooled);
    const { pid } = worker;
    if (pid === undefined) return pooled;
    try {
      state.transaction(() => options.processes.add(pid));
    } catch (error) {
      worker.kill();
      throw error;
    }
    // A record that stays names no living process: the next start drops it.
    void worker.ended.then(() => options.processes.remove(pid)).catch(() => {});
    return pooled;
  };

  const write = (pooled: LoggingWorker, message: string) => {
    pooled.lines.add(message);
    pooled.tail?.add(message);
  };

  return {
    async invoke({ reference, requestId, payload, clientContext }) {
      const version = functions.resolve(reference);
      const [endpoint, codeFolder] = [await options.endpoint(), await codes.open(version.code)];
      const key = keyOf(version, codeFolder);
      // From here to the busy worker nothing is waited for, so that invocations at once are counted one by one.
      throttle(functions, pool.busyCount(version.name), version.name);
      if (isClosing) throw lambdaError('ServiceException', 500, 'gluepot is closing.', { Type: 'Service' });
      const warm = pool.take(key);
      if (!warm && version.code.kind === 'folder') pool.retire(version.name);
      const pooled = warm ?? start(version, key, codeFolder, endpoint);
      const tail = new LogTail();
      pooled.tail = tail;
      const { worker } = pooled;
      const invokedFunctionArn = functionArn(options, reference);
      let initMs: number | undefined;
      let result: WorkerResult;
      let isUsable: boolean;
      try {
        const ready = await worker.ready;
        if (!warm) ({ initMs } = ready);
        write(pooled, `START RequestId: ${requestId} Version: ${version.version}`);
        result = await worker.invoke({
          requestId,
          payload,
          timeoutMs: version.timeoutSeconds * 1000,
          invokedFunctionArn,
          ...(clientContext === undefined ? {} : { clientContext }),
        });
        isUsable = result.ending === undefined;
      } catch (error) {
        write(pooled, `START RequestId: ${requestId} Version: ${version.version}`);
        result = initFailure(error as HandlerError, requestId);
        isUsable = false;
        worker.kill();
      }
      result = bounded(result);
      if (result.ending !== undefined) {
        write(pooled, `${clock.now().toISOString()} ${requestId} ${result.ending}`);
      }
      write(pooled, `END RequestId: ${requestId}`);
      write(pooled, reportOf(requestId, result, version, initMs));
      pooled.tail = undefined;
      try {
        pooled.lines.flush();
      } finally {
        if (isUsable) pool.giveBack(pooled);
      }
      return {
        payload: result.payload,
        isError: result.isError,
        executedVersion: version.version,
        logTail: tail.text(),
      };
    },
    retire: (name) => pool.retire(name),
    async close() {
      isClosing = true;
      await pool.close();
    },
  };
}

function throttle(functions: FunctionTable, busyCount: number, name: string): void {
  const { reservedConcurrency } = functions.get(name);
  if (reservedConcurrency === undefined || busyCount < reservedConcurrency) return;
  throw lambdaError('TooManyRequestsException', 429, 'Rate Exceeded.', {
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
}

function keyOf({ name, version, revisionId, code }: FunctionVersion, codeFolder: string): string {
  const state = code.kind === 'folder' ? folderFingerprint(codeFolder) : '';
  return JSON.stringify([name, version, revisionId, state]);
}

function initFailure(error: HandlerError, requestId: string): WorkerResult {
  const { errorType, trace } = error;
  const isExit = errorType === 'Runtime.ExitError';
  const errorMessage = isExit ? `RequestId: ${requestId} Error: ${error.errorMessage}` : error.errorMessage;
  return {
    payload: JSON.stringify({ errorType, errorMessage, ...(trace ? { trace } : {}) }),
    isError: true,
    durationMs: 0,
    ...(isExit ? { ending: error.errorMessage } : {}),
  };
}

function bounded(result: WorkerResult): WorkerResult {
  const byteCount = Buffer.byteLength(result.payload);
  if (byteCount <= RESPONSE_BYTES_MAX) return result;
  const payload = JSON.stringify({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${byteCount} bytes) exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
  });
  return { ...result, payload, isError: true };
}

function reportOf(
  requestId: string,
  { durationMs, maxMemoryBytes }: WorkerResult,
  { memoryMb }: FunctionVersion,
  initMs: number | undefined,
): string {
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.max(1, Math.ceil(durationMs))} ms`,
    `Memory Size: ${memoryMb} MB`,
    ...(maxMemoryBytes === undefined
      ? []
      : [`Max Memory Used: ${Math.ceil(maxMemoryBytes / 1024 / 1024)} MB`]),
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    '',
  ].join('\t');
}
