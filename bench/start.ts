// From `gluepot up` to its first answer.
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { openGlueHttp } from './glue-http.js';
import { compare, interleave } from './measure.js';
import { startGluepot } from './server-process.js';

export const start: Bench = {
  name: 'start',
  summary: 'gluepot up, from starting the process to its first answer',
  async run(context) {
    let folderCount = 0;
    const firstAnswer = async () => {
      const begin = performance.now();
      const dataDir = join(context.folder, String(folderCount++));
      const server = await startGluepot(context, { dataDir });
      const client = openGlueHttp(server.endpoint, 1);
      await client.call('GetDatabases', {});
      const durationMs = performance.now() - begin;
      client.close();
      await server.stop();
      return durationMs;
    };
    const { gluepot } = await interleave(
      { gluepot: firstAnswer },
      { rounds: context.isQuick ? 1 : 5, warmUpRounds: 1 },
    );
    return [
      compare({
        name: 'start in a new folder to first answer',
        unit: 'ms',
        measured: gluepot,
        limit: { name: 'allowed', samples: 500 },
        target: { atMost: 1 },
      }),
    ];
  },
};
