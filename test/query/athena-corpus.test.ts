// The statements of the corpus that touch the catalog alone, through Athena's service.
import { describe, it } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';
import { type Queries, runScenario, scenarios } from './corpus.js';
import { openQueryRunner } from './query-runner.js';

async function open(): Promise<Queries> {
  const aws = await openEmbedded();
  const { athena, glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await s3.createBucket({ Bucket: 'answers' });
  await glue.createDatabase({ DatabaseInput: { Name: 'web' } });
  const runner = openQueryRunner(athena, { Database: 'web', OutputLocation: 's3://answers/' });
  return {
    async put(Key, Body) {
      await s3.putObject({ Bucket: 'lake', Key, Body });
    },
    run: (statement) => runner.answer(statement),
    close: () => aws.close(),
  };
}

describe('the corpus of DDL, through Athena', () => {
  it.each(scenarios('ddl-'))('$scenario', async (scenario) => {
    await runScenario(scenario, open);
  });
});
