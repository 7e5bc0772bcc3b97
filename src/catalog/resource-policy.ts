// Resource policies: one of the catalog, kept and answered. Nothing here evaluates them.
import { createHash } from 'node:crypto';
import type { ExistCondition, GluePolicy } from '@aws-sdk/client-glue';
import { messageOf } from '../base/errors.js';
import { openDocuments } from '../state/documents.js';
import { AwsError } from '../wire/aws-error.js';
import type { CatalogContext } from './catalog-context.js';
import { glueArn } from './names.js';

export interface ResourcePolicies {
  /** Answers the policy's hash. @throws AwsError InvalidInputException, ConditionCheckFailureException, EntityNotFoundException */
  put(policyInJson: string, condition: PolicyCondition): string;
  /** @throws AwsError EntityNotFoundException */
  get(resourceArn?: string): GluePolicy;
  find(): GluePolicy | undefined;
  delete(condition: PolicyCondition): void;
}

export interface PolicyCondition {
  resourceArn?: string | undefined;
  /** The hash that the present policy must have. */
  hash?: string | undefined;
  exists?: ExistCondition | undefined;
}

export function openResourcePolicies({ state, clock, accountId, region }: CatalogContext): ResourcePolicies {
  const policies = openDocuments<GluePolicy>(state, 'resource-policy');
  const catalogArn = glueArn(region, accountId, 'catalog').replace(/\/$/, '');

  const requireCatalog = (resourceArn: string | undefined) => {
    if (resourceArn === undefined || resourceArn === catalogArn) return;
    throw new AwsError(
      'InvalidInputException',
      `Only the catalog has a resource policy here, ${catalogArn}; ${resourceArn} has none. Leave ResourceArn out.`,
    );
  };
  const notFound = () => new AwsError('EntityNotFoundException', 'Policy not found');
  const checkHash = (present: GluePolicy | undefined, hash: string | undefined) => {
    if (hash !== undefined && hash !== present?.PolicyHash) {
      throw new AwsError(
        'ConditionCheckFailureException',
        'The policy hash condition does not match the present policy.',
      );
    }
  };

  return {
    put(policyInJson, { resourceArn, hash, exists }) {
      requireCatalog(resourceArn);
      requireJsonObject(policyInJson);
      return state.transaction(() => {
        const present = policies.get(catalogArn);
        if (exists === 'MUST_EXIST' && !present) throw notFound();
        if (exists === 'NOT_EXIST' && present) {
          throw new AwsError('ConditionCheckFailureException', 'The catalog has a policy already.');
        }
        checkHash(present, hash);
        const PolicyHash = createHash('md5').update(policyInJson).digest('base64');
        const now = clock.now();
        policies.put(catalogArn, {
          PolicyInJson: policyInJson,
          PolicyHash,
          CreateTime: present?.CreateTime ?? now,
          UpdateTime: now,
        });
        return PolicyHash;
      });
    },
    get(resourceArn) {
      requireCatalog(resourceArn);
      const policy = policies.get(catalogArn);
      if (!policy) throw notFound();
      return policy;
    },
    find: () => policies.get(catalogArn),
    delete({ resourceArn, hash }) {
      requireCatalog(resourceArn);
      state.transaction(() => {
        const present = policies.get(catalogArn);
        if (!present) throw notFound();
        checkHash(present, hash);
        policies.delete(catalogArn);
      });
    },
  };
}

function requireJsonObject(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidInputException', `PolicyInJson is not JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy)) {
    throw new AwsError('InvalidInputException', 'PolicyInJson is not a policy: it has no Statement.');
  }
}
