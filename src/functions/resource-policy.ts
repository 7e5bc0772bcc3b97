// A function's resource policy: who may invoke it. Kept and given back; permissions are not evaluated here.
import type { AddPermissionRequest } from '@aws-sdk/client-lambda';
import type { Ids } from '../base/ids.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import type { Checked } from '../wire/service.js';
import { functionArn, type FunctionReference, type FunctionScope } from './function-name.js';
import type { FunctionTable } from './function-table.js';
import { lambdaError } from './lambda-error.js';

interface Statement {
  Sid: string;
  Effect: 'Allow';
  Principal: unknown;
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

interface PolicyRecord {
  statements: Statement[];
  revisionId: string;
}

export interface ResourcePolicies {
  /** The statement as JSON text. @throws AwsError ResourceConflictException for a StatementId that is there */
  add(reference: FunctionReference, input: Checked<AddPermissionRequest>): string;
  /** @throws AwsError ResourceNotFoundException when there is none */
  get(reference: FunctionReference): { Policy: string; RevisionId: string };
  /** @throws AwsError ResourceNotFoundException */
  remove(reference: FunctionReference, statementId: string): void;
  deleteAll(name: string): void;
}

export function openResourcePolicies(
  state: State,
  { functions, ids, ...scope }: FunctionScope & { functions: FunctionTable; ids: Ids },
): ResourcePolicies {
  const records = openDocuments<PolicyRecord>(state, 'lambda-policy');
  const keyOf = ({ name, qualifier = '' }: FunctionReference) => `${name}:${qualifier}`;
  const put = (reference: FunctionReference, statements: Statement[]) =>
    records.put(keyOf(reference), { statements, revisionId: ids.uuid() });
  const find = (reference: FunctionReference) => {
    functions.resolve(reference);
    return records.get(keyOf(reference));
  };
  return {
    add(reference, input) {
      const present = find(reference)?.statements ?? [];
      if (present.some(({ Sid }) => Sid === input.StatementId)) {
        throw lambdaError(
          'ResourceConflictException',
          409,
          `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      }
      const statement: Statement = {
        Sid: input.StatementId,
        Effect: 'Allow',
        Principal: principalOf(input.Principal),
        Action: input.Action,
        Resource: functionArn(scope, reference),
        ...conditionOf(input),
      };
      put(reference, [...present, statement]);
      return JSON.stringify(statement);
    },
    get(reference) {
      const policy = find(reference);
      if (!policy) throw noPolicy();
      return {
        Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy.statements }),
        RevisionId: policy.revisionId,
      };
    },
    remove(reference, statementId) {
      const statements = find(reference)?.statements ?? [];
      const kept = statements.filter(({ Sid }) => Sid !== statementId);
      if (kept.length === statements.length) {
        throw lambdaError(
          'ResourceNotFoundException',
          404,
          `Statement ${statementId} is not found in resource policy.`,
        );
      }
      if (kept.length > 0) put(reference, kept);
      else records.delete(keyOf(reference));
    },
    deleteAll(name) {
      for (const { key } of records.list({ prefix: `${name}:` })) records.delete(key);
    },
  };
}

function noPolicy() {
  return lambdaError('ResourceNotFoundException', 404, 'The resource you requested does not exist.');
}

function principalOf(principal: string): unknown {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

function conditionOf({ SourceArn, SourceAccount, PrincipalOrgID }: Checked<AddPermissionRequest>): {
  Condition?: Record<string, Record<string, string>>;
} {
  const equals = {
    ...(SourceAccount === undefined ? {} : { 'AWS:SourceAccount': SourceAccount }),
    ...(PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': PrincipalOrgID }),
  };
  const condition = {
    ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return Object.keys(condition).length > 0 ? { Condition: condition } : {};
}
