// Policy documents: JSON text checked as IAM checks it, and parsed to a form that can be evaluated.
import {
  isOneOf,
  isRecord,
  malformed,
  refuseUnknownMembers,
  show,
  stringList,
  syntaxError,
} from './policy-syntax.js';

export interface PolicyDocument {
  version: '2012-10-17' | '2008-10-17';
  statements: Statement[];
}

export interface Statement {
  sid?: string;
  effect: 'Allow' | 'Deny';
  /** Absent in a permissions policy. */
  principals?: Patterns<Principal>;
  actions: Patterns<string>;
  /** Absent in a trust policy. */
  resources?: Patterns<string>;
  conditions: Condition[];
}

/** What a statement matches; `isInverted` for NotAction, NotResource and NotPrincipal. */
export interface Patterns<T> {
  isInverted: boolean;
  patterns: T[];
}

export interface Principal {
  type: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';
  /** An ARN, account id, service name, ..., or `*`. */
  id: string;
}

export interface Condition {
  quantifier?: 'ForAllValues' | 'ForAnyValue';
  /** Without quantifier and `IfExists`, e.g. `StringLike`. */
  operator: ConditionOperator;
  ifExists: boolean;
  key: string;
  values: string[];
}

/** AWS docs: IAM JSON policy elements, condition operators. */
const CONDITION_OPERATORS = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan'],
  ...[
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
    'DateEquals',
    'DateNotEquals',
  ],
  ...[
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
    'Bool',
    'BinaryEquals',
  ],
  ...['IpAddress', 'NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'Null'],
] as const;
export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

/** `trust`: who may assume a role. `permissions`: what a role may do, inline, managed or for a session. */
export type PolicyKind = 'trust' | 'permissions';

/**
 * Parses a policy document.
 * @throws AwsError MalformedPolicyDocumentException, with IAM's sentence where IAM has one for the mistake (as seen in
 *   answers of IAM), followed by the place and the value that is wrong
 */
export function parsePolicyDocument(text: string, kind: PolicyKind): PolicyDocument {
  const root = parseJson(text);
  if (!isRecord(root)) throw syntaxError('The document', root, 'a JSON object');
  refuseUnknownMembers('The document', root, ['Version', 'Id', 'Statement']);
  const version = root['Version'] ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('Policy document must be version 2012-10-17 or greater.', `Version is ${show(version)}.`);
  }
  if (root['Id'] !== undefined && typeof root['Id'] !== 'string')
    throw syntaxError('Id', root['Id'], 'a string');
  const members = Array.isArray(root['Statement']) ? (root['Statement'] as unknown[]) : [root['Statement']];
  if (root['Statement'] === undefined)
    throw syntaxError('Statement', undefined, 'a statement or a list of them');
  const statements = members.map((member, index) => parseStatement(member, `Statement[${index}]`, kind));
  const sids = statements.flatMap((statement) => statement.sid ?? []);
  const repeated = sids.find((sid, index) => sids.indexOf(sid) < index);
  if (repeated !== undefined) {
    throw malformed(
      'Statement IDs (SID) in a single policy must be unique.',
      `${show(repeated)} is used twice.`,
    );
  }
  return { version, statements };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed('This policy contains invalid Json', (error as SyntaxError).message, error);
  }
}

function parseStatement(member: unknown, place: string, kind: PolicyKind): Statement {
  if (!isRecord(member)) throw syntaxError(place, member, 'a JSON object');
  refuseUnknownMembers(place, member, [
    ...[
      'Sid',
      'Effect',
      'Principal',
      'NotPrincipal',
      'Action',
      'NotAction',
      'Resource',
      'NotResource',
      'Condition',
    ],
  ]);
  const { Sid: sid, Effect: effect } = member;
  if (
    sid !== undefined &&
    (typeof sid !== 'string' || (kind === 'permissions' && !/^[A-Za-z0-9]*$/.test(sid)))
  ) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [A-Za-z0-9]*',
      `${place}.Sid is ${show(sid)}.`,
    );
  }
  if (effect !== 'Allow' && effect !== 'Deny')
    throw syntaxError(`${place}.Effect`, effect, '"Allow" or "Deny"');
  const actions = patternsOf(member, place, 'Action');
  if (!actions || actions.patterns.length === 0)
    throw malformed('Policy statement must contain actions.', `See ${place}.`);
  for (const action of actions.patterns) checkAction(action, place, kind);
  const parts = kind === 'trust' ? trustParts(member, place) : permissionParts(member, place);
  const conditions = parseConditions(member['Condition'], `${place}.Condition`);
  return { ...(sid ? { sid } : {}), effect, actions, ...parts, conditions };
}

function checkAction(action: string, place: string, kind: PolicyKind): void {
  const parts = action.split(':');
  if (action !== '*' && parts.length === 1) {
    throw malformed(
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      `${place} has the action ${show(action)}.`,
    );
  }
  if (parts.length > 2) {
    throw malformed(
      'Actions/Condition can contain only one colon.',
      `${place} has the action ${show(action)}.`,
    );
  }
  if (action !== '*' && !/^[\w-]+:[\w*?]+$/.test(action)) {
    throw malformed('The policy failed legacy parsing', `${place} has the action ${show(action)}.`);
  }
  if (kind === 'trust' && !/^sts:/i.test(action)) {
    throw malformed(
      'AssumeRole policy may only specify STS AssumeRole actions.',
      `${place} has ${show(action)}.`,
    );
  }
}

function trustParts(member: Record<string, unknown>, place: string): { principals: Patterns<Principal> } {
  for (const name of ['Resource', 'NotResource']) {
    if (member[name] !== undefined) throw malformed(`Has prohibited field ${name}`, `See ${place}.`);
  }
  const name = member['NotPrincipal'] === undefined ? 'Principal' : 'NotPrincipal';
  if (member[name] === undefined) throw malformed('Missing required field Principal', `See ${place}.`);
  if (name === 'NotPrincipal' && member['Principal'] !== undefined) {
    throw syntaxError(place, 'Principal and NotPrincipal', 'one of them');
  }
  return {
    principals: {
      isInverted: name === 'NotPrincipal',
      patterns: parsePrincipals(member[name], `${place}.${name}`),
    },
  };
}

function permissionParts(member: Record<string, unknown>, place: string): { resources: Patterns<string> } {
  if (member['Principal'] !== undefined || member['NotPrincipal'] !== undefined) {
    throw malformed('Policy document should not specify a principal.', `See ${place}.`);
  }
  const resources = patternsOf(member, place, 'Resource');
  if (!resources || resources.patterns.length === 0) {
    throw malformed('Policy statement must contain resources.', `See ${place}.`);
  }
  for (const resource of resources.patterns) {
    if (!/^(\*|arn:.+:.*|\$\{.+\}.*)$/s.test(resource)) {
      throw malformed(`Resource ${resource} must be in ARN format or "*".`, `See ${place}.`);
    }
  }
  return { resources };
}

const PRINCIPAL_TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;
const AWS_PRINCIPAL =
  /^(\*|\d{12}|arn:aws[\w-]*:iam::\d{12}:(root|user\/.+|role\/.+)|arn:aws[\w-]*:sts::\d{12}:(assumed-role\/.+\/.+|federated-user\/.+)|A[A-Z]{3}[A-Z0-9]{10,})$/;
const SERVICE_PRINCIPAL =
  /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal|aws\.com)$/;

function parsePrincipals(member: unknown, place: string): Principal[] {
  if (member === '*') return [{ type: 'AWS', id: '*' }];
  if (!isRecord(member)) throw malformed(`Invalid principal in policy: ${show(member)}`, `See ${place}.`);
  return Object.entries(member).flatMap(([type, ids]) => {
    if (!isOneOf(type, PRINCIPAL_TYPES))
      throw syntaxError(`${place}.${type}`, type, PRINCIPAL_TYPES.join(', '));
    return stringList(ids, `${place}.${type}`).map((id) => {
      const isValid =
        type === 'AWS'
          ? AWS_PRINCIPAL.test(id)
          : type === 'Service'
            ? id === '*' || SERVICE_PRINCIPAL.test(id)
            : id !== '';
      if (!isValid)
        throw malformed(`Invalid principal in policy: "${type.toUpperCase()}":"${id}"`, `See ${place}.`);
      return { type, id };
    });
  });
}

function parseConditions(member: unknown, place: string): Condition[] {
  if (member === undefined) return [];
  if (!isRecord(member)) throw syntaxError(place, member, 'a JSON object');
  return Object.entries(member).flatMap(([word, keys]) => {
    const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(word);
    const operator = CONDITION_OPERATORS.find((known) => known === match?.[2]);
    if (!match || !operator || (operator === 'Null' && match[3])) {
      throw syntaxError(
        place,
        word,
        `one of ${CONDITION_OPERATORS.join(', ')}, alone or with a set operator or IfExists`,
      );
    }
    if (!isRecord(keys)) throw syntaxError(`${place}.${word}`, keys, 'a JSON object of keys and values');
    const quantifier = match[1] as Condition['quantifier'];
    return Object.entries(keys).map(([key, values]) => ({
      ...(quantifier ? { quantifier } : {}),
      operator,
      ifExists: match[3] !== undefined,
      key,
      values: stringList(values, `${place}.${word}.${key}`),
    }));
  });
}

function patternsOf(
  member: Record<string, unknown>,
  place: string,
  name: string,
): Patterns<string> | undefined {
  const plain = member[name];
  const inverted = member[`Not${name}`];
  if (plain !== undefined && inverted !== undefined)
    throw syntaxError(place, `${name} and Not${name}`, 'one of them');
  if (plain !== undefined) return { isInverted: false, patterns: stringList(plain, `${place}.${name}`) };
  if (inverted !== undefined)
    return { isInverted: true, patterns: stringList(inverted, `${place}.Not${name}`) };
  return undefined;
}
