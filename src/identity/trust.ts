// Trust policies: does this one let that service or principal assume the role?
import { conditionFacts, holds, matchesPattern, type ConditionFacts } from './condition.js';
import type { PolicyDocument, Principal, Statement } from './policy-document.js';

export type Assumer =
  /** A service, e.g. `glue.amazonaws.com`, on behalf of `sourceArn`. */
  | { service: string; accountId: string; sourceArn?: string }
  /** A caller: root of an account, a user, or a session of the role `roleArn`. */
  | { arn: string; roleArn?: string; accountId: string; externalId?: string; sessionName?: string };

/** True when a statement allows sts:AssumeRole to `assumer` and none denies it. */
export function trusts(policy: PolicyDocument, assumer: Assumer): boolean {
  const facts = factsOf(assumer);
  const applying = policy.statements.filter(
    (statement) =>
      matchesAssumeRole(statement) &&
      matchesPrincipal(statement, assumer) &&
      statement.conditions.every((condition) => holds(condition, facts)),
  );
  return (
    applying.some((statement) => statement.effect === 'Allow') &&
    !applying.some((statement) => statement.effect === 'Deny')
  );
}

function factsOf(assumer: Assumer): ConditionFacts {
  return 'service' in assumer
    ? conditionFacts({
        'aws:SourceAccount': assumer.accountId,
        'aws:SourceArn': assumer.sourceArn,
        'aws:PrincipalServiceName': assumer.service,
        'aws:PrincipalIsAWSService': 'true',
      })
    : conditionFacts({
        'aws:PrincipalArn': assumer.roleArn ?? assumer.arn,
        'aws:PrincipalAccount': assumer.accountId,
        'aws:PrincipalIsAWSService': 'false',
        'sts:ExternalId': assumer.externalId,
        'sts:RoleSessionName': assumer.sessionName,
      });
}

function matchesAssumeRole({ actions }: Statement): boolean {
  const isMatched = actions.patterns.some((pattern) =>
    matchesPattern(pattern.toLowerCase(), 'sts:assumerole'),
  );
  return isMatched !== actions.isInverted;
}

function matchesPrincipal({ principals }: Statement, assumer: Assumer): boolean {
  if (!principals) return false;
  return principals.patterns.some((principal) => isSame(principal, assumer)) !== principals.isInverted;
}

function isSame(principal: Principal, assumer: Assumer): boolean {
  if ('service' in assumer) {
    return principal.type === 'Service' && (principal.id === '*' || principal.id === assumer.service);
  }
  if (principal.type !== 'AWS') return false;
  const { id } = principal;
  const isAccount = id === assumer.accountId || id === `arn:aws:iam::${assumer.accountId}:root`;
  return id === '*' || isAccount || id === assumer.arn || id === assumer.roleArn;
}
