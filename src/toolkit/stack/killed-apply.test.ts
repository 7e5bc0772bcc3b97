// An apply whose process dies between any two calls that write: the next one knows what is its own, and completes it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3ServiceException, type CreateBucketCommandInput } from '@aws-sdk/client-s3';
import type { HandlerExecutionContext, InitializeHandler } from '@smithy/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { applyStack } from './apply.js';
import { planDestroy, destroyStack } from './destroy.js';
import { countPlan, planStack } from './plan.js';
import { parseStackSpec } from './spec-reading.js';
import { openStackScope } from './stack-scope.js';

const spec = parseStackSpec(
  `name: small
role:
  name: SmallRole
  managedPolicies: ['arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole']
  inlinePolicies: { own: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 's3:*', Resource: '*' }] } }
bucket: { name: small-bucket, folders: [in/] }
`,
  'stack.yaml',
);
const WRITES = /^(?:Attach|Create|Delete|Put|Update)/;

let folder: string;
let aws: Embedded;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-killed-'));
  aws = await openEmbedded({ dataDir: join(folder, 'pot') });
});
afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** Clients of a process that dies after `callCount` calls that write, and which those were. */
function mortalClients(callCount: number) {
  const clients = aws.clients();
  const calls: string[] = [];
  const mortal =
    <Input extends object, Output extends object>(
      next: InitializeHandler<Input, Output>,
      { commandName = '' }: HandlerExecutionContext,
    ): InitializeHandler<Input, Output> =>
    async (input) => {
      if (calls.length >= callCount) throw new Error('The process is dead.');
      const answer = await next(input);
      if (WRITES.test(commandName)) calls.push(commandName);
      return answer;
    };
  clients.iam.middlewareStack.add(mortal);
  clients.s3.middlewareStack.add(mortal);
  return { clients, calls };
}

it('is completed by the next apply, after whichever call it died', async () => {
  const scope = await openStackScope(aws.clients(), spec);
  const plan = () => planStack(scope, spec, folder);
  for (let callCount = 1; ; callCount++) {
    const { clients, calls } = mortalClients(callCount);
    const mortal = await openStackScope(clients, spec);
    const isCut = await applyStack(mortal, await planStack(mortal, spec, folder)).then(
      () => false,
      () => true,
    );
    expect(countPlan(await plan()).conflict, `after ${calls.join(', ')}`).toBe(0);
    await applyStack(scope, await plan());
    expect(countPlan(await plan())).toEqual({ create: 0, update: 0, delete: 0, conflict: 0, run: 0 });
    if (!isCut) break;
    await destroyStack(scope, await planDestroy(scope, spec));
  }
});

it('says which change failed when it is the first', async () => {
  const { clients } = mortalClients(1);
  const mortal = await openStackScope(clients, spec);
  await expect(applyStack(mortal, await planStack(mortal, spec, folder))).rejects.toMatchObject({
    kind: 'failed',
    message: 'create role SmallRole failed: The process is dead.',
  });
});

it('marks its bucket by a call of its own where nobody may tag it as it is made', async () => {
  const clients = aws.clients();
  clients.s3.middlewareStack.add((next, { commandName }) => (call) => {
    const { CreateBucketConfiguration } = call.input as CreateBucketCommandInput;
    if (commandName !== 'CreateBucketCommand' || !CreateBucketConfiguration?.Tags) return next(call);
    const message = 'not authorized to perform: s3:TagResource';
    throw new S3ServiceException({ name: 'AccessDenied', message, $fault: 'client', $metadata: {} });
  });
  const scope = await openStackScope(clients, spec);
  await applyStack(scope, await planStack(scope, spec, folder));
  expect(countPlan(await planStack(scope, spec, folder))).toEqual({
    create: 0,
    update: 0,
    delete: 0,
    conflict: 0,
    run: 0,
  });
});
