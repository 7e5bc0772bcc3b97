// The program of a Lambda worker process: loads the handler once and calls it for each message, as the Node.js runtime does.
// It runs by itself and imports nothing of gluepot, so that a function finds only what Lambda gives it.
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const { _HANDLER: handlerName = '', LAMBDA_TASK_ROOT: taskRoot = '' } = process.env;
const channel = process.channel;
const send = process.send.bind(process);
// A handler that looks for them would take this process for something that it is not.
delete process.send;
delete process.disconnect;

let current;

patchConsole();
offerAwsSdkToModules();
process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', (error) => die('Uncaught Exception', toError(error)));
process.on('unhandledRejection', (reason) =>
  die('Unhandled Promise Rejection', {
    ...toError(reason),
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: String(reason),
  }),
);

const handler = await load().catch((error) => {
  const failure = initFailure(error);
  logError('Uncaught Exception', failure);
  send({ type: 'init-error', error: failure }, () => process.exit(1));
});
if (handler) {
  process.on('message', (message) => void invoke(message));
  process.on('beforeExit', () => current?.idle());
  send({ type: 'ready' });
}

/** `folder/file.member.of.exports`, in the code's folder; the runtime's order of extensions. */
async function load() {
  const match = /^(.*\/)?([^/.]+)\.(.+)$/.exec(handlerName);
  if (!match) throw named('Runtime.MalformedHandlerName', 'Bad handler');
  const [, folder = '', file, member] = match;
  const path = ['.js', '.mjs', '.cjs', ''].map((end) => join(taskRoot, folder + file + end)).find(isFile);
  if (!path) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${folder}${file}'`);
  let loaded;
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', String(error), error);
    const isMissing = error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND';
    throw isMissing ? named('Runtime.ImportModuleError', String(error), error) : error;
  }
  // What a CommonJS module exports is not always seen by name.
  const found = memberOf(loaded, member) ?? memberOf(loaded.default, member);
  if (typeof found === 'function') return found;
  const what = found === undefined ? 'undefined or not exported' : 'not a function';
  throw named('Runtime.HandlerNotFound', `${handlerName} is ${what}`);
}

function isFile(path) {
  return existsSync(path) && !path.endsWith('/');
}

function memberOf(value, path) {
  return path.split('.').reduce((part, name) => part?.[name], value);
}

async function invoke({ requestId, payload, deadlineMs, invokedFunctionArn, clientContext }) {
  process.env._X_AMZN_TRACE_ID = `Root=1-${requestId.slice(0, 8)}-${requestId.replaceAll('-', '').slice(8)};Sampled=0`;
  const context = contextOf({ requestId, deadlineMs, invokedFunctionArn, clientContext });
  current = { requestId };
  const outcome = await new Promise((resolve) => {
    const fail = (error) => resolve({ error: toError(error) });
    let answer;
    const callback = (error, result) => {
      if (answer) return;
      answer = error === undefined || error === null ? { result } : { error: toError(error) };
      if (context.callbackWaitsForEmptyEventLoop) channel.unref();
      else resolve(answer);
    };
    // With nothing left to do and no answer, the answer is null.
    current.idle = () => resolve(answer ?? { result: null });
    context.done = callback;
    context.succeed = (result) => resolve({ result });
    context.fail = fail;
    let returned;
    try {
      returned = handler(JSON.parse(payload), context, callback);
    } catch (error) {
      fail(error);
      return;
    }
    if (typeof returned?.then === 'function') returned.then((result) => resolve({ result }), fail);
    else if (!answer) channel.unref();
  });
  channel.ref();
  answer(requestId, outcome);
}

function answer(requestId, { result, error }) {
  let failure = error;
  let text;
  try {
    text = JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (cause) {
    failure = {
      ...toError(cause),
      errorType: 'Runtime.MarshalError',
      errorMessage: `Unable to stringify response body: ${cause.message}`,
    };
  }
  if (failure) logError('Invoke Error', failure);
  current = undefined;
  endOutput(requestId);
  const maxMemoryBytes = process.resourceUsage().maxRSS * 1024;
  send(
    failure
      ? { type: 'error', requestId, error: answered(failure), maxMemoryBytes }
      : { type: 'result', requestId, payload: text, maxMemoryBytes },
  );
}

function die(title, failure) {
  logError(title, failure);
  const requestId = current?.requestId;
  if (requestId !== undefined) {
    endOutput(requestId);
    send({ type: 'error', requestId, error: answered(failure), isDead: true }, () => process.exit(129));
  } else process.exit(129);
}

function contextOf({ requestId, deadlineMs, invokedFunctionArn, clientContext }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext),
    identity: undefined,
    invokedFunctionArn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function toError(error) {
  if (error instanceof Error) {
    return {
      errorType: error.name,
      errorMessage: error.message,
      trace: (error.stack ?? '').split('\n'),
      own: Object.fromEntries(Object.entries(error)),
    };
  }
  return { errorType: typeof error, errorMessage: format(error), trace: [] };
}

/** As it goes to the caller. */
function answered({ errorType, errorMessage, trace }) {
  return { errorType, errorMessage, trace };
}

function initFailure(error) {
  return { ...toError(error), errorType: error?.errorType ?? toError(error).errorType };
}

function named(errorType, message, cause) {
  return Object.assign(new Error(message, { cause }), { errorType, name: errorType });
}

/** NODE_PATH is where code finds the AWS SDK when it brings none; Node.js itself looks there for CommonJS only. */
function offerAwsSdkToModules() {
  if (!process.env.NODE_PATH) return;
  const hooks = `
    let parentURL;
    export const initialize = (data) => void ({ parentURL } = data);
    export const resolve = (specifier, context, next) =>
      next(specifier, context).catch((error) => {
        if (error.code !== 'ERR_MODULE_NOT_FOUND' || !specifier.startsWith('@aws-sdk/')) throw error;
        return next(specifier, { ...context, parentURL });
      });`;
  const data = { parentURL: pathToFileURL(join(process.env.NODE_PATH, '..', 'index.js')).href };
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, { parentURL: import.meta.url, data });
}

/** Console calls become one line each, with time, request and level, as the runtime writes them. */
function patchConsole() {
  const levels = { log: 'INFO', debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => writeLine(level, format(...values));
  }
}

function logError(title, { errorType, errorMessage, trace, own }) {
  writeLine('ERROR', `${title} \t${JSON.stringify({ errorType, errorMessage, ...own, stack: trace })}`);
}

function writeLine(level, message) {
  const line = `${new Date().toISOString()}\t${current?.requestId ?? 'undefined'}\t${level}\t${message}`;
  // One event each: its own line ends are told from the line's end by another character.
  process.stdout.write(`${line.replaceAll('\n', '\r')}\n`);
}

/** Tells the reader of the output that everything before belongs to this request. */
function endOutput(requestId) {
  process.stdout.write(`\u0000end ${requestId}\n`);
}
