// IAM operations that say what policies would allow, without doing it.
import type { ContextEntry, EvaluationResult } from '@aws-sdk/client-iam';
import { decideAccess, type AccessPolicies } from '../../identity/access.js';
import { conditionFacts } from '../../identity/condition.js';
import type { Identity } from '../../identity/identity.js';
import { parsePolicyDocument, type PolicyDocument } from '../../identity/policy-document.js';
import { policiesOf } from '../../identity/role-session.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { pageOf, type PageRequest } from './page.js';

interface SimulationInput extends PageRequest {
  ActionNames: string[];
  ResourceArns?: string[] | undefined;
  ContextEntries?: ContextEntry[] | undefined;
  PermissionsBoundaryPolicyInputList?: string[] | undefined;
  ResourcePolicy?: string | undefined;
  ResourceOwner?: string | undefined;
  CallerArn?: string | undefined;
  ResourceHandlingOption?: string | undefined;
}

/** What the evaluator, which knows of no policies on resources, does not look at. */
const UNSUPPORTED = ['ResourcePolicy', 'ResourceOwner', 'CallerArn', 'ResourceHandlingOption'] as const;

export function simulationOperations({ roles, policies }: Identity) {
  return {
    SimulateCustomPolicy({ PolicyInputList, ...input }) {
      return simulate({ identity: PolicyInputList.map(parse) }, input);
    },
    SimulatePrincipalPolicy({ PolicySourceArn, PolicyInputList = [], ...input }) {
      const [, roleName] = /^arn:[^:]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(PolicySourceArn) ?? [];
      if (roleName === undefined) {
        throw new AwsError(
          'InvalidInput',
          `Invalid Entity Arn: ${PolicySourceArn} does not clearly define entity type and name. There are only roles here.`,
        );
      }
      const own = policiesOf(roles.get(roleName), policies);
      return simulate({ ...own, identity: [...own.identity, ...PolicyInputList.map(parse)] }, input);
    },
  } satisfies Operations<typeof import('@aws-sdk/client-iam')>;
}

const parse = (text: string) => parsePolicyDocument(text, 'permissions');

function simulate(own: AccessPolicies, input: SimulationInput) {
  for (const name of UNSUPPORTED) {
    if (input[name] === undefined) continue;
    throw new AwsError('InvalidInput', `${name} is not supported here: ${input[name]}. Leave it out.`);
  }
  const { ActionNames, ResourceArns = ['*'], ContextEntries = [] } = input;
  const [boundaryText] = input.PermissionsBoundaryPolicyInputList ?? [];
  const boundary = boundaryText === undefined ? own.boundary : parse(boundaryText);
  const facts = conditionFacts(
    Object.fromEntries(
      ContextEntries.map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
        ContextKeyName,
        ContextKeyValues,
      ]),
    ),
  );
  const asked = contextKeys([...own.identity, ...(boundary ? [boundary] : [])]);
  const MissingContextValues = asked.filter((key) => !facts.has(key.toLowerCase()));
  // AWS docs: "Each API in the ActionNames parameter is evaluated for each resource in this list."
  const results = ActionNames.flatMap((action) =>
    ResourceArns.map((resource): EvaluationResult => {
      const decision = decideAccess({ identity: own.identity, boundary }, { action, resource, facts });
      const isBound = decision.decision !== 'allowed' && decision.by === 'permissions boundary';
      return {
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: decision.decision,
        MissingContextValues,
        ...(boundary
          ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: !isBound } }
          : {}),
      };
    }),
  );
  const numbered = results.map((result, index) => ({ result, key: String(index).padStart(6, '0') }));
  const [page, answer] = pageOf(numbered, ({ key }) => key, input);
  return { EvaluationResults: page.map(({ result }) => result), ...answer };
}

function contextKeys(documents: readonly PolicyDocument[]): string[] {
  const conditions = documents.flatMap(({ statements }) => statements.flatMap((one) => one.conditions));
  return [...new Map(conditions.map(({ key }) => [key.toLowerCase(), key])).values()].sort();
}
