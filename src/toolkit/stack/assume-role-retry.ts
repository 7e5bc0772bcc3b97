// IAM is eventually consistent: for some seconds Glue does not yet see a role that was just made.
import { isAwsError } from '../../aws/aws-failure.js';
import type { StackScope } from './stack-scope.js';

/** How long to go on trying. New roles are usable after about 10 seconds, seldom more than 30. */
export const ASSUME_ROLE_WAIT_MS = 60_000;

// Glue has worded this differently over the years and between operations; the error is always an InvalidInputException
// (CreateCrawler, CreateJob) or an AccessDeniedException, which other mistakes are too.
const TEXTS = [
  /unable to assume (the )?(provided )?role/i,
  /cannot be assumed/i,
  /verify role'?s trust ?policy/i,
  /given assume role permissions/i,
  /role .*(does not exist|was not found|is not authorized to perform: sts:AssumeRole)/i,
  /verify the permissions in the policies attached to the IAM role/i,
  // The role is seen, its policies not yet: CreateCrawler looks at targets as the role (seen in
  // hashicorp/terraform-provider-aws#30370 for dynamodb:DescribeTable). What the caller may not do reads otherwise.
  /:assumed-role\/\S+\/AWS-Crawler is not authorized to perform/i,
];

export function isRoleNotYetVisible(error: unknown): boolean {
  return (
    isAwsError(error, 'InvalidInputException', 'AccessDeniedException', 'ValidationException') &&
    TEXTS.some((text) => text.test(error.message))
  );
}

/** Does `act` again, with growing pauses, while Glue does not see the role; then throws what Glue said last. */
export async function retryAssumeRole<T>(
  scope: Pick<StackScope, 'clock' | 'signal'>,
  act: () => Promise<T>,
): Promise<T> {
  const deadlineMs = scope.clock.now().getTime() + ASSUME_ROLE_WAIT_MS;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 5000)) {
    try {
      return await act();
    } catch (error) {
      if (!isRoleNotYetVisible(error) || scope.clock.now().getTime() + pauseMs > deadlineMs) throw error;
    }
    await scope.clock.sleep(pauseMs, scope.signal);
  }
}
