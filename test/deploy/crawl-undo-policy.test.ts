// The permissions of the undo function's template: enough for undo and redo, and without any one of them it says which, with a way on.
import { readFileSync } from 'node:fs';
import type { GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DATABASE_LEASE_MS } from '../../src/change/apply/database-leases.js';
import { decideAccess } from '../../src/identity/access.js';
import { parsePolicyDocument } from '../../src/identity/policy-document.js';
import { readUndoSettings } from '../../src/lambda/crawl-undo-settings.js';
import { handleCrawlUndo, type CrawlUndoResult } from '../../src/lambda/crawl-undo.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { neededRight } from '../crawl-undo/needed-right.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from '../crawl-undo/undo-fixture.js';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
}

const VALUES: Record<string, string> = {
  ...{ 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '123456789012' },
  ...{ BucketName: 'kept', Prefix: 'snapshots', Database: DATABASE },
};

/** As CloudFormation makes them of the template, with one database named. */
const STATEMENTS = (
  parse(readFileSync('deploy/crawl-undo/template.yaml', 'utf8'), { logLevel: 'silent' }) as {
    Resources: { CrawlUndoFunction: { Properties: { Policies: [{ Statement: Statement[] }] } } };
  }
).Resources.CrawlUndoFunction.Properties.Policies[0].Statement.map(({ Effect, Action, Resource }) => ({
  Effect,
  Action: [Action].flat(),
  Resource: [Resource]
    .flat()
    .map((text) => text.replace(/\$\{([^}]+)\}/g, (_, name: string) => VALUES[name] ?? '')),
}));

let lake: UndoFixture;
let before: Record<string, string>;
let after: Record<string, string>;
const days = (table: string, ...names: string[]) =>
  Object.fromEntries(names.map((day) => [`${table}/day=${day}/p.csv`, csv('id,amount', '1,10.5', '2,11.5')]));

beforeAll(async () => {
  lake = await openUndoFixture();
  await lake.clients.s3.createBucket({ Bucket: 'kept' });
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  await lake.create({
    Targets: { S3Targets: ['orders', 'people'].map((name) => ({ Path: `s3://bucket/${name}/` })) },
  });
  lake.put(days('orders', '1'));
  await lake.crawlLater();
  before = await lake.content();
  lake.put({ ...days('orders', '2'), ...days('people', '1', '2') });
  await lake.crawlLater();
  after = await lake.content();
});
afterAll(() => lake.close());

/** A function that may do what the template says, but for one action. */
function functionWithout(without?: string) {
  const Statement = STATEMENTS.map((one) => ({
    ...one,
    Action: one.Action.filter((action) => action !== without),
  })).filter(({ Action }) => Action.length > 0);
  const identity = [parsePolicyDocument(JSON.stringify({ Version: '2012-10-17', Statement }), 'permissions')];
  const used = new Set<string>();
  const { glue, s3, sts } = lake.aws.clients();
  for (const client of [glue, s3, sts] as unknown as GlueClient[]) {
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (call) => {
          const need = neededRight(commandName.replace(/Command$/, ''), call.input as never);
          if (need) used.add(need.action);
          for (const resource of need?.resources ?? []) {
            const { action } = need as { action: string };
            const { decision } = decideAccess({ identity }, { action, resource, facts: {} as never });
            if (decision === 'allowed') continue;
            const message = `not authorized to perform: ${action} on ${resource}`;
            throw Object.assign(new Error(message), {
              ...{ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400, attempts: 1 } },
            });
          }
          return next(call);
        },
      { step: 'initialize', name: 'policy' },
    );
  }
  const settings = readUndoSettings({
    ...{ GLUEPOT_SNAPSHOT_STORE: 's3://kept/snapshots', GLUEPOT_SNAPSHOT_STATISTICS: 'all' },
  });
  const context = { getRemainingTimeInMillis: () => 900_000 };
  const invoke = (event: object) =>
    handleCrawlUndo({ glue, s3, sts }, settings, event, context, () => {}, lake.clock);
  return { used, invoke };
}

type Invoke = (event: object) => Promise<CrawlUndoResult>;

/** Throws when it is not all done. */
async function planAndApply(invoke: Invoke, plan: object): Promise<void> {
  const planned = await invoke(plan);
  if (planned.decision !== 'planned') throw new Error(JSON.stringify(planned));
  const applied = await invoke({ action: 'apply', planId: planned.planId });
  if (applied.decision !== 'applied') throw new PartlyApplied(JSON.stringify(applied), planned.planId);
}

class PartlyApplied extends Error {
  constructor(
    message: string,
    readonly planId: string,
  ) {
    super(message);
  }
}

const UNDO = { action: 'plan-undo', crawlerName: CRAWLER };
const REDO = { action: 'plan-redo' };

it('are enough for an undo and its redo; without any one that these use, nothing is half done for good', async () => {
  const whole = functionWithout();
  await planAndApply(whole.invoke, UNDO);
  expect(await lake.content()).toEqual(before);
  await planAndApply(whole.invoke, REDO);
  expect(await lake.content()).toEqual(after);
  // For what this crawl has not: changed partitions, indexes and statistics that go or come, databases to name in an error.
  const unused = STATEMENTS.flatMap(({ Action }) => Action).filter((action) => !whole.used.has(action));
  expect(unused.sort()).toEqual([
    'glue:BatchUpdatePartition',
    'glue:DeleteColumnStatisticsForPartition',
    'glue:DeleteColumnStatisticsForTable',
    'glue:DeletePartitionIndex',
    'glue:GetDatabases',
    'glue:UpdateColumnStatisticsForPartition',
    'glue:UpdateColumnStatisticsForTable',
  ]);
  for (const action of whole.used) {
    const { invoke } = functionWithout(action);
    lake.later();
    let failure: unknown;
    for (const [plan, start, end] of [
      [UNDO, after, before],
      [REDO, before, after],
    ] as const) {
      try {
        await planAndApply(invoke, plan);
      } catch (error) {
        failure = error;
        // Without the right to delete documents, the lease stays.
        lake.later(DATABASE_LEASE_MS);
        expect(String(error), action).toContain(`not authorized to perform: ${action} on`);
        if (error instanceof PartlyApplied) {
          await whole.invoke({ action: 'apply', planId: error.planId });
        } else {
          expect(error, action).toMatchObject({ kind: 'not-permitted' });
          expect(await lake.content(), action).toEqual(start);
          if (plan === UNDO) break;
          await planAndApply(whole.invoke, plan);
        }
      }
      expect(await lake.content(), action).toEqual(end);
      lake.later();
    }
    expect(failure, action).toBeDefined();
  }
});
