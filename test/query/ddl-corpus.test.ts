// The statements of the corpus that touch the catalog alone, carried out on a catalog.
import { describe, expect, it } from 'vitest';
import { QueryFailure } from '../../src/query/statement/query-failure.js';
import { type Queries, runScenario, scenarios } from './corpus.js';
import { openDdl } from './ddl-harness.js';

async function open(): Promise<Queries> {
  const ddl = await openDdl();
  return {
    put: (key, text) => ddl.put(key, text),
    async run(statement) {
      try {
        return await ddl.run(statement);
      } catch (error) {
        if (error instanceof QueryFailure) return { failure: error.message };
        throw error;
      }
    },
    close: () => ddl.close(),
  };
}

describe('the corpus of DDL', () => {
  it.each(scenarios('ddl-'))('$scenario', async (scenario) => {
    await runScenario(scenario, open);
  });

  it('has at least eighty statements', () => {
    expect(scenarios('ddl-').flatMap(({ steps }) => steps).length).toBeGreaterThanOrEqual(80);
  });
});
