// Functions with their published versions and aliases, as they are kept.
import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import type { FunctionCode } from './function-code.js';
import { functionArn, LATEST, type FunctionReference, type FunctionScope } from './function-name.js';
import type { FunctionVersion } from './function-version.js';
import { invalidValue, lambdaError, notFound } from './lambda-error.js';

export interface FunctionRecord {
  latest: FunctionVersion;
  tags: Record<string, string>;
  /** Number of the newest published version; 0 for none. Numbers are not used again. */
  publishedCount: number;
  /** What `latest` was when it was published last. */
  publishedRevisionId?: string;
  /** Invocations that may run at once. */
  reservedConcurrency?: number;
}

export interface AliasRecord {
  name: string;
  version: string;
  description: string;
  revisionId: string;
}

/** Methods with a name or reference throw ResourceNotFoundException when it names nothing. */
export interface FunctionTable {
  /** @throws AwsError ResourceConflictException */
  create(record: FunctionRecord): void;
  get(name: string): FunctionRecord;
  put(record: FunctionRecord): void;
  /** In name order, those after `after`. */
  list(options: { after?: string; count: number }): FunctionRecord[];
  delete(name: string): void;
  /** The version that a reference leads to, by an alias too. */
  resolve(reference: FunctionReference): FunctionVersion;
  /** A version of what `$LATEST` is now; the newest one again when nothing has changed since. */
  publish(name: string, description?: string): FunctionVersion;
  /** `$LATEST`, then published ones, oldest first. */
  versions(name: string): FunctionVersion[];
  /** @throws AwsError ResourceConflictException while an alias points to it */
  deleteVersion(name: string, version: string): void;
  aliases: {
    /** @throws AwsError ResourceConflictException */
    create(functionName: string, alias: Omit<AliasRecord, 'revisionId'>): AliasRecord;
    get(functionName: string, alias: string): AliasRecord;
    update(
      functionName: string,
      alias: string,
      change: { version?: string; description?: string },
    ): AliasRecord;
    list(functionName: string): AliasRecord[];
    /** Nothing happens when it is not there. */
    delete(functionName: string, alias: string): void;
  };
  /** Code of everything, so that other code can go. */
  codes(): FunctionCode[];
}

export function openFunctionTable(
  state: State,
  { clock, ids, ...scope }: FunctionScope & { clock: Clock; ids: Ids },
): FunctionTable {
  const functions = openDocuments<FunctionRecord>(state, 'lambda-function');
  const published = openDocuments<FunctionVersion>(state, 'lambda-version');
  const aliasRecords = openDocuments<AliasRecord>(state, 'lambda-alias');
  const versionKey = (name: string, version: string) => `${name}:${version.padStart(10, '0')}`;

  const get = (name: string) => {
    const record = functions.get(name);
    if (!record) throw notFound(functionArn(scope, { name }));
    return record;
  };
  const findVersion = (name: string, version: string) =>
    version === LATEST ? get(name).latest : published.get(versionKey(name, version));
  const publishedOf = (name: string) =>
    published.list({ prefix: `${name}:` }).map(({ document }) => document);
  const requireVersion = (name: string, version: string) => {
    const found = findVersion(name, version);
    if (!found) throw notFound(functionArn(scope, { name, qualifier: version }));
    return found;
  };
  const getAlias = (name: string, alias: string) => {
    get(name);
    const record = aliasRecords.get(`${name}:${alias}`);
    if (record) return record;
    throw lambdaError(
      'ResourceNotFoundException',
      404,
      `Cannot find alias arn: ${functionArn(scope, { name, qualifier: alias })}`,
    );
  };
  const putAlias = (functionName: string, alias: Omit<AliasRecord, 'revisionId'>) => {
    requireVersion(functionName, alias.version);
    const record = { ...alias, revisionId: ids.uuid() };
    aliasRecords.put(`${functionName}:${alias.name}`, record);
    return record;
  };

  return {
    create(record) {
      if (functions.get(record.latest.name)) {
        throw lambdaError('ResourceConflictException', 409, `Function already exist: ${record.latest.name}`);
      }
      functions.put(record.latest.name, record);
    },
    get,
    put: (record) => functions.put(record.latest.name, record),
    list: ({ after, count }) =>
      functions.list({ count, ...(after === undefined ? {} : { after }) }).map(({ document }) => document),
    delete(name) {
      get(name);
      functions.delete(name);
      for (const { key } of published.list({ prefix: `${name}:` })) published.delete(key);
      for (const { key } of aliasRecords.list({ prefix: `${name}:` })) aliasRecords.delete(key);
    },
    resolve({ name, qualifier = LATEST }) {
      get(name);
      const alias = aliasRecords.get(`${name}:${qualifier}`);
      return requireVersion(name, alias?.version ?? qualifier);
    },
    publish(name, description) {
      const record = get(name);
      const newest = findVersion(name, String(record.publishedCount));
      if (newest && record.publishedRevisionId === record.latest.revisionId) return newest;
      const version: FunctionVersion = {
        ...record.latest,
        version: String(record.publishedCount + 1),
        description: description ?? record.latest.description,
        lastModified: clock.now(),
        revisionId: ids.uuid(),
      };
      published.put(versionKey(name, version.version), version);
      functions.put(name, {
        ...record,
        publishedCount: record.publishedCount + 1,
        publishedRevisionId: record.latest.revisionId,
      });
      return version;
    },
    versions: (name) => [get(name).latest, ...publishedOf(name)],
    deleteVersion(name, version) {
      if (version === LATEST) {
        throw invalidValue('$LATEST version cannot be deleted without deleting the function.');
      }
      requireVersion(name, version);
      const pointing = aliasRecords
        .list({ prefix: `${name}:` })
        .find(({ document }) => document.version === version);
      if (pointing) {
        throw lambdaError(
          'ResourceConflictException',
          409,
          `Version was not able to be deleted since it is referenced by at least one alias: ${pointing.document.name}`,
        );
      }
      published.delete(versionKey(name, version));
    },
    aliases: {
      create(functionName, alias) {
        get(functionName);
        if (aliasRecords.get(`${functionName}:${alias.name}`)) {
          const arn = functionArn(scope, { name: functionName, qualifier: alias.name });
          throw lambdaError('ResourceConflictException', 409, `Alias already exists: ${arn}`);
        }
        return putAlias(functionName, alias);
      },
      get: getAlias,
      update: (functionName, alias, change) =>
        putAlias(functionName, { ...getAlias(functionName, alias), ...change }),
      list(functionName) {
        get(functionName);
        return aliasRecords.list({ prefix: `${functionName}:` }).map(({ document }) => document);
      },
      delete(functionName, alias) {
        get(functionName);
        aliasRecords.delete(`${functionName}:${alias}`);
      },
    },
    codes: () => [
      ...functions.list().map(({ document }) => document.latest.code),
      ...published.list().map(({ document }) => document.code),
    ],
  };
}

export function toAlias(functionName: string, alias: AliasRecord, scope: FunctionScope): AliasConfiguration {
  return {
    AliasArn: functionArn(scope, { name: functionName, qualifier: alias.name }),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
  };
}
