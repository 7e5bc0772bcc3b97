// Lambda as its service and event targets use it: functions, their code, and the workers behind them.
import { join } from 'node:path';
import type {
  CreateFunctionRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import type { RoleDirectory } from '../identity/role-directory.js';
import type { State } from '../state/state.js';
import type { ObjectStorage } from '../storage/object-storage.js';
import type { Checked } from '../wire/service.js';
import {
  openEventInvocations,
  type EventInvocationOptions,
  type EventInvocations,
} from './event-invocations.js';
import { openCodeStore } from './function-code.js';
import {
  openFunctionInvoker,
  type Invocation,
  type InvocationResult,
  type InvokerOptions,
} from './function-invoker.js';
import { LATEST, parseFunctionReference, type FunctionReference } from './function-name.js';
import { openFunctionTable, type FunctionTable } from './function-table.js';
import { settingsOf, type FunctionVersion } from './function-version.js';
import { invalidValue, lambdaError } from './lambda-error.js';
import { openResourcePolicies, type ResourcePolicies } from './resource-policy.js';
import { LAMBDA_PRINCIPAL } from './worker-environment.js';

export interface Functions {
  table: FunctionTable;
  policies: ResourcePolicies;
  eventConfigs: EventInvocations['configs'];
  /** @throws AwsError ResourceConflictException, InvalidParameterValueException */
  create(input: Checked<CreateFunctionRequest>): Promise<FunctionVersion>;
  /** @throws AwsError ResourceNotFoundException, InvalidParameterValueException, PreconditionFailedException */
  updateCode(input: Checked<UpdateFunctionCodeRequest>): Promise<FunctionVersion>;
  /** @throws AwsError ResourceNotFoundException, InvalidParameterValueException, PreconditionFailedException */
  updateConfiguration(input: Checked<UpdateFunctionConfigurationRequest>): FunctionVersion;
  /** The whole function, or one published version of it. @throws AwsError ResourceNotFoundException */
  delete(reference: FunctionReference): void;
  /** Waits for the outcome. @throws AwsError ResourceNotFoundException, TooManyRequestsException */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /**
   * Keeps an event for the function that an ARN or a name leads to, on disk when this returns. It may be called in a state
   * transaction. @throws AwsError ResourceNotFoundException
   */
  invokeLater(
    nameOrArn: string,
    payload: string,
    options?: { requestId?: string; clientContext?: string },
  ): void;
  /** Goes on with events that waited when the data directory was let go of. */
  resume(): void;
  close(): Promise<void>;
}

export interface FunctionsOptions
  extends Omit<InvokerOptions, 'functions' | 'codes' | 'folder'>, Pick<EventInvocationOptions, 'sendTo'> {
  storage: ObjectStorage;
  roles: RoleDirectory;
  dataDir: string;
}

/** `state` must have been opened with documentsSchema, logsSchema and functionsSchema. */
export function openFunctions(state: State, options: FunctionsOptions): Functions {
  const { clock, ids, roles } = options;
  const folder = join(options.dataDir, 'functions');
  const codes = openCodeStore(state, { ...options, folder });
  const table = openFunctionTable(state, options);
  const policies = openResourcePolicies(state, { ...options, functions: table });
  const invoker = openFunctionInvoker(state, { ...options, functions: table, codes, folder });
  const events = openEventInvocations(state, {
    ...options,
    functions: table,
    invoke: (invocation) => invoker.invoke(invocation),
  });

  const stamp = () => ({ lastModified: clock.now(), revisionId: ids.uuid() });
  const requireRole = (role: string) => {
    try {
      roles.requireAssumable(role, LAMBDA_PRINCIPAL);
    } catch (error) {
      throw invalidValue('The role defined for the function cannot be assumed by Lambda.', { cause: error });
    }
  };
  const checkRevision = (latest: FunctionVersion, revisionId: string | undefined) => {
    if (revisionId === undefined || revisionId === latest.revisionId) return;
    throw lambdaError(
      'PreconditionFailedException',
      412,
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    );
  };
  const replaceLatest = (name: string, change: (latest: FunctionVersion) => FunctionVersion) => {
    const record = table.get(name);
    const latest = { ...change(record.latest), ...stamp() };
    table.put({ ...record, latest });
    codes.keepOnly(table.codes());
    invoker.retire(name);
    return latest;
  };

  return {
    table,
    policies,
    eventConfigs: events.configs,
    async create(input) {
      const { name, qualifier } = parseFunctionReference(input.FunctionName);
      if (qualifier !== undefined)
        throw invalidValue(`A new function has no qualifier: ${input.FunctionName}.`);
      const settings = settingsOf(input);
      requireRole(settings.role);
      const code = await codes.take(input.Code);
      const latest: FunctionVersion = { ...settings, name, version: LATEST, code, ...stamp() };
      return state.transaction(() => {
        table.create({ latest, tags: input.Tags ?? {}, publishedCount: 0 });
        codes.keepOnly(table.codes());
        return input.Publish ? table.publish(name) : latest;
      });
    },
    async updateCode(input) {
      const { name } = parseFunctionReference(input.FunctionName);
      checkRevision(table.get(name).latest, input.RevisionId);
      const code = await codes.take(input);
      if (input.DryRun) return { ...table.get(name).latest, code };
      return state.transaction(() => {
        checkRevision(table.get(name).latest, input.RevisionId);
        const latest = replaceLatest(name, (present) => ({
          ...present,
          code,
          ...(input.Architectures ? { architectures: input.Architectures } : {}),
        }));
        return input.Publish ? table.publish(name) : latest;
      });
    },
    updateConfiguration(input) {
      const { name } = parseFunctionReference(input.FunctionName);
      return state.transaction(() => {
        const present = table.get(name).latest;
        checkRevision(present, input.RevisionId);
        const settings = settingsOf(input, present);
        if (input.Role !== undefined) requireRole(settings.role);
        const { version, code, lastModified, revisionId } = present;
        return replaceLatest(name, () => ({ ...settings, name, version, code, lastModified, revisionId }));
      });
    },
    delete({ name, qualifier }) {
      state.transaction(() => {
        if (qualifier === undefined) {
          table.delete(name);
          policies.deleteAll(name);
          for (const { key } of events.configs.list({ prefix: `${name}:` })) events.configs.delete(key);
        } else table.deleteVersion(name, qualifier);
        codes.keepOnly(table.codes());
      });
      invoker.retire(name);
    },
    invoke: (invocation) => invoker.invoke(invocation),
    invokeLater(nameOrArn, payload, { requestId = ids.uuid(), clientContext } = {}) {
      const reference = parseFunctionReference(nameOrArn);
      table.resolve(reference);
      events.enqueue({
        reference,
        requestId,
        payload,
        ...(clientContext === undefined ? {} : { clientContext }),
      });
    },
    resume: () => events.resume(),
    async close() {
      await Promise.all([events.close(), invoker.close()]);
    },
  };
}
