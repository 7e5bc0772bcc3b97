// What is handed in by mistake: each is refused by name before anything is done.
import { Glue, type GlueClient } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openApplyFixture, table, tableKey, type ApplyFixture } from '../../../test/change/apply-fixture.js';
import { applyRestore, findCatalogHome, planRestore } from '../../toolkit/catalog-snapshot/index.js';
import { applyUndo, planFromBackup, planInverse, planUndo } from '../../toolkit/crawl-undo/index.js';
import {
  applyPlan,
  buildPlan,
  openJournal,
  parsePlan,
  planHash,
  planText,
  requireHome,
  requirePlan,
  resumeApply,
  rollBackApply,
  type Plan,
} from '../index.js';

let fixture: ApplyFixture;
let plan: Plan;
beforeEach(async () => {
  fixture = await openApplyFixture();
  await fixture.createTable('a');
  plan = await fixture.planOf(fixture.change(tableKey('a'), table('a', 'int')));
});
afterEach(async () => {
  await fixture.close();
});

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const EVIDENCE = {
  found: { crawlerName: 'c', DatabaseName: 'sales', crawls: [] },
  around: { before: [], after: [] },
};
const wrong = (value: unknown) => value as never;
/** A client with a region, or credentials, of its own. */
const elsewhere = (config: ConstructorParameters<typeof Glue>[0]) => {
  const { glue } = fixture;
  return new Glue({
    requestHandler: glue.config.requestHandler,
    credentials: glue.config.credentials,
    ...config,
  });
};
const undoOptions = () => ({ version: 'test', signal: new AbortController().signal, clock: fixture.clock });

it.each<[string, unknown, string]>([
  ['nothing', undefined, 'Nothing was done: undefined is no plan.'],
  ['null', null, 'null is no plan'],
  ['a text', '{}', '"{}" is no plan'],
  ['a promise', Promise.resolve(), 'a promise that was not awaited is no plan'],
  [
    'all that planUndo answers',
    { plan: {}, objectCount: 1 },
    'an object with plan, objectCount is no plan. Give the member plan',
  ],
])('%s for a plan', async (_, given, message) => {
  const { access, store, clients } = fixture;
  const refused = { kind: 'usage', message: expect.stringContaining(message) as unknown };
  await expect(applyPlan(access, wrong(given))).rejects.toMatchObject(refused);
  await expect(applyUndo(clients, store, wrong(given), undoOptions())).rejects.toMatchObject(refused);
  await expect(applyRestore(clients, store, wrong(given), { version: 'test' })).rejects.toMatchObject(
    refused,
  );
  expect(() => requirePlan(given)).toThrow(message);
});

it.each(['changes', 'subject', 'planHash'] as const)('a plan without its %s', (member) => {
  const rest = Object.fromEntries(Object.entries(plan).filter(([name]) => name !== member));
  const message = 'an object with schemaVersion, planId, createdAt, accountId, region is no plan';
  expect(() => requirePlan(rest)).toThrow(message);
  expect(() => requireHome(wrong(rest), HOME)).toThrow(message);
});

it.each<[string, (access: { glue: GlueClient }) => Promise<unknown>, string]>([
  [
    'no client',
    () => planUndo(wrong(undefined), HOME, EVIDENCE),
    'Give an AWS SDK client, as { glue: new GlueClient({}) }, not undefined.',
  ],
  ['a client itself', ({ glue }) => applyPlan(wrong(glue), plan), 'Give an AWS SDK client, as { glue'],
  [
    'no home',
    (access) => planUndo(access, wrong(undefined), EVIDENCE),
    "Say whose catalog it is, as { accountId: '123456789012'",
  ],
  [
    'half a home',
    (access) => planUndo(access, wrong({ region: 'us-east-1' }), EVIDENCE),
    'not an object with region.',
  ],
  [
    'the other half',
    (access) => planUndo(access, wrong({ accountId: '123456789012' }), EVIDENCE),
    'not an object with accountId.',
  ],
  ['no evidence', (access) => planUndo(access, HOME, wrong(undefined)), 'not by undefined.'],
  [
    'evidence that was not awaited',
    (access) => planUndo(access, HOME, wrong({ ...EVIDENCE, found: Promise.resolve() })),
    'not by found: a promise that was not awaited, around: an object with before, after.',
  ],
])('%s', async (_, act, message) => {
  await expect(act(fixture.access)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(message) as unknown,
  });
});

it('a client of another region', async () => {
  const { store, clock, access } = fixture;
  const glue = elsewhere({ region: 'eu-west-1' });
  const ofOther =
    'account 123456789012 in us-east-1, and the Glue client reaches account 123456789012 in eu-west-1.';
  const { journalId = '' } = await applyPlan(access, plan, { journal: store, clock });
  const journal = await openJournal(store, journalId);
  const backup = { location: 'backup', takenAt: new Date(), run: '', otherRuns: [], tables: [] };
  for (const [act, what] of [
    [() => applyPlan({ glue }, plan, { clock }), 'The plan is of'],
    [() => resumeApply({ glue }, store, journalId, { clock }), `Journal ${journalId} is of`],
    [() => rollBackApply({ glue }, store, journalId, { clock }), `Journal ${journalId} is of`],
    [() => planUndo({ glue }, HOME, EVIDENCE), 'What is to be undone is of'],
    [() => planInverse({ glue }, HOME, journal), 'What is to be redone is of'],
    [() => planFromBackup({ glue }, HOME, backup, {}), 'What is to be redone is of'],
    [() => planRestore({ glue }, HOME, store, { snapshotId: 'any' }), 'What is to be restored is of'],
  ] as const) {
    await expect(act()).rejects.toMatchObject({ kind: 'usage', message: `${what} ${ofOther}` });
  }
});

it.each([
  ['account', { accountId: '999999999999' }, 'account 999999999999 in us-east-1'],
  ['region', { region: 'eu-west-1' }, 'account 123456789012 in eu-west-1'],
])('a plan of another %s', async (_, other, named) => {
  const { store, clients, now } = fixture;
  const { subject, changes } = plan;
  const there = buildPlan({ ...HOME, ...other, subject, changes });
  await expect(applyUndo(clients, store, there, undoOptions())).rejects.toMatchObject({
    kind: 'usage',
    message: `The plan is of ${named}, and this is account 123456789012 in us-east-1. Look at --profile and --region.`,
  });
  expect(await now(tableKey('a'))).toMatchObject(table('a'));
});

it('the account’s own catalog by its id is no other', async () => {
  expect(await findCatalogHome(fixture.clients, { CatalogId: HOME.accountId })).toEqual(HOME);
});

it('a Glue client with credentials of another account than the STS client’s', async () => {
  const { store, clients } = fixture;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test', accountId: '999999999999' };
  const glue = elsewhere({ region: 'us-east-1', credentials });
  await expect(applyUndo({ ...clients, glue }, store, plan, undoOptions())).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(
      'credentials of account 999999999999, and the STS client of 123456789012',
    ) as unknown,
  });
});

it('a plan of another account’s catalog is applied, resumed and rolled back there, and nowhere else', async () => {
  const { clock, store, clients } = fixture;
  const CatalogId = '210987654321';
  const { accountId, region, subject, changes } = plan;
  const there = buildPlan({ accountId, region, CatalogId, subject, changes });
  expect(parsePlan(planText(there))).toMatchObject({ CatalogId });
  expect(planHash({ ...there, CatalogId: '999999999999' })).not.toBe(there.planHash);
  const asked = new Set<unknown>();
  // This side has no catalog but its own.
  clients.glue.middlewareStack.add(
    (next) => (call) => {
      const { CatalogId: of, ...input } = call.input as { CatalogId?: string };
      asked.add(of);
      return next({ ...call, input });
    },
    { step: 'initialize' },
  );
  const { journalId = '' } = await applyUndo(clients, store, there, undoOptions());
  const { glue } = clients;
  await resumeApply({ glue, CatalogId }, store, journalId, { clock });
  await rollBackApply({ glue, CatalogId }, store, journalId, { clock });
  expect([...asked]).toEqual([CatalogId]);
  await expect(resumeApply({ glue }, store, journalId, { clock })).rejects.toThrow(
    `Journal ${journalId} is of catalog ${CatalogId} by account 123456789012 in us-east-1, and the Glue client reaches account`,
  );
});
