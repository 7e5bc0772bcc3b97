// A role that Glue does not see yet is waited for, a mistake is not.
import { expect, it } from 'vitest';
import { steppingClock } from '../../base/clock.js';
import { ASSUME_ROLE_WAIT_MS, retryAssumeRole } from './assume-role-retry.js';

const scope = () => ({ clock: steppingClock(), signal: new AbortController().signal });
const awsError = (name: string, message: string) => Object.assign(new Error(message), { name });
const notVisible = awsError(
  'InvalidInputException',
  "Service is unable to assume provided role. Please verify role's TrustPolicy",
);

async function callsUntil(error: Error, failureCount: number): Promise<number> {
  let calls = 0;
  await retryAssumeRole(scope(), () => (++calls <= failureCount ? Promise.reject(error) : Promise.resolve()));
  return calls;
}

it.each([
  notVisible,
  awsError(
    'InvalidInputException',
    "Service is unable to assume role arn:aws:iam::1:role/R. Please verify role's TrustPolicy (Service: AWSGlue)",
  ),
  awsError(
    'InvalidInputException',
    'Role arn:aws:iam::1:role/R should be given assume role permissions for Glue Service.',
  ),
  awsError('InvalidInputException', 'The role arn:aws:iam::1:role/R cannot be assumed by Glue.'),
  awsError('AccessDeniedException', 'Role R is not authorized to perform: sts:AssumeRole'),
  awsError(
    'InvalidInputException',
    'User: arn:aws:sts::1:assumed-role/R/AWS-Crawler is not authorized to perform: dynamodb:DescribeTable on resource: ' +
      'arn:aws:dynamodb:us-west-2:1:table/table1 because no identity-based policy allows the dynamodb:DescribeTable action',
  ),
])('tries again after: $message', async (error) => {
  expect(await callsUntil(error, 3)).toBe(4);
});

it.each([
  awsError('InvalidInputException', 'Targets may not be empty'),
  awsError('AccessDeniedException', 'not yours'),
  awsError(
    'AccessDeniedException',
    'User: arn:aws:sts::1:assumed-role/deployer/me is not authorized to perform: glue:CreateCrawler on resource: *',
  ),
  new Error('cannot be assumed'),
])('does not try again after: $message', async (error) => {
  await expect(callsUntil(error, 1)).rejects.toBe(error);
});

it('gives up after a minute with what Glue said', async () => {
  const { clock, signal } = scope();
  const startMs = clock.now().getTime();
  await expect(retryAssumeRole({ clock, signal }, () => Promise.reject(notVisible))).rejects.toBe(notVisible);
  expect(clock.now().getTime() - startMs).toBeLessThanOrEqual(ASSUME_ROLE_WAIT_MS);
  expect(clock.now().getTime() - startMs).toBeGreaterThan(ASSUME_ROLE_WAIT_MS / 2);
});
