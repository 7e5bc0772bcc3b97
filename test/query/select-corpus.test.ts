// The statements of the corpus that read data, through Athena's service.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { runScenario, scenarios, type Queries } from './corpus.js';
import { openQueryRunner } from './query-runner.js';

let aws: Embedded;
beforeAll(async () => {
  aws = await openEmbedded();
  await aws.clients().s3.createBucket({ Bucket: 'results' });
});
afterAll(() => aws.close());

/** A database `web` and a bucket `lake`, gone again when the scenario is over. */
async function open(): Promise<Queries> {
  const { athena, glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'web' } });
  const runner = openQueryRunner(athena, { Database: 'web', OutputLocation: 's3://results/' });
  return {
    async put(Key, Body) {
      await s3.putObject({ Bucket: 'lake', Key, Body });
    },
    run: (statement) => runner.answer(statement),
    async close() {
      await glue.deleteDatabase({ Name: 'web' });
      for (const { Key } of (await s3.listObjectsV2({ Bucket: 'lake' })).Contents ?? []) {
        await s3.deleteObject({ Bucket: 'lake', Key });
      }
      await s3.deleteBucket({ Bucket: 'lake' });
    },
  };
}

describe('the corpus of SELECT', () => {
  it.each(scenarios('select-'))('$scenario', async (scenario) => {
    await runScenario(scenario, open);
  });

  it('has at least seventy statements', () => {
    expect(scenarios('select-').flatMap(({ steps }) => steps).length).toBeGreaterThanOrEqual(70);
  });
});
