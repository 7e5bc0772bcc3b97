// May this be done? A request against the policies of a role, as IAM evaluates them. Pure.
//
// AWS docs: "Policy evaluation logic" and "IAM JSON policy elements: Resource". Within one account and without policies
// on resources: an explicit deny anywhere wins, then both the role's policies and its boundary must allow.
import { holds, matchesPattern, type ConditionFacts } from './condition.js';
import type { Patterns, PolicyDocument, Statement } from './policy-document.js';
import { literal, withVariables } from './policy-variables.js';

export interface AccessRequest {
  /** E.g. `dynamodb:Scan`. */
  action: string;
  /** An ARN, or `*` for an action that has no resource. */
  resource: string;
  facts: ConditionFacts;
}

export interface AccessPolicies {
  /** Inline and attached ones. */
  identity: readonly PolicyDocument[];
  /** The permissions boundary, when there is one. */
  boundary?: PolicyDocument | undefined;
}

export type PolicyType = 'identity-based policy' | 'permissions boundary';

export type AccessDecision =
  | { decision: 'allowed' }
  /** `by` is what allows it not. */
  | { decision: 'implicitDeny'; by: PolicyType }
  | { decision: 'explicitDeny'; by: PolicyType };

export function decideAccess({ identity, boundary }: AccessPolicies, request: AccessRequest): AccessDecision {
  const byRole = effectOf(identity, request);
  const byBoundary = boundary ? effectOf([boundary], request) : 'Allow';
  if (byRole === 'Deny') return { decision: 'explicitDeny', by: 'identity-based policy' };
  if (byBoundary === 'Deny') return { decision: 'explicitDeny', by: 'permissions boundary' };
  if (byRole === undefined) return { decision: 'implicitDeny', by: 'identity-based policy' };
  if (byBoundary === undefined) return { decision: 'implicitDeny', by: 'permissions boundary' };
  return { decision: 'allowed' };
}

function effectOf(policies: readonly PolicyDocument[], request: AccessRequest): 'Allow' | 'Deny' | undefined {
  let effect: 'Allow' | undefined;
  for (const { version, statements } of policies) {
    for (const statement of statements) {
      if (!applies(statement, version, request)) continue;
      if (statement.effect === 'Deny') return 'Deny';
      effect = 'Allow';
    }
  }
  return effect;
}

function applies(statement: Statement, version: PolicyDocument['version'], request: AccessRequest): boolean {
  const resolve = (text: string) => withVariables(text, version, request.facts);
  return (
    matchesAction(statement.actions, request.action) &&
    matchesResource(statement.resources, request.resource, resolve) &&
    statement.conditions.every((condition) => {
      const values = condition.values.map(resolve);
      // A variable without a value fits nothing.
      const known = values.filter((value) => value !== undefined);
      return holds({ ...condition, values: known }, literalFacts(request.facts));
    })
  );
}

function matchesAction({ patterns, isInverted }: Patterns<string>, action: string): boolean {
  const lower = action.toLowerCase();
  return patterns.some((pattern) => matchesPattern(pattern.toLowerCase(), lower)) !== isInverted;
}

function matchesResource(
  resources: Patterns<string> | undefined,
  resource: string,
  resolve: (text: string) => string | undefined,
): boolean {
  if (!resources) return false;
  const isMatched = resources.patterns.some((pattern) => {
    const resolved = resolve(pattern);
    return resolved !== undefined && matchesResourceArn(resolved, literal(resource));
  });
  return isMatched !== resources.isInverted;
}

const ARN_PARTS = 6;

/** Part by part, so that a `*` reaches over no colon but in the last; missing parts are `*`, as IAM completes them. */
function matchesResourceArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patterns = arnParts(pattern);
  while (patterns.length < ARN_PARTS) patterns.push('*');
  const parts = arnParts(arn);
  return (
    parts.length === ARN_PARTS &&
    parts.every((part, index) => matchesPattern(patterns[index] as string, part))
  );
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [
    ...parts.slice(0, ARN_PARTS - 1),
    ...(parts.length < ARN_PARTS ? [] : [parts.slice(ARN_PARTS - 1).join(':')]),
  ];
}

const literalFactsOf = new WeakMap<ConditionFacts, ConditionFacts>();

/** Facts spelled as `literal` spells texts, to be held against resolved values. */
function literalFacts(facts: ConditionFacts): ConditionFacts {
  let spelled = literalFactsOf.get(facts);
  if (!spelled) {
    spelled = new Map([...facts].map(([key, values]) => [key, values.map(literal)]));
    literalFactsOf.set(facts, spelled);
  }
  return spelled;
}
