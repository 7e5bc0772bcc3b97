// Lambda operations on functions, their configuration, versions and concurrency.
import { FOLDER_BUCKET } from '../../functions/function-code.js';
import { LATEST, parseFunctionReference, type FunctionScope } from '../../functions/function-name.js';
import { toConfiguration } from '../../functions/function-version.js';
import { invalidValue } from '../../functions/lambda-error.js';
import type { Functions } from '../../functions/open-functions.js';
import type { Operations } from '../../wire/service.js';
import { pageOf, pageOfList } from './page.js';

/** AWS docs: Lambda quotas: what an account may run at once. Fewer workers run here; see WORKERS_MAX. */
const ACCOUNT_CONCURRENCY = 1000;
const UNRESERVED_MIN = 100;

export function functionOperations(functions: Functions, scope: FunctionScope) {
  const { table } = functions;
  const referenced = (name: string, qualifier: string | undefined) => {
    const reference = parseFunctionReference(name, qualifier);
    return {
      reference,
      configuration: toConfiguration(table.resolve(reference), scope, reference.qualifier),
    };
  };
  return {
    async CreateFunction(input) {
      return toConfiguration(await functions.create(input), scope);
    },
    GetFunction({ FunctionName, Qualifier }) {
      const { reference, configuration } = referenced(FunctionName, Qualifier);
      const { tags, reservedConcurrency } = table.get(reference.name);
      const { code } = table.resolve(reference);
      return {
        Configuration: configuration,
        Code:
          code.kind === 'folder'
            ? { RepositoryType: FOLDER_BUCKET, Location: `file://${code.path}` }
            : { RepositoryType: 'S3' },
        ...(Object.keys(tags).length > 0 ? { Tags: tags } : {}),
        ...(reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
      };
    },
    GetFunctionConfiguration({ FunctionName, Qualifier }) {
      return referenced(FunctionName, Qualifier).configuration;
    },
    ListFunctions({ FunctionVersion, MasterRegion, ...page }) {
      if (MasterRegion !== undefined) throw invalidValue('MasterRegion is not supported here; leave it out.');
      const { items, ...next } = pageOf(
        page,
        (options) => table.list(options),
        ({ latest }) => latest.name,
      );
      const versions = items.flatMap(({ latest }) =>
        FunctionVersion === 'ALL' ? table.versions(latest.name) : [latest],
      );
      return {
        Functions: versions.map((version) =>
          toConfiguration(version, scope, FunctionVersion === 'ALL' ? version.version : undefined),
        ),
        ...next,
      };
    },
    async UpdateFunctionCode(input) {
      return toConfiguration(await functions.updateCode(input), scope);
    },
    UpdateFunctionConfiguration(input) {
      return toConfiguration(functions.updateConfiguration(input), scope);
    },
    DeleteFunction({ FunctionName, Qualifier }) {
      functions.delete(parseFunctionReference(FunctionName, Qualifier));
      return {};
    },
    PublishVersion({ FunctionName, Description, CodeSha256, RevisionId }) {
      const { name } = parseFunctionReference(FunctionName);
      const { latest } = table.get(name);
      if (RevisionId !== undefined && RevisionId !== latest.revisionId) {
        throw invalidValue('The Revision Id provided does not match the latest Revision Id.');
      }
      if (CodeSha256 !== undefined && latest.code.kind === 'zip' && CodeSha256 !== latest.code.sha256) {
        throw invalidValue(
          `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      }
      return toConfiguration(table.publish(name, Description), scope);
    },
    ListVersionsByFunction({ FunctionName, ...page }) {
      const { name } = parseFunctionReference(FunctionName);
      const { items, ...next } = pageOfList(page, table.versions(name));
      return { Versions: items.map((version) => toConfiguration(version, scope, version.version)), ...next };
    },
    PutFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions }) {
      const { name } = parseFunctionReference(FunctionName);
      if (ReservedConcurrentExecutions > ACCOUNT_CONCURRENCY - UNRESERVED_MIN) {
        throw invalidValue(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${UNRESERVED_MIN}].`,
        );
      }
      table.put({ ...table.get(name), reservedConcurrency: ReservedConcurrentExecutions });
      return { ReservedConcurrentExecutions };
    },
    GetFunctionConcurrency({ FunctionName }) {
      const { reservedConcurrency } = table.get(parseFunctionReference(FunctionName).name);
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },
    DeleteFunctionConcurrency({ FunctionName }) {
      const record = { ...table.get(parseFunctionReference(FunctionName).name) };
      delete record.reservedConcurrency;
      table.put(record);
      return {};
    },
    GetFunctionCodeSigningConfig({ FunctionName }) {
      // None can be set here; the AWS provider of Terraform asks each function for it.
      const { name } = parseFunctionReference(FunctionName);
      table.get(name);
      return { CodeSigningConfigArn: '', FunctionName: name };
    },
    GetRuntimeManagementConfig({ FunctionName, Qualifier }) {
      const { configuration } = referenced(FunctionName, Qualifier ?? LATEST);
      return { UpdateRuntimeOn: 'Auto' as const, FunctionArn: configuration.FunctionArn as string };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-lambda')>;
}
