// Glue's operations on resource policies.
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { Operations } from '../../wire/service.js';

export function resourcePolicyOperations({ catalog: { resourcePolicies } }: { catalog: OpenCatalog }) {
  return {
    PutResourcePolicy(input) {
      const PolicyHash = resourcePolicies.put(input.PolicyInJson, {
        resourceArn: input.ResourceArn,
        hash: input.PolicyHashCondition,
        exists: input.PolicyExistsCondition,
      });
      return { PolicyHash };
    },
    GetResourcePolicy: ({ ResourceArn }) => resourcePolicies.get(ResourceArn),
    GetResourcePolicies() {
      const policy = resourcePolicies.find();
      return { GetResourcePoliciesResponseList: policy ? [policy] : [] };
    },
    DeleteResourcePolicy({ ResourceArn, PolicyHashCondition }) {
      resourcePolicies.delete({ resourceArn: ResourceArn, hash: PolicyHashCondition });
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}
